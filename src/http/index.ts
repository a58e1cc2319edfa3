export type {
  DefaultCollectors,
  ExporterCollector,
  ExporterOptions,
  RunningExporter,
} from './exporter-options.ts';
export { metricsFetchHandler } from './fetch-handler.ts';
export type { CollectorFlag } from './flags/exporter-flags.ts';
export type { Flag, Flags, FlagValues } from './flags/flag.ts';
export { metricsHandler } from './handler.ts';
export type { HandlerOptions, ScrapeOptions } from './handler-options.ts';
export { createLogger, type LogFormat, type LoggerOptions, type LogLevel } from './logger.ts';
export {
  type ProbeContext,
  type ProbeHandlerOptions,
  type ProbeModule,
  probeHandler,
} from './probe/probe-handler.ts';
export { type RateLimitOptions, rateLimitedLogger } from './rate-limited-logger.ts';
export { runExporter } from './run-exporter.ts';
export type { Background } from './state.ts';
export type { WriteLimits } from './write-deadline.ts';
