export type { Flag, Flags, FlagValues } from '../command-line/flag.ts';
export type { CollectorFlag } from './exporter-flags.ts';
export type { DefaultCollectors, ExporterCollector, ExporterOptions, RunningExporter } from './exporter-options.ts';
export { type RateLimitOptions, rateLimitedLogger } from './log/rate-limited-logger.ts';
export { createLogger, type LogFormat, type LoggerOptions, type LogLevel } from './log/structured-logger.ts';
export { runExporter } from './run-exporter.ts';
export type { Background, BackgroundTask } from './server/readiness.ts';
