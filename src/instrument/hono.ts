import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { measureFetch } from './fetch.ts';
import { HttpServerMetrics } from './http-server-metrics.ts';

/** What is used of a context of Hono, version 4. */
interface HonoContext {
  readonly req: { readonly raw: Request; readonly routePath?: string };
  readonly res: Response;
  readonly env?: unknown;
}

export interface HonoOptions<Context extends HonoContext> {
  /** Names the route once it has answered. What Hono has matched by default. */
  readonly route?: (context: Context) => string | undefined;
}

/**
 * A middleware for Hono that measures requests. Use it before all others. On Node.js a request is measured until its
 * response has been sent; elsewhere until there is a response.
 */
export function honoMetrics<Context extends HonoContext>(
  metrics: HttpServerMetrics = new HttpServerMetrics(),
  { route = matchedRoute }: HonoOptions<Context> = {},
): (context: Context, next: () => Promise<void>) => Promise<void> {
  return async (context, next) => {
    const bindings = nodeBindings(context.env);
    if (bindings !== undefined) {
      metrics.track(bindings.incoming, bindings.outgoing, () => route(context));
      return next();
    }
    const respond = async () => {
      await next();
      return context.res;
    };
    await measureFetch(metrics, context.req.raw, respond, () => route(context));
  };
}

interface NodeBindings {
  readonly incoming: HttpRequest;
  readonly outgoing: HttpResponse;
}

/** What @hono/node-server gives as the environment. */
function nodeBindings(env: unknown): NodeBindings | undefined {
  const isGiven = typeof env === 'object' && env !== null && 'incoming' in env && 'outgoing' in env;
  // HTTP/2 is given in the same way; track() knows both.
  return isGiven ? (env as NodeBindings) : undefined;
}

/** The pattern of the handler that ran last. That of everything is a middleware's, so no route matched. */
function matchedRoute({ req: { routePath } }: HonoContext): string | undefined {
  return routePath === '*' || routePath === '/*' ? undefined : routePath;
}
