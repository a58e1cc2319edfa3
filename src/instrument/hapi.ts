import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { defaultServerMetrics, type HttpServerMetrics } from './http-server-metrics.ts';

/** The part of a hapi request that is used. */
interface HapiRequest {
  readonly raw: { readonly req: HttpRequest; readonly res: HttpResponse };
  readonly route: { readonly method: string; readonly path: string };
}

/** The part of a hapi server that is used. */
interface HapiServer {
  ext(event: 'onRequest', method: (request: HapiRequest, toolkit: HapiToolkit) => symbol): unknown;
}

interface HapiToolkit {
  readonly continue: symbol;
}

/** A hapi plugin. */
interface HapiPlugin {
  readonly name: string;
  readonly multiple: true;
  register(server: HapiServer): void;
}

/** Method of the routes that hapi itself adds, for unknown paths and malformed requests. */
const SPECIAL = '_special';

/**
 * Creates a plugin for hapi 20 and 21 that measures the requests of all routes. Register it before other plugins. The
 * routes are those of hapi, such as `/users/{id}`.
 *
 * @throws {Error} if `metrics` is not given and the default registry has other metrics of these names.
 *
 * @example
 * ```js
 * import Hapi from '@hapi/hapi';
 * import { hapiMetrics } from 'zeroprom/instrument';
 *
 * const server = Hapi.server({ port: 8080 });
 * await server.register(hapiMetrics());
 * server.route({ method: 'GET', path: '/users/{id}', handler: () => 'Hello' });
 * await server.start();
 * ```
 */
export function hapiMetrics(metrics: HttpServerMetrics = defaultServerMetrics()): HapiPlugin {
  return {
    name: 'zeroprom',
    multiple: true,
    register(server) {
      server.ext('onRequest', (request, toolkit) => {
        const { req, res } = request.raw;
        metrics.track(req, res, () => (request.route.method === SPECIAL ? undefined : request.route.path));
        return toolkit.continue;
      });
    },
  };
}
