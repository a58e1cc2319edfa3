import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { HttpServerMetrics } from './http-server-metrics.ts';

/** What is used of a context of Koa. */
interface KoaContext {
  readonly req: HttpRequest;
  readonly res: HttpResponse;
  /** Set by @koa/router. */
  readonly _matchedRoute?: unknown;
}

export interface KoaOptions<Context extends KoaContext> {
  /** Names the route once the response is over. What @koa/router has matched by default. */
  readonly route?: (context: Context) => string | undefined;
}

/** A middleware for Koa that measures requests. Use it before all others. */
export function koaMetrics<Context extends KoaContext>(
  metrics: HttpServerMetrics = new HttpServerMetrics(),
  { route = matchedRoute }: KoaOptions<Context> = {},
): (context: Context, next: () => Promise<unknown>) => Promise<unknown> {
  return (context, next) => {
    metrics.track(context.req, context.res, () => route(context));
    return next();
  };
}

/** The path of a route is a text or a regular expression. */
function matchedRoute({ _matchedRoute: path }: KoaContext): string | undefined {
  return path === undefined || path === null ? undefined : String(path);
}
