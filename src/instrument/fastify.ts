import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { defaultServerMetrics, type HttpServerMetrics } from './http-server-metrics.ts';

interface FastifyRequest {
  readonly raw: HttpRequest;
  readonly routeOptions?: { readonly url?: string | undefined };
}

interface FastifyReply {
  readonly raw: HttpResponse;
}

type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** The part of a Fastify instance that is used, version 4 or later. */
interface FastifyInstance {
  addHook(name: 'onRequest', hook: OnRequest): unknown;
}

/** A Fastify plugin. */
type Plugin = (instance: FastifyInstance, options: unknown, done: () => void) => void;

/**
 * Creates a plugin for Fastify 4 and 5 that measures the requests of all routes. Register it before the routes.
 *
 * @throws {Error} if `metrics` is not given and the default registry has other metrics of these names.
 *
 * @example
 * ```ts
 * import fastify from 'fastify';
 * import { Registry } from 'zeroprom';
 * import { fastifyMetrics, HttpServerMetrics } from 'zeroprom/instrument';
 *
 * const app = fastify();
 * await app.register(fastifyMetrics(new HttpServerMetrics({ registry: new Registry() })));
 * app.get('/users/:id', async () => 'Hello');
 * await app.ready();
 * await app.close();
 * ```
 */
export function fastifyMetrics(metrics: HttpServerMetrics = defaultServerMetrics()): Plugin {
  const plugin: Plugin = (instance, _options, done) => {
    instance.addHook('onRequest', (request, reply, next) => {
      metrics.track(request.raw, reply.raw, () => request.routeOptions?.url);
      next();
    });
    done();
  };
  // Tells Fastify that the hook is not only for routes registered by the plugin itself.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}
