/** The subpath `zeroprom/instrument`: metrics of HTTP servers and clients. */
export type { DurationOptions } from './duration-options.ts';
export { elysiaMetrics } from './elysia.ts';
export type { HistogramChoice, HistogramShape } from './exchange-histograms.ts';
export { expressMetrics } from './express.ts';
export { fastifyMetrics } from './fastify.ts';
export { type FetchOptions, instrumentFetch } from './fetch.ts';
export { type H3Middleware, h3Metrics } from './h3.ts';
export { hapiMetrics } from './hapi.ts';
export { type HonoOptions, honoMetrics } from './hono.ts';
export { type HttpClientOptions, instrumentHttpClient } from './http-client.ts';
export { HttpServerMetrics, type HttpServerOptions, type RouteOf } from './http-server-metrics.ts';
export { type KoaOptions, koaMetrics } from './koa.ts';
export { instrumentListener, type ListenerOptions } from './listener.ts';
export type { MeasuredRequest } from './measured-request.ts';
export type { RequestLabel } from './request-labels.ts';
export type { HttpNames } from './semantic-conventions.ts';
export { yogaMetrics } from './yoga.ts';
