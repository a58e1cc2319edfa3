import type { HistogramValue, NativeBucketCounts, NativeHistogramValue } from '../../model/family.ts';
import { hasFractions, spansOf } from '../../model/native-spans.ts';
import { checkNative } from '../../model/soundness.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { UINT64_END, writeExemplar, writeTimestamp } from './message-writer.ts';

/** Keys of fields of io.prometheus.client.Histogram; `exemplars` takes two bytes. */
const HISTOGRAM = {
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
const NEGATIVE = { span: 0x4a, delta: 0x52, count: 0x5a };
const POSITIVE = { span: 0x62, delta: 0x6a, count: 0x72 };
const BUCKET = { cumulativeCount: 0x08, upperBound: 0x11, exemplar: 0x1a, cumulativeCountFloat: 0x21 };
const SPAN = { offset: 0x08, length: 0x10 };

/**
 * Writes a histogram with classic buckets, native ones or both.
 *
 * @throws {RangeError} if a server would reject its native buckets.
 */
export function writeHistogram(
  writer: ByteWriter,
  key: number,
  value: HistogramValue,
  startTimestamp: number | undefined,
): void {
  const { count, sum, native } = value;
  const isFloat = hasClassicFractions(value) || (native !== undefined && hasFractions(native, count));
  if (native !== undefined) checkNative(native, count, sum);
  const start = writer.open(key);
  writeCount(writer, isFloat, HISTOGRAM.sampleCount, HISTOGRAM.sampleCountFloat, count);
  writer.doubleField(HISTOGRAM.sampleSum, sum);
  writeBuckets(writer, value, isFloat);
  if (native !== undefined) writeNative(writer, native, isFloat);
  if (startTimestamp !== undefined) writeTimestamp(writer, HISTOGRAM.startTimestamp, startTimestamp);
  for (const exemplar of native?.exemplars ?? []) {
    if (exemplar.timestamp !== undefined) writeExemplar(writer, HISTOGRAM.exemplars, exemplar);
  }
  writer.close(start);
}

/** Whether counts must be written as doubles. */
function hasClassicFractions({ bucketCounts, count }: HistogramValue): boolean {
  if (!isWhole(count)) return true;
  for (let index = 0; index < bucketCounts.length; index++) if (!isWhole(bucketCounts[index]!)) return true;
  return false;
}

function isWhole(count: number): boolean {
  return Number.isInteger(count) && count < UINT64_END;
}

/** Servers derive the last bucket, up to +Inf, from the count: it is written only if it has an exemplar. */
function writeBuckets(writer: ByteWriter, value: HistogramValue, isFloat: boolean): void {
  const { upperBounds, bucketCounts, count, exemplars } = value;
  const last = upperBounds.length;
  let cumulative = 0;
  for (let index = 0; index <= last; index++) {
    const exemplar = exemplars?.[index];
    if (index === last && exemplar === undefined) return;
    cumulative = index < last ? cumulative + bucketCounts[index]! : count;
    const start = writer.open(HISTOGRAM.bucket);
    writeCount(writer, isFloat, BUCKET.cumulativeCount, BUCKET.cumulativeCountFloat, cumulative);
    writer.doubleField(BUCKET.upperBound, index < last ? upperBounds[index]! : Number.POSITIVE_INFINITY);
    if (exemplar !== undefined) writeExemplar(writer, BUCKET.exemplar, exemplar);
    writer.close(start);
  }
}

function writeNative(writer: ByteWriter, native: NativeHistogramValue, isFloat: boolean): void {
  const { schema, zeroThreshold, zeroCount, positive, negative } = native;
  writer.byte(HISTOGRAM.schema);
  writer.varint(zigzag(schema));
  writer.doubleField(HISTOGRAM.zeroThreshold, zeroThreshold);
  writeCount(writer, isFloat, HISTOGRAM.zeroCount, HISTOGRAM.zeroCountFloat, zeroCount);
  writeSide(writer, negative, isFloat, NEGATIVE);
  writeSide(writer, positive, isFloat, POSITIVE);
  // Without this span, servers would treat a histogram without observations as a classic one.
  const looksClassic = positive.indexes.length + negative.indexes.length === 0 && zeroThreshold === 0;
  if (looksClassic) writeSpan(writer, POSITIVE.span, 0, 0);
}

export function writeSide(writer: ByteWriter, side: NativeBucketCounts, isFloat: boolean, keys: typeof POSITIVE): void {
  const { offsets, lengths, counts } = spansOf(side);
  if (counts.length === 0) return;
  for (let index = 0; index < offsets.length; index++) writeSpan(writer, keys.span, offsets[index]!, lengths[index]!);
  const start = writer.open(isFloat ? keys.count : keys.delta);
  let before = 0;
  for (const count of counts) {
    if (isFloat) writer.double(count);
    else writer.varint(zigzag(count - before));
    before = count;
  }
  writer.close(start);
}

function writeSpan(writer: ByteWriter, key: number, offset: number, length: number): void {
  const start = writer.open(key);
  writer.byte(SPAN.offset);
  writer.varint(zigzag(offset));
  writer.byte(SPAN.length);
  writer.varint(length);
  writer.close(start);
}

export function writeCount(writer: ByteWriter, isFloat: boolean, key: number, floatKey: number, count: number): void {
  if (isFloat) {
    writer.doubleField(floatKey, count);
  } else {
    writer.byte(key);
    writer.varint(count);
  }
}

/** Encodes a signed integer as a protobuf sint32 or sint64. */
export function zigzag(value: number): number {
  return value < 0 ? value * -2 - 1 : value * 2;
}
