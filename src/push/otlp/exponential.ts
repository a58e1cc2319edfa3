import type { HistogramValue, NativeBucketCounts, NativeHistogramValue } from '../../model/family.ts';
import { hasFractions } from '../../model/native-spans.ts';
import { checkNative } from '../../model/soundness.ts';

/** Maximum length of a list of buckets: empty ones between others take memory too. */
const MOST_BUCKETS = 4096;
/** Index of the bucket of schema 0 with the largest doubles. Infinity is in the one after. */
const LAST_INDEX = 1024;

/** Native buckets whose counts can be compared with those of another time. */
export interface Exponential {
  readonly scale: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  /** Count of each bucket by its index in a native histogram. */
  readonly positive: ReadonlyMap<number, number>;
  readonly negative: ReadonlyMap<number, number>;
  readonly sum: number;
}

/** Buckets as OTLP has them: bucket `offset + i` holds values above base ** (offset + i), up to the next power. */
export interface DenseBuckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

/**
 * Returns the buckets of a native histogram, in a lower resolution if OTLP's lists of buckets would be too long. Leaves out
 * infinite observations (OpenTelemetry: Prometheus compatibility).
 *
 * @throws {RangeError} if the histogram is invalid or has counts with fractions.
 */
export function exponentialOf({ count, sum, native }: HistogramValue & { native: NativeHistogramValue }): Exponential {
  checkNative(native, count, sum);
  if (hasFractions(native, count)) {
    throw new RangeError(`A native histogram must have whole counts in OTLP, got ${count} with fractions.`);
  }
  const { schema: scale, zeroThreshold, zeroCount, positive, negative } = native;
  const whole: Exponential = {
    scale,
    zeroThreshold,
    zeroCount,
    positive: finiteBuckets(positive, scale),
    negative: finiteBuckets(negative, scale),
    sum,
  };
  let shown = whole;
  while (Math.max(widthOf(shown.positive), widthOf(shown.negative)) > MOST_BUCKETS) {
    shown = withScale(shown, shown.scale - 1);
  }
  return shown;
}

/**
 * Returns what was added to a histogram since an earlier time, in its resolution; undefined if it cannot have been the same
 * histogram, because a count has fallen.
 */
export function difference(now: Exponential, before: Exponential): Exponential | undefined {
  if (before.scale < now.scale || before.zeroThreshold > now.zeroThreshold) return undefined;
  const past = withZeroThreshold(withScale(before, now.scale), now.zeroThreshold);
  const positive = subtract(now.positive, past.positive);
  const negative = subtract(now.negative, past.negative);
  const zeroCount = now.zeroCount - past.zeroCount;
  if (positive === undefined || negative === undefined || zeroCount < 0) return undefined;
  return { ...now, zeroCount, positive, negative, sum: now.sum - past.sum };
}

/** Returns the number of observations in all buckets. */
export function totalOf({ zeroCount, positive, negative }: Exponential): number {
  let total = zeroCount;
  for (const count of positive.values()) total += count;
  for (const count of negative.values()) total += count;
  return total;
}

/** Returns the list of buckets, in which bucket i has the exclusive lower bound that bucket i - 1 has as its upper bound. */
export function denseOf(buckets: ReadonlyMap<number, number>): DenseBuckets | undefined {
  if (buckets.size === 0) return undefined;
  const first = Math.min(...buckets.keys());
  const counts = Array.from({ length: widthOf(buckets) }, () => 0);
  for (const [index, count] of buckets) counts[index - first] = count;
  return { offset: first - 1, counts };
}

function finiteBuckets({ indexes, counts }: NativeBucketCounts, schema: number): Map<number, number> {
  const last = Math.ceil(LAST_INDEX * 2 ** schema);
  const found = new Map<number, number>();
  for (let at = 0; at < indexes.length; at++) {
    if (indexes[at]! <= last && counts[at]! !== 0) found.set(indexes[at]!, counts[at]!);
  }
  return found;
}

function widthOf(buckets: ReadonlyMap<number, number>): number {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const index of buckets.keys()) {
    first = Math.min(first, index);
    last = Math.max(last, index);
  }
  return last < first ? 0 : last - first + 1;
}

function withScale(histogram: Exponential, scale: number): Exponential {
  const factor = 2 ** (histogram.scale - scale);
  if (factor === 1) return histogram;
  const merged = (buckets: ReadonlyMap<number, number>) => {
    const groups = new Map<number, number>();
    for (const [index, count] of buckets) {
      const group = Math.ceil(index / factor);
      groups.set(group, (groups.get(group) ?? 0) + count);
    }
    return groups;
  };
  return { ...histogram, scale, positive: merged(histogram.positive), negative: merged(histogram.negative) };
}

/** Moves buckets that end within the threshold into the zero bucket, as a histogram does that widens it. */
function withZeroThreshold(histogram: Exponential, zeroThreshold: number): Exponential {
  if (zeroThreshold === histogram.zeroThreshold) return histogram;
  // The threshold is the bound of a bucket, up to rounding.
  const limit = Math.round(Math.log2(zeroThreshold) * 2 ** histogram.scale * 1e6) / 1e6;
  const outside = (buckets: ReadonlyMap<number, number>) => new Map([...buckets].filter(([index]) => index > limit));
  const moved = {
    ...histogram,
    zeroThreshold,
    positive: outside(histogram.positive),
    negative: outside(histogram.negative),
  };
  return { ...moved, zeroCount: moved.zeroCount + totalOf(histogram) - totalOf(moved) };
}

/** Returns undefined if a count has fallen. */
function subtract(
  now: ReadonlyMap<number, number>,
  before: ReadonlyMap<number, number>,
): Map<number, number> | undefined {
  const left = new Map(now);
  for (const [index, count] of before) {
    const rest = (left.get(index) ?? 0) - count;
    if (rest < 0) return undefined;
    if (rest === 0) left.delete(index);
    else left.set(index, rest);
  }
  return left;
}
