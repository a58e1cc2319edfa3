export { type ExporterOptions, type RunningExporter, runExporter } from './exporter.ts';
export type { Background } from './exporter-server.ts';
export type { Flag, Flags, FlagValues } from './flags.ts';
export { type HandlerOptions, metricsHandler } from './handler.ts';
export { createLogger, type LogFormat, type LoggerOptions, type LogLevel } from './logger.ts';
