/** Delivery of metrics from processes that cannot be scraped: `zeroprom/push`. */

export { BatchJob, type BatchJobContext, type BatchJobOptions } from './batch-job.ts';
export type { BasicAuth, ClientOptions } from './delivery/client-options.ts';
export { type FetchTransportOptions, fetchTransport } from './delivery/fetch-transport.ts';
export { PushError } from './delivery/push-error.ts';
export type { DeliverySources } from './delivery/push-loop.ts';
export type { DeliveryRetryOptions, RetrySources } from './delivery/retries.ts';
export type { ClientTls } from './delivery/tls-config.ts';
export type { SignableRequest, Transport, TransportRequest, TransportResponse } from './delivery/transport.ts';
export type { AttributeValue } from './otlp/message-writer.ts';
export { OtlpExporter, type OtlpFlushOptions, type OtlpReport } from './otlp/otlp-exporter.ts';
export type { OtlpExporterOptions, OtlpProtocol, OtlpTemporality } from './otlp/otlp-options.ts';
export type { GroupingKey } from './pushgateway/grouping-key.ts';
export { Pushgateway, type PushgatewayOptions, type PushOptions, type PushReport } from './pushgateway/pushgateway.ts';
export type { RemoteWriteCounts } from './remote-write/accounts.ts';
export { RemoteWriter } from './remote-write/remote-writer.ts';
export type {
  RemoteWriteFlushOptions,
  RemoteWriterOptions,
  RemoteWriteStopOptions,
} from './remote-write/remote-writer-options.ts';
export type { RemoteWriteVersion } from './remote-write/write-requests.ts';
export { type TextfileOptions, type TextfileReport, writeTextfile } from './textfile/textfile.ts';
export { TextfileWriter } from './textfile/textfile-writer.ts';
