/** Keys of fields of io.prometheus.client.Histogram; `exemplars` takes two bytes. */
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

/** Keys of its fields for the buckets on one side of zero. */
export interface SideFields {
  readonly span: number;
  readonly delta: number;
  readonly count: number;
}

export const NEGATIVE: SideFields = { span: 0x4a, delta: 0x52, count: 0x5a };
export const POSITIVE: SideFields = { span: 0x62, delta: 0x6a, count: 0x72 };
export const BUCKET = { cumulativeCount: 0x08, upperBound: 0x11, exemplar: 0x1a, cumulativeCountFloat: 0x21 };
export const SPAN = { offset: 0x08, length: 0x10 };

/** Encodes a signed integer as a protobuf sint32 or sint64. */
export function zigzag(value: number): number {
  return value < 0 ? value * -2 - 1 : value * 2;
}
