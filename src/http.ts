/**
 * The subpath `zeroprom/http`: handlers that serve scrapes and probes, and the exporter, which also has its own
 * subpath.
 */
export * from './exporter/index.ts';
export { metricsFetchHandler } from './http/fetch-handler.ts';
export { metricsHandler } from './http/handler.ts';
export { type Lingering, type LingerOptions, withLinger } from './http/linger.ts';
export type { NodeListener, NodeRequest, NodeResponse } from './http/node-listener.ts';
export { type ProbeContext, type ProbeHandlerOptions, type ProbeModule, probeHandler } from './http/probe-handler.ts';
export type { WriteLimits } from './http/response/write-limits.ts';
export type { HandlerOptions, ScrapeOptions } from './http/scrape/handler-options.ts';
