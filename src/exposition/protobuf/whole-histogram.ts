import type { HistogramValue, NativeHistogramValue } from '../../model/family.ts';
import { putVarint, varintLength, zigzag } from '../bytes/varint.ts';
import { BUCKET, HISTOGRAM, NEGATIVE, POSITIVE } from './message-fields.ts';
import { WholeSide } from './whole-side.ts';

/** Counts below it are whole numbers of 31 bits, which need no doubles. */
const LIMIT = 2 ** 30;
/** Length of a double with its key. */
const DOUBLE = 9;
/** Length of a bucket without the varint of its count: three keys, its length, and its upper bound. */
const BUCKET_BASE = 3 + DOUBLE;
/** A span without buckets. */
const EMPTY_SPAN = [POSITIVE.span, 4, 0x08, 0, 0x10, 0];

/**
 * Writes histograms with whole counts and without exemplars, as nearly all are. Their length is computed first, so that
 * nothing is moved, and everything is checked meanwhile, so that it is read once more only to be written.
 */
export class WholeHistogram {
  readonly #negative = new WholeSide(NEGATIVE);
  readonly #positive = new WholeSide(POSITIVE);
  #hasEmptySpan = false;

  /** Returns the length of the message, or -1 if the histogram is of another kind, or invalid. */
  measure({ upperBounds, bucketCounts, count, sum, exemplars, native }: HistogramValue): number {
    if (exemplars !== undefined || !isWhole(count)) return -1;
    const last = upperBounds.length;
    let length = 1 + varintLength(count) + DOUBLE + BUCKET_BASE * last;
    let cumulative = 0;
    for (let index = 0; index < last; index++) {
      const observed = bucketCounts[index]!;
      if (!isWhole(observed)) return -1;
      cumulative += observed;
      length += varintLength(cumulative);
    }
    if (!isWhole(cumulative) || !isWhole(bucketCounts[last]!)) return -1;
    if (native === undefined) return length;
    const nativeLength = this.#measureNative(native, count, sum);
    return nativeLength < 0 ? -1 : length + nativeLength;
  }

  /** Writes the message that was measured last, with `start` at its end, and returns the position after it. */
  write(to: DataView, from: number, { upperBounds, bucketCounts, count, sum, native }: HistogramValue): number {
    let at = putVarint(to, key(to, from, HISTOGRAM.sampleCount), count);
    at = double(to, at, HISTOGRAM.sampleSum, sum);
    let cumulative = 0;
    for (let index = 0; index < upperBounds.length; index++) {
      cumulative += bucketCounts[index]!;
      to.setUint8(at, HISTOGRAM.bucket);
      to.setUint8(at + 1, BUCKET_BASE - 2 + varintLength(cumulative));
      to.setUint8(at + 2, BUCKET.cumulativeCount);
      at = putVarint(to, at + 3, cumulative);
      at = double(to, at, BUCKET.upperBound, upperBounds[index]!);
    }
    return native === undefined ? at : this.#writeNative(to, at, native);
  }

  #measureNative(
    { schema, zeroThreshold, zeroCount, positive, negative, exemplars }: NativeHistogramValue,
    count: number,
    sum: number,
  ): number {
    if (exemplars !== undefined && exemplars.length > 0) return -1;
    if (!(schema >= -4 && schema <= 8 && (schema | 0) === schema && isWhole(zeroCount))) return -1;
    if (!(zeroThreshold >= 0 && zeroThreshold < Number.POSITIVE_INFINITY)) return -1;
    const sides = this.#negative.measure(negative);
    const other = this.#positive.measure(positive);
    if (sides < 0 || other < 0) return -1;
    const total = zeroCount + this.#negative.total + this.#positive.total;
    if (total > count || (total < count && !Number.isNaN(sum))) return -1;
    // Without this span, servers would treat a histogram without observations as a classic one.
    this.#hasEmptySpan = sides + other === 0 && zeroThreshold === 0;
    const spanLength = this.#hasEmptySpan ? EMPTY_SPAN.length : 0;
    return 2 + DOUBLE + 1 + varintLength(zeroCount) + sides + other + spanLength;
  }

  #writeNative(to: DataView, from: number, { schema, zeroThreshold, zeroCount }: NativeHistogramValue): number {
    let at = putVarint(to, key(to, from, HISTOGRAM.schema), zigzag(schema));
    at = double(to, at, HISTOGRAM.zeroThreshold, zeroThreshold);
    at = putVarint(to, key(to, at, HISTOGRAM.zeroCount), zeroCount);
    at = this.#positive.write(to, this.#negative.write(to, at));
    if (this.#hasEmptySpan) for (const byte of EMPTY_SPAN) to.setUint8(at++, byte);
    return at;
  }
}

function isWhole(count: number): boolean {
  return (count | 0) === count && count >= 0 && count < LIMIT;
}

function key(to: DataView, at: number, value: number): number {
  to.setUint8(at, value);
  return at + 1;
}

function double(to: DataView, at: number, fieldKey: number, value: number): number {
  to.setUint8(at, fieldKey);
  to.setFloat64(at + 1, value + 0, true); // Adding 0 drops the sign of -0, as in the text formats.
  return at + DOUBLE;
}
