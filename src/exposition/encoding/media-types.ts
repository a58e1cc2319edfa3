import type { Format } from './format.ts';

/** How a format is asked for and labeled: all of it but its encoder. */
export type MediaType = Omit<Format, 'encoder'>;

export const textType: MediaType = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  accepted: { mediaType: 'text/plain', parameters: { version: '0.0.4' }, optional: 'version' },
};

export const textUtf8Type: MediaType = {
  contentType: 'text/plain; version=1.0.0; charset=utf-8',
  accepted: { mediaType: 'text/plain', parameters: { version: '1.0.0' } },
};

export const openMetricsType: MediaType = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  accepted: { mediaType: 'application/openmetrics-text', parameters: { version: '1.0.0' } },
};

export const openMetrics0Type: MediaType = {
  contentType: 'application/openmetrics-text; version=0.0.1; charset=utf-8',
  accepted: { mediaType: 'application/openmetrics-text', parameters: { version: '0.0.1' }, optional: 'version' },
};

export const openMetrics2Type: MediaType = {
  contentType: 'application/openmetrics-text; version=2.0.0; charset=utf-8',
  accepted: {
    mediaType: 'application/openmetrics-text',
    parameters: { version: '2.0.0' },
    otherVersions: ['2.0.0-rc'],
  },
  defaultEscaping: 'allow-utf-8',
};

export const protobufType: MediaType = {
  contentType: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
  accepted: {
    mediaType: 'application/vnd.google.protobuf',
    parameters: { proto: 'io.prometheus.client.MetricFamily', encoding: 'delimited' },
  },
};
