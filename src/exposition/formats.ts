import type { Format } from './encoding/format.ts';
import { ProtobufEncoder } from './protobuf/protobuf-encoder.ts';
import { OpenMetrics2Encoder } from './text/openmetrics-2-encoder.ts';
import { OpenMetricsEncoder } from './text/openmetrics-encoder.ts';
import { TextFormatEncoder } from './text/text-encoder.ts';

export type { Format } from './encoding/format.ts';

/** Prometheus text format 0.0.4, which every server can read. */
export const text: Format = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  accepted: { mediaType: 'text/plain', parameters: { version: '0.0.4' }, optional: 'version' },
  encoder: (writer) => new TextFormatEncoder(writer),
};

/**
 * Prometheus text format 1.0.0: the same as 0.0.4, with quoted names if the client asks for `escaping=allow-utf-8`, as
 * Prometheus does from 3.0.
 */
export const textUtf8: Format = {
  contentType: 'text/plain; version=1.0.0; charset=utf-8',
  accepted: { mediaType: 'text/plain', parameters: { version: '1.0.0' } },
  encoder: (writer) => new TextFormatEncoder(writer),
};

/** OpenMetrics 1.0.0. */
export const openMetrics: Format = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  accepted: { mediaType: 'application/openmetrics-text', parameters: { version: '1.0.0' } },
  encoder: (writer, options) => new OpenMetricsEncoder(writer, options),
};

/** OpenMetrics 0.0.1, which Prometheus up to 2.33 asks for. The text is the same as that of OpenMetrics 1.0.0. */
export const openMetrics0: Format = {
  contentType: 'application/openmetrics-text; version=0.0.1; charset=utf-8',
  accepted: { mediaType: 'application/openmetrics-text', parameters: { version: '0.0.1' }, optional: 'version' },
  encoder: (writer, options) => new OpenMetricsEncoder(writer, options),
};

/**
 * OpenMetrics 2.0.0. Experimental, because the specification is a release candidate. Prometheus asks for it from 3.15
 * if the feature `openmetrics2` is enabled and `OpenMetricsText2.0.0` is among the scrape protocols. All its readers
 * support quoted names.
 */
export const openMetrics2: Format = {
  contentType: 'application/openmetrics-text; version=2.0.0; charset=utf-8',
  accepted: {
    mediaType: 'application/openmetrics-text',
    parameters: { version: '2.0.0' },
    otherVersions: ['2.0.0-rc'],
  },
  defaultEscaping: 'allow-utf-8',
  encoder: (writer, options) => new OpenMetrics2Encoder(writer, options),
};

/** Delimited PrometheusProto, which supports native histograms. */
export const protobuf: Format = {
  contentType: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
  accepted: {
    mediaType: 'application/vnd.google.protobuf',
    parameters: { proto: 'io.prometheus.client.MetricFamily', encoding: 'delimited' },
  },
  encoder: (writer, options) => new ProtobufEncoder(writer, options),
};

/** All formats in order of preference, for clients that accept any. */
export const formats: readonly Format[] = [text, textUtf8, openMetrics, openMetrics0, protobuf, openMetrics2];
