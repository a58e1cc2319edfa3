import type { Duration } from '../../model/duration.ts';
import type { Logger } from '../../model/logger.ts';
import type { OptionNames } from '../../model/option-names.ts';
import type { Gatherer } from '../../registry/gathering.ts';
import type { Registry } from '../../registry/registry.ts';
import { CLIENT_OPTIONS, type ClientOptions } from '../delivery/client-options.ts';
import type { DeliveryRetryOptions } from '../delivery/retries.ts';
import type { AttributeValue } from './message-writer.ts';

/** Encoding of OTLP/HTTP. */
export type OtlpProtocol = 'http/protobuf' | 'http/json';

/** Whether counters and histograms are sent as totals or as what was added since the last acknowledged export. */
export type OtlpTemporality = 'cumulative' | 'delta' | 'lowmemory';

/**
 * Options of an {@link OtlpExporter}. Defaults come from the environment variables of OpenTelemetry, of which those for
 * metrics take precedence, such as `OTEL_EXPORTER_OTLP_METRICS_HEADERS` over `OTEL_EXPORTER_OTLP_HEADERS`.
 */
export interface OtlpExporterOptions extends Omit<ClientOptions, 'url'> {
  /**
   * Full URL of the receiver for metrics.
   *
   * @defaultValue `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`, or `OTEL_EXPORTER_OTLP_ENDPOINT` with `/v1/metrics`, or
   * `http://localhost:4318/v1/metrics`
   */
  readonly url?: string | URL | undefined;
  /**
   * Registry whose metrics are sent.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: Gatherer | undefined;
  /**
   * Attributes of the process. Prometheus makes the labels `job` and `instance` of `service.name`, `service.namespace` and
   * `service.instance.id`. Labels of a metric `target_info` are added, and these attributes take precedence.
   *
   * @defaultValue `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, and a random `service.instance.id`
   */
  readonly resource?: Readonly<Record<string, AttributeValue>> | undefined;
  /**
   * Encoding of requests.
   *
   * @defaultValue `OTEL_EXPORTER_OTLP_PROTOCOL`, or `'http/protobuf'`
   */
  readonly protocol?: OtlpProtocol | undefined;
  /**
   * Whether to compress requests with gzip.
   *
   * @defaultValue `OTEL_EXPORTER_OTLP_COMPRESSION`, or `false`
   */
  readonly compress?: boolean | undefined;
  /**
   * Whether counters and histograms are sent as totals (`cumulative`), or as what was added since the last export that the
   * receiver has acknowledged. `lowmemory` is the same as `delta` here. Prometheus refuses deltas by default.
   *
   * @defaultValue `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, or `'cumulative'`
   */
  readonly temporality?: OtlpTemporality | undefined;
  /**
   * Whether to send histograms that have native buckets as exponential histograms. Otherwise, their classic buckets are sent.
   *
   * @defaultValue `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`, or `true`
   */
  readonly nativeHistograms?: boolean | undefined;
  /**
   * Maximum number of points in a request.
   *
   * @defaultValue `5000`
   */
  readonly maxPointsPerRequest?: number | undefined;
  /**
   * Time between exports after `start()`.
   *
   * @defaultValue `'60s'`
   */
  readonly interval?: Duration | undefined;
  /**
   * End of the series in `stop()`: `stale` ends them with points without a value, `keep` leaves the last values visible for
   * the look-back time of the server, as is useful for short jobs.
   *
   * @defaultValue `'stale'`
   */
  readonly onStop?: 'stale' | 'keep' | undefined;
  /**
   * Retries of a request that received no answer, or one with status 429, 502, 503 or 504.
   *
   * @defaultValue 5 retries
   */
  readonly retry?: DeliveryRetryOptions | undefined;
  /**
   * Logger of failures, of what the receiver rejects, and of invalid environment variables.
   *
   * @defaultValue failures become process warnings
   */
  readonly logger?: Logger | undefined;
  /**
   * Registry for metrics about the exports, `zeroprom_push_*` and `zeroprom_otlp_points_total`.
   *
   * @defaultValue no metrics
   */
  readonly selfMetrics?: Registry | undefined;
}

export const OTLP_OPTIONS: OptionNames<OtlpExporterOptions> = {
  ...CLIENT_OPTIONS,
  registry: true,
  resource: true,
  protocol: true,
  compress: true,
  temporality: true,
  nativeHistograms: true,
  maxPointsPerRequest: true,
  interval: true,
  onStop: true,
  retry: true,
  logger: true,
  selfMetrics: true,
};
