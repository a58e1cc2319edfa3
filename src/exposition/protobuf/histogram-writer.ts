import type { HistogramValue, NativeBucketCounts, NativeHistogramValue } from '../../model/family.ts';
import { hasFractions, spansOf } from '../../model/native-spans.ts';
import { checkNative } from '../../model/soundness.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { zigzag } from '../bytes/varint.ts';
import { BUCKET, HISTOGRAM, NEGATIVE, POSITIVE, type SideFields, SPAN } from './message-fields.ts';
import { UINT64_END, writeExemplar, writeTimestamp } from './message-writer.ts';

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

export function writeSide(writer: ByteWriter, side: NativeBucketCounts, isFloat: boolean, keys: SideFields): void {
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
