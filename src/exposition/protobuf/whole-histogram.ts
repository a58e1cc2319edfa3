import type { HistogramValue, NativeHistogramValue } from '../../model/family.ts';
import { MAX_INT_VARINT, putVarint, varintLength, zigzag } from '../bytes/varint.ts';
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
/** Maximum length of count and sum. */
const MAX_BASE = 1 + MAX_INT_VARINT + DOUBLE;
/** Maximum length of schema, zero bucket and an empty span. */
const MAX_NATIVE = 2 + DOUBLE + 1 + MAX_INT_VARINT + EMPTY_SPAN.length;

/**
 * Writes histograms with whole counts and without exemplars, as nearly all are, in one pass that also checks them. Those of
 * another kind are left to `writeHistogram()`.
 */
export class WholeHistogram {
  readonly #negative = new WholeSide(NEGATIVE);
  readonly #positive = new WholeSide(POSITIVE);

  /** Returns the maximum number of bytes of a message. */
  longest({ upperBounds, native }: HistogramValue): number {
    const classic = MAX_BASE + upperBounds.length * (BUCKET_BASE + MAX_INT_VARINT);
    if (native === undefined) return classic;
    return classic + MAX_NATIVE + this.#negative.longest(native.negative) + this.#positive.longest(native.positive);
  }

  /** Writes a message, and returns the position after it, or -1 if the histogram is of another kind, or invalid. */
  write(
    to: DataView,
    from: number,
    { upperBounds, bucketCounts, count, sum, exemplars, native }: HistogramValue,
  ): number {
    if (exemplars !== undefined || !isWhole(count)) return -1;
    const last = upperBounds.length;
    let at = putVarint(to, key(to, from, HISTOGRAM.sampleCount), count);
    at = double(to, at, HISTOGRAM.sampleSum, sum);
    let cumulative = 0;
    for (let index = 0; index < last; index++) {
      const observed = bucketCounts[index]!;
      if (!isWhole(observed)) return -1;
      cumulative += observed;
      if (cumulative >= LIMIT) return -1;
      to.setUint8(at, HISTOGRAM.bucket);
      to.setUint8(at + 1, BUCKET_BASE - 2 + varintLength(cumulative));
      to.setUint8(at + 2, BUCKET.cumulativeCount);
      at = putVarint(to, at + 3, cumulative);
      at = double(to, at, BUCKET.upperBound, upperBounds[index]!);
    }
    if (!isWhole(bucketCounts[last]!)) return -1;
    return native === undefined ? at : this.#writeNative(to, at, native, count, sum);
  }

  #writeNative(
    to: DataView,
    from: number,
    { schema, zeroThreshold, zeroCount, positive, negative, exemplars }: NativeHistogramValue,
    count: number,
    sum: number,
  ): number {
    if (exemplars !== undefined && exemplars.length > 0) return -1;
    if (!(schema >= -4 && schema <= 8 && (schema | 0) === schema && isWhole(zeroCount))) return -1;
    if (!(zeroThreshold >= 0 && zeroThreshold < Number.POSITIVE_INFINITY)) return -1;
    let at = putVarint(to, key(to, from, HISTOGRAM.schema), zigzag(schema));
    at = double(to, at, HISTOGRAM.zeroThreshold, zeroThreshold);
    const sides = putVarint(to, key(to, at, HISTOGRAM.zeroCount), zeroCount);
    at = this.#negative.write(to, sides, negative);
    if (at >= 0) at = this.#positive.write(to, at, positive);
    const total = zeroCount + this.#negative.total + this.#positive.total;
    if (at < 0 || total > count || (total < count && !Number.isNaN(sum))) return -1;
    // Without this span, servers would treat a histogram without observations as a classic one.
    if (at === sides && zeroThreshold === 0) for (const byte of EMPTY_SPAN) to.setUint8(at++, byte);
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
