import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { measureFetch } from './fetch.ts';
import { defaultServerMetrics, type HttpServerMetrics } from './http-server-metrics.ts';

/** The part of a Hono context that is used, version 4. */
interface HonoContext {
  readonly req: { readonly raw: Request; readonly routePath?: string };
  readonly res: Response;
  readonly env?: unknown;
}

/** Patterns for all paths, which belong to middleware: no route matched. */
const MIDDLEWARE_PATTERNS: readonly unknown[] = ['*', '/*'];

/** Options of `honoMetrics()`. */
export interface HonoOptions<Context extends HonoContext> {
  /**
   * Returns the template of the route, such as `/users/:id`; never return a raw URL. Called once there is a response.
   *
   * @defaultValue the route that Hono has matched
   */
  readonly route?: (context: Context) => string | undefined;
}

const HONO_OPTIONS: OptionNames<HonoOptions<HonoContext>> = {
  route: true,
};

/**
 * Creates a middleware for Hono that measures requests. Register it before other middleware. On Node.js a request is
 * measured until its response has been sent, elsewhere until there is a response.
 *
 * @throws {Error} if `metrics` is not given and the default registry has other metrics of these names.
 *
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { Registry } from 'zeroprom';
 * import { HttpServerMetrics, honoMetrics } from 'zeroprom/instrument';
 *
 * const app = new Hono();
 * app.use(honoMetrics(new HttpServerMetrics({ registry: new Registry() })));
 * app.get('/users/:id', (context) => context.text('Hello'));
 * console.log((await app.request('/users/42')).status);
 * ```
 */
export function honoMetrics<Context extends HonoContext>(
  metrics: HttpServerMetrics = defaultServerMetrics(),
  options: HonoOptions<Context> = {},
): (context: Context, next: () => Promise<void>) => Promise<void> {
  checkOptionNames('honoMetrics()', options, HONO_OPTIONS);
  const { route = matchedRoute } = options;
  return async (context, next) => {
    const { env } = context;
    // @hono/node-server passes its bindings as the environment.
    if (typeof env === 'object' && env !== null && 'incoming' in env && 'outgoing' in env) {
      const bindings = env as NodeBindings; // For HTTP/2 they have the same names; track() supports both.
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

function matchedRoute({ req: { routePath } }: HonoContext): string | undefined {
  return MIDDLEWARE_PATTERNS.includes(routePath) ? undefined : routePath;
}

interface NodeBindings {
  readonly incoming: HttpRequest;
  readonly outgoing: HttpResponse;
}
