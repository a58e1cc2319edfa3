import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { zigzag } from '../../exposition/bytes/varint.ts';
import { writeCount, writeSide } from '../../exposition/protobuf/histogram-writer.ts';
import type { HistogramValue, NativeHistogramValue } from '../../model/family.ts';
import { hasFractions } from '../../model/native-spans.ts';
import { checkNative } from '../../model/soundness.ts';
import { writeDouble } from './wire.ts';

/** Keys of fields of Histogram, the same in both versions. */
const HISTOGRAM = { count: 0x08, countFloat: 0x11, sum: 0x19, schema: 0x20, zeroThreshold: 0x29, customValues: 0x82 };
const ZERO_COUNT = { whole: 0x30, float: 0x39 };
const NEGATIVE = { span: 0x42, delta: 0x4a, count: 0x52 };
const POSITIVE = { span: 0x5a, delta: 0x62, count: 0x6a };
const RESET_HINT = { key: 0x70, gauge: 3 };

/** The schema of native histograms whose buckets have explicit bounds. */
const CUSTOM_BUCKETS_SCHEMA = -53;
const NO_BUCKETS = { indexes: [], counts: [] };

/** A classic histogram that is one sample: a native histogram with custom buckets. */
export interface CustomBuckets {
  readonly upperBounds: readonly number[];
  /** Observations in each bucket, not cumulative; those of the last one are above all bounds. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
  readonly isGauge: boolean;
}

/**
 * Encodes a native histogram for both versions of remote write, without its times.
 *
 * @throws {RangeError} if a receiver would reject it.
 */
export function encodeHistogram(
  { count, sum, native }: HistogramValue & { readonly native: NativeHistogramValue },
  isGauge: boolean,
): Uint8Array {
  checkNative(native, count, sum);
  const writer = new ByteWriter({ capacity: 128 });
  writeBuckets(writer, native, count, sum);
  if (isGauge) writeGaugeHint(writer);
  return writer.take();
}

/** Encodes a native histogram with custom buckets, which only version 2.0 has, without its times. */
export function encodeCustomBuckets({ upperBounds, counts, count, sum, isGauge }: CustomBuckets): Uint8Array {
  const indexes = [...counts.keys()].filter((index) => counts[index] !== 0);
  const positive = { indexes, counts: indexes.map((index) => counts[index]!) };
  const native = { schema: CUSTOM_BUCKETS_SCHEMA, zeroThreshold: 0, zeroCount: 0, positive, negative: NO_BUCKETS };
  const writer = new ByteWriter({ capacity: 128 + upperBounds.length * 10 });
  writeBuckets(writer, native, count, sum);
  if (isGauge) writeGaugeHint(writer);
  const start = writer.open(HISTOGRAM.customValues);
  for (const bound of upperBounds) writer.double(bound);
  writer.close(start);
  return writer.take();
}

function writeBuckets(writer: ByteWriter, native: NativeHistogramValue, count: number, sum: number): void {
  const { schema, zeroThreshold, zeroCount, positive, negative } = native;
  const isFloat = hasFractions(native, count);
  writeCount(writer, isFloat, HISTOGRAM.count, HISTOGRAM.countFloat, count);
  writer.byte(HISTOGRAM.sum);
  writeDouble(writer, sum);
  writer.byte(HISTOGRAM.schema);
  writer.varint(zigzag(schema));
  writer.doubleField(HISTOGRAM.zeroThreshold, zeroThreshold);
  writeCount(writer, isFloat, ZERO_COUNT.whole, ZERO_COUNT.float, zeroCount);
  writeSide(writer, negative, isFloat, NEGATIVE);
  writeSide(writer, positive, isFloat, POSITIVE);
}

function writeGaugeHint(writer: ByteWriter): void {
  writer.byte(RESET_HINT.key);
  writer.byte(RESET_HINT.gauge);
}
