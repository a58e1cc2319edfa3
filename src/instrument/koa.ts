import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { defaultServerMetrics, type HttpServerMetrics } from './http-server-metrics.ts';

/** The part of a Koa context that is used. */
interface KoaContext {
  readonly req: HttpRequest;
  readonly res: HttpResponse;
  /** Set by @koa/router. */
  readonly _matchedRoute?: unknown;
}

/** Options of `koaMetrics()`. */
export interface KoaOptions<Context extends KoaContext> {
  /**
   * Returns the template of the route, such as `/users/:id`; never return a raw URL. Called once the response has
   * closed.
   *
   * @defaultValue the route that @koa/router has matched
   */
  readonly route?: (context: Context) => string | undefined;
}

const KOA_OPTIONS: OptionNames<KoaOptions<KoaContext>> = {
  route: true,
};

/**
 * Creates a middleware for Koa that measures requests. Register it before other middleware.
 *
 * @throws {Error} if `metrics` is not given and the default registry has other metrics of these names.
 *
 * @example
 * ```ts
 * import Router from '@koa/router';
 * import Koa from 'koa';
 * import { Registry } from 'zeroprom';
 * import { HttpServerMetrics, koaMetrics } from 'zeroprom/instrument';
 *
 * const app = new Koa();
 * app.use(koaMetrics(new HttpServerMetrics({ registry: new Registry() })));
 * const router = new Router();
 * router.get('/users/:id', (context) => {
 *   context.body = 'Hello';
 * });
 * app.use(router.routes());
 * ```
 */
export function koaMetrics<Context extends KoaContext>(
  metrics: HttpServerMetrics = defaultServerMetrics(),
  options: KoaOptions<Context> = {},
): (context: Context, next: () => Promise<unknown>) => Promise<unknown> {
  checkOptionNames('koaMetrics()', options, KOA_OPTIONS);
  const { route = matchedRoute } = options;
  return (context, next) => {
    metrics.track(context.req, context.res, () => route(context));
    return next();
  };
}

/** The path of a route is a string or a regular expression. */
function matchedRoute({ _matchedRoute: path }: KoaContext): string | undefined {
  return path === undefined || path === null ? undefined : String(path);
}
