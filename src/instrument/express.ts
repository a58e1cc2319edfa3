import { type MatchedRoute, mountTemplate } from './express-mounts.ts';
import type { HttpRequest, HttpResponse } from './http-message.ts';
import { HttpServerMetrics } from './http-server-metrics.ts';

const MATCHED = Symbol('zeroprom.matchedRoute');

/** What is used of an Express request, versions 4 and 5. */
interface ExpressRequest extends HttpRequest {
  readonly app?: { readonly request?: object };
  readonly baseUrl?: string;
  [MATCHED]?: MatchedRoute;
}

/** A middleware for Express 4 and 5 that measures requests. Use it before all others. */
export function expressMetrics(
  metrics: HttpServerMetrics = new HttpServerMetrics(),
): (request: HttpRequest, response: HttpResponse, next: () => void) => void {
  return (request: ExpressRequest, response, next) => {
    noteRoutes(request.app?.request);
    metrics.track(request, response, () => {
      const matched = request[MATCHED];
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
 * application inherit from `app.request`, which Express offers for additions.
 */
function noteRoutes(prototype: object | undefined): void {
  if (prototype === undefined || MATCHED in prototype) return;
  Object.defineProperty(prototype, MATCHED, { value: undefined, writable: true });
  Object.defineProperty(prototype, 'route', {
    configurable: true,
    get(this: ExpressRequest) {
      return this[MATCHED]?.route;
    },
    set(this: ExpressRequest, route: MatchedRoute['route']) {
      this[MATCHED] = { route, app: this.app, baseUrl: this.baseUrl ?? '' };
    },
  });
}
