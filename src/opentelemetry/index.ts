/** The subpath `zeroprom/opentelemetry`: serves the metrics of the OpenTelemetry SDK. */
export { OpenTelemetryReader, type OpenTelemetryReaderOptions } from './opentelemetry-reader.ts';
