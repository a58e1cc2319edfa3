import { type FetchRequest, type FetchResponse, measureFetch } from './fetch.ts';
import { defaultServerMetrics, type HttpServerMetrics } from './http-server-metrics.ts';

type Handler = (request: FetchRequest, ...rest: unknown[]) => FetchResponse | Promise<FetchResponse>;

/** The part of the context of a hook that is used. */
interface ElysiaContext {
  readonly request: object;
  /** Undefined if no route matches. */
  readonly route?: string;
}

type Hook = (context: ElysiaContext) => void;

/** The part of an Elysia application that is used. */
interface ElysiaApp {
  wrap(wrapper: (handler: Handler) => Handler): unknown;
  onTransform(options: { readonly as: 'global' }, hook: Hook): unknown;
  onError(options: { readonly as: 'global' }, hook: Hook): unknown;
}

/**
 * Creates a plugin for Elysia 1.4 that measures the requests of the application until there is a response. Pass it to
 * `app.use()` before the routes. Elysia calls it only if it compiles handlers (`aot`), as it does by default.
 *
 * @throws {Error} if `metrics` is not given and the default registry has other metrics of these names.
 *
 * @example
 * ```js
 * import { Elysia } from 'elysia';
 * import { elysiaMetrics } from 'zeroprom/instrument';
 *
 * const app = new Elysia();
 * app.use(elysiaMetrics());
 * app.get('/users/:id', () => 'Hello');
 * app.listen(8080);
 * ```
 */
export function elysiaMetrics(
  metrics: HttpServerMetrics = defaultServerMetrics(),
): <App extends object>(app: App) => App {
  const routes = new WeakMap<object, string>();
  const recordRoute: Hook = ({ request, route }) => {
    if (route !== undefined) routes.set(request, route);
  };
  const measured =
    (handler: Handler): Handler =>
    (request, ...rest) =>
      measureFetch(
        metrics,
        request,
        async () => handler(request, ...rest),
        () => routes.get(request),
      );
  return (app) => {
    // The types of Elysia are too specific for an interface: each hook has a type of its own for each application.
    const elysia = app as unknown as ElysiaApp;
    elysia.wrap(measured);
    elysia.onTransform({ as: 'global' }, recordRoute);
    elysia.onError({ as: 'global' }, recordRoute); // Requests whose body is malformed are not transformed.
    return app;
  };
}
