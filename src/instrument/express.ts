import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { type MatchedRoute, mountTemplate } from './express-mounts.ts';
import { defaultServerMetrics, exchangeOn, type HttpServerMetrics } from './http-server-metrics.ts';

/** Prototypes of requests that record their routes. */
const recording = new WeakSet<object>();

/** The part of an Express request that is used, version 4 or 5. */
interface ExpressRequest extends HttpRequest {
  readonly app?: { readonly request?: object };
  readonly res?: HttpResponse;
  readonly baseUrl?: string;
}

/**
 * Creates a middleware for Express 4 and 5 that measures requests. Register it before other middleware.
 *
 * @throws {Error} if `metrics` is not given and the default registry has other metrics of these names.
 *
 * @example
 * ```ts
 * import express from 'express';
 * import { Registry } from 'zeroprom';
 * import { expressMetrics, HttpServerMetrics } from 'zeroprom/instrument';
 *
 * const app = express();
 * app.use(expressMetrics(new HttpServerMetrics({ registry: new Registry() })));
 * app.get('/users/:id', (_request, response) => {
 *   response.send('Hello');
 * });
 * ```
 */
export function expressMetrics(
  metrics: HttpServerMetrics = defaultServerMetrics(),
): (request: HttpRequest, response: HttpResponse, next: () => void) => void {
  return (request: ExpressRequest, response, next) => {
    recordRoutes(request.app?.request);
    metrics.track(request, response, () => {
      const matched = exchangeOn(response)?.matched;
      return matched && routeTemplate(matched);
    });
    next();
  };
}

/** Returns the template of a route, including those of the routers around it. */
function routeTemplate(matched: MatchedRoute): string | undefined {
  const mount = mountTemplate(matched);
  if (mount === undefined) return undefined;
  const path = Array.isArray(matched.route.path) ? matched.route.path.join('|') : String(matched.route.path);
  return path === '/' && mount !== '' ? mount : mount + path;
}

/**
 * Makes the requests of an application record where each route matched. Express forgets the routers around a route as
 * soon as a handler fails, and reports a match only by setting `request.route`. All requests of an application inherit
 * from `app.request`, which Express offers for additions. The route is kept with the exchange, because a property of
 * the request would cost a microsecond, as Express has changed its prototype, and so would an entry of a WeakMap.
 */
function recordRoutes(prototype: object | undefined): void {
  if (prototype === undefined || recording.has(prototype)) return;
  recording.add(prototype);
  Object.defineProperty(prototype, 'route', {
    configurable: true,
    get(this: ExpressRequest) {
      return this.res && exchangeOn(this.res)?.matched?.route;
    },
    set(this: ExpressRequest, route: MatchedRoute['route']) {
      const exchange = this.res && exchangeOn(this.res);
      if (exchange !== undefined) exchange.matched = { route, app: this.app, baseUrl: this.baseUrl ?? '' };
      // This request is not measured: define the property as Express would.
      else Object.defineProperty(this, 'route', { value: route, configurable: true, enumerable: true, writable: true });
    },
  });
}
