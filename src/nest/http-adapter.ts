import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { expressMetrics } from '../instrument/express.ts';
import { fastifyMetrics } from '../instrument/fastify.ts';
import type { HttpServerMetrics } from '../instrument/http-server-metrics.ts';

/** The part of Nest's HTTP adapters that is used. */
interface NestAdapter<Type extends string, Instance> {
  getType(): Type;
  getInstance(): Instance;
}

interface ExpressInstance {
  use(middleware: ReturnType<typeof expressMetrics>): unknown;
  use(path: string, listener: RequestListener): unknown;
}

interface FastifyInstance {
  register(plugin: ReturnType<typeof fastifyMetrics>): unknown;
  all(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => void): unknown;
}

interface FastifyRequest {
  readonly raw: IncomingMessage;
}

interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/** Adapters of Nest for platforms with an own way to add middleware and routes. */
export type HttpAdapter = NestAdapter<'express', ExpressInstance> | NestAdapter<'fastify', FastifyInstance>;

/** Measures all requests, before the body is parsed and before guards. */
export function measureRequests(adapter: HttpAdapter, metrics: HttpServerMetrics): void {
  if (isFastify(adapter)) adapter.getInstance().register(fastifyMetrics(metrics));
  else adapter.getInstance().use(expressMetrics(metrics));
}

/** Serves scrapes at a path. Guards, interceptors and the global prefix do not apply to it. */
export function addRoute(adapter: HttpAdapter, path: string, scrape: RequestListener): void {
  if (!isFastify(adapter)) return void adapter.getInstance().use(path, scrape);
  adapter.getInstance().all(path, (request, reply) => {
    reply.hijack(); // The metrics handler sends the response.
    scrape(request.raw, reply.raw);
  });
}

function isFastify(adapter: HttpAdapter): adapter is NestAdapter<'fastify', FastifyInstance> {
  return adapter.getType() === 'fastify';
}
