import type { MetricType } from '../../model/family.ts';

// The messages of metrics.proto, package io.prometheus.client, as this package writes them. The key of a field is its
// number * 8 + wire type: 0 for a varint, 1 for eight bytes, 2 for a message or text after its length.

/** Numbers in MetricType of the types of the model. */
export const TYPE_NUMBERS: { readonly [T in MetricType]: number } = {
  counter: 0,
  gauge: 1,
  summary: 2,
  unknown: 3,
  histogram: 4,
  gaugehistogram: 5,
  info: 1,
  stateset: 1,
};

export const FAMILY = { name: 0x0a, help: 0x12, type: 0x18, metric: 0x22, unit: 0x2a };
export const METRIC = {
  label: 0x0a,
  gauge: 0x12,
  counter: 0x1a,
  summary: 0x22,
  untyped: 0x2a,
  timestampMs: 0x30,
  histogram: 0x3a,
};
/** Gauge and Untyped have the same `value` as Counter, and nothing else. */
export const COUNTER = { value: 0x09, exemplar: 0x12, startTimestamp: 0x1a };
export const SUMMARY = { sampleCount: 0x08, sampleSum: 0x11, quantile: 0x1a, startTimestamp: 0x22 };
export const QUANTILE = { quantile: 0x09, value: 0x11 };
/** The key of `exemplars` takes two bytes. */
export const HISTOGRAM = {
  sampleCount: 0x08,
  sampleSum: 0x11,
  bucket: 0x1a,
  sampleCountFloat: 0x21,
  schema: 0x28,
  zeroThreshold: 0x31,
  zeroCount: 0x38,
  zeroCountFloat: 0x41,
  startTimestamp: 0x7a,
  exemplars: 0x82,
};

/** Keys of the fields of Histogram for the buckets on one side of zero. */
export interface SideFields {
  readonly span: number;
  readonly delta: number;
  readonly count: number;
}

export const NEGATIVE: SideFields = { span: 0x4a, delta: 0x52, count: 0x5a };
export const POSITIVE: SideFields = { span: 0x62, delta: 0x6a, count: 0x72 };
export const BUCKET = { cumulativeCount: 0x08, upperBound: 0x11, exemplar: 0x1a, cumulativeCountFloat: 0x21 };
export const SPAN = { offset: 0x08, length: 0x10 };
