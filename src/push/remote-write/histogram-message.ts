import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { writeCount, writeSide, zigzag } from '../../exposition/protobuf/histogram-writer.ts';
import type { HistogramValue, NativeHistogramValue } from '../../model/family.ts';
import { hasFractions } from '../../model/native-spans.ts';
import { checkNative } from '../../model/soundness.ts';
import { writeDouble } from './wire.ts';

/** Keys of fields of Histogram, the same in both versions. */
const HISTOGRAM = { count: 0x08, countFloat: 0x11, sum: 0x19, schema: 0x20, zeroThreshold: 0x29 };
const ZERO_COUNT = { whole: 0x30, float: 0x39 };
const NEGATIVE = { span: 0x42, delta: 0x4a, count: 0x52 };
const POSITIVE = { span: 0x5a, delta: 0x62, count: 0x6a };
const RESET_HINT = { key: 0x70, gauge: 3 };

/**
 * Encodes a native histogram for both versions of remote write, without its times.
 *
 * @throws {RangeError} if a receiver would reject it.
 */
export function encodeHistogram(
  { count, sum, native }: HistogramValue & { readonly native: NativeHistogramValue },
  isGauge: boolean,
): Uint8Array {
  const writer = new ByteWriter({ capacity: 128 });
  const { schema, zeroThreshold, zeroCount, positive, negative } = native;
  const isFloat = hasFractions(native, count);
  checkNative(native, count, sum);
  writeCount(writer, isFloat, HISTOGRAM.count, HISTOGRAM.countFloat, count);
  writer.byte(HISTOGRAM.sum);
  writeDouble(writer, sum);
  writer.byte(HISTOGRAM.schema);
  writer.varint(zigzag(schema));
  writer.doubleField(HISTOGRAM.zeroThreshold, zeroThreshold);
  writeCount(writer, isFloat, ZERO_COUNT.whole, ZERO_COUNT.float, zeroCount);
  writeSide(writer, negative, isFloat, NEGATIVE);
  writeSide(writer, positive, isFloat, POSITIVE);
  if (isGauge) {
    writer.byte(RESET_HINT.key);
    writer.byte(RESET_HINT.gauge);
  }
  return writer.take();
}
