import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { type FetchRequest, type FetchResponse, measureFetch } from './fetch.ts';
import { defaultServerMetrics, type HttpServerMetrics } from './http-server-metrics.ts';

/** The route that h3 has matched: `path` in version 1, `route` in version 2. */
interface H3Route {
  readonly path?: string | undefined;
  readonly route?: string | undefined;
}

/** The part of an h3 event that is used, version 1 or 2. */
interface H3Event {
  readonly context: object;
  /** Missing in version 2 on other runtimes than Node.js. */
  readonly node?: { readonly req: HttpRequest; readonly res?: HttpResponse | undefined } | undefined;
  /** The path in the current router. */
  readonly path?: string;
}

/** The part of an event of h3 2 that is used on other runtimes than Node.js. */
interface H3FetchEvent extends H3Event {
  readonly req: FetchRequest;
  readonly res: { readonly status?: number | undefined; readonly headers: FetchResponse['headers'] };
}

/** A middleware of h3 1 and 2, and a hook for `request` of Nitro 2. */
export interface H3Middleware {
  /** Measures a request. */
  (event: H3Event, next?: () => unknown): unknown;
  /** Tells h3 1 that the function is an event handler. */
  readonly __is_handler__: true;
}

/**
 * Creates a middleware for h3 1 and 2 that measures requests. Register it before other middleware with `app.use()`. In
 * Nitro 3, it is the default export of a file in `middleware/`; in Nuxt 4 and Nitro 2, a plugin registers it with
 * `nitroApp.hooks.hook('request', h3Metrics())`. On Node.js a request is measured until its
 * response has been sent, elsewhere until its handler has returned, so that an error has its own status there even if `onError`
 * of the application answers it with another one. Requests that a server on Node.js sends to itself without
 * a connection, such as those of Nuxt for data and error pages, are not measured.
 *
 * @throws {Error} if `metrics` is not given and the default registry has other metrics of these names.
 *
 * @example
 * ```js
 * import { H3, serve } from 'h3';
 * import { h3Metrics } from 'zeroprom/instrument';
 *
 * const app = new H3();
 * app.use(h3Metrics());
 * app.get('/users/:id', () => 'Hello');
 * serve(app, { port: 8080 });
 * ```
 */
export function h3Metrics(metrics: HttpServerMetrics = defaultServerMetrics()): H3Middleware {
  let hasConnections = false;
  const middleware = (event: H3Event, next?: () => unknown): unknown => {
    const { req, res } = event.node ?? {};
    // On other runtimes than Node.js, Nitro 2 imitates the messages of all requests.
    const isImitated = req === undefined || '__unenv__' in req;
    hasConnections ||= !isImitated;
    if (isImitated && hasConnections) return next?.();
    if (req !== undefined && res !== undefined) {
      metrics.track(req, res, routeOf(event));
      return next?.();
    }
    // Only version 2 runs on other runtimes, with a Fetch request and `next`.
    return next && measureNext(metrics, event as H3FetchEvent, next);
  };
  return Object.assign(middleware, { __is_handler__: true as const });
}

/** Measures the rest of the middleware, whose result h3 later turns into a response. */
async function measureNext(metrics: HttpServerMetrics, event: H3FetchEvent, next: () => unknown): Promise<unknown> {
  let result: unknown;
  let failure: { readonly error: unknown } | undefined;
  const respond = async (): Promise<FetchResponse> => {
    try {
      result = await next();
    } catch (error) {
      failure = { error };
    }
    const status = failure === undefined ? event.res.status : statusOf(failure.error);
    if (result instanceof Response) return result;
    return { status: status ?? (typeof result === 'symbol' ? 404 : 200), headers: event.res.headers };
  };
  await measureFetch(metrics, event.req, respond, routeOf(event));
  if (failure !== undefined) throw failure.error;
  return result;
}

/** The status of an `HTTPError`; that of all other errors is 500. */
function statusOf(error: unknown): number {
  const { status } = Object(error);
  return typeof status === 'number' ? status : 500;
}

/** Returns a function that names the matched route. Version 2 matches it before middleware runs, version 1 later. */
function routeOf(event: H3Event): () => string | undefined {
  const known = (event.context as { matchedRoute?: H3Route }).matchedRoute?.route;
  if (known !== undefined) return () => known;
  let matched: H3Route | undefined;
  let mount = '';
  Object.defineProperty(event.context, 'matchedRoute', {
    configurable: true,
    enumerable: true,
    get: () => matched,
    set(route: H3Route | undefined) {
      matched = route;
      mount = mountOf(event);
    },
  });
  return () => (matched?.path === undefined ? matched?.route : joined(mount, matched.path));
}

/** Returns the part of the URL before the current router, which is fixed: h3 1 mounts only at prefixes. */
function mountOf({ node, path = '/' }: H3Event): string {
  const { originalUrl = '' } = (node?.req ?? {}) as { originalUrl?: string };
  const [whole, rest] = [pathOf(originalUrl), pathOf(path)];
  if (rest === '/') return whole.replace(/\/$/, '');
  return whole.endsWith(rest) ? whole.slice(0, -rest.length) : '';
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

function joined(mount: string, path: string): string {
  return path === '/' && mount !== '' ? mount : mount + path;
}
