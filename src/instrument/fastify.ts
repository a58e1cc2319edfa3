import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { HttpServerMetrics } from './http-server-metrics.ts';

interface FastifyRequest {
  readonly raw: HttpRequest;
  readonly routeOptions?: { readonly url?: string | undefined };
}

interface FastifyReply {
  readonly raw: HttpResponse;
}

type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** What is used of a Fastify instance, from version 4 on. */
interface FastifyInstance {
  addHook(name: 'onRequest', hook: OnRequest): unknown;
}

/** A plugin of Fastify. */
type Plugin = (instance: FastifyInstance, options: unknown, done: () => void) => void;

/** A plugin for Fastify 4 and 5 that measures the requests of all routes. Register it before them. */
export function fastifyMetrics(metrics: HttpServerMetrics = new HttpServerMetrics()): Plugin {
  const plugin: Plugin = (instance, _options, done) => {
    instance.addHook('onRequest', (request, reply, next) => {
      metrics.track(request.raw, reply.raw, () => request.routeOptions?.url);
      next();
    });
    done();
  };
  // Fastify's own sign for a plugin whose hooks are not only for routes that it registers itself.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}
