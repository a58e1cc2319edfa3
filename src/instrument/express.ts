import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { type MatchedRoute, mountTemplate } from './express-mounts.ts';
import { exchangeOn, HttpServerMetrics } from './http-server-metrics.ts';

/** Applications whose requests note their routes. */
const noting = new WeakSet<object>();

/** What is used of an Express request, versions 4 and 5. */
interface ExpressRequest extends HttpRequest {
  readonly app?: { readonly request?: object };
  readonly res?: HttpResponse;
  readonly baseUrl?: string;
}

/** A middleware for Express 4 and 5 that measures requests. Use it before all others. */
export function expressMetrics(
  metrics: HttpServerMetrics = new HttpServerMetrics(),
): (request: HttpRequest, response: HttpResponse, next: () => void) => void {
  return (request: ExpressRequest, response, next) => {
    noteRoutes(request.app?.request);
    metrics.track(request, response, () => {
      const matched = exchangeOn(response)?.matched;
      return matched && routeTemplate(matched);
    });
    next();
  };
}

/** The template of the routers around a route, and of the route. */
function routeTemplate(matched: MatchedRoute): string | undefined {
  const mount = mountTemplate(matched);
  if (mount === undefined) return undefined;
  const path = Array.isArray(matched.route.path) ? matched.route.path.join('|') : String(matched.route.path);
  return path === '/' && mount !== '' ? mount : mount + path;
}

/**
 * Has the requests of an application note where each route matched. Express forgets the routers around it as soon as a
 * handler fails, and says so nowhere but in `request.route`, which it sets when a route matches. All requests of an
 * application inherit from `app.request`, which Express offers for additions. The route is kept with the exchange: a property
 * of the request costs a microsecond, as Express has changed its prototype, and so does an entry of a WeakMap.
 */
function noteRoutes(prototype: object | undefined): void {
  if (prototype === undefined || noting.has(prototype)) return;
  noting.add(prototype);
  Object.defineProperty(prototype, 'route', {
    configurable: true,
    get(this: ExpressRequest) {
      return this.res && exchangeOn(this.res)?.matched?.route;
    },
    set(this: ExpressRequest, route: MatchedRoute['route']) {
      const exchange = this.res && exchangeOn(this.res);
      if (exchange !== undefined) exchange.matched = { route, app: this.app, baseUrl: this.baseUrl ?? '' };
      // Nobody measures this request: the property is what it is without all of this.
      else Object.defineProperty(this, 'route', { value: route, configurable: true, enumerable: true, writable: true });
    },
  });
}
