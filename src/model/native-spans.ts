import type { NativeBucketCounts, NativeHistogramValue } from './family.ts';

/** Beyond this the differences between counts may not be exact. */
const MAX_COUNT = 2 ** 52;
/** Empty buckets between two that hold something cost less than the beginning of another span, up to this many. */
const MAX_GAP = 2;
const MAX_INDEX = 2 ** 30;

/** One side of a native histogram as formats write it: runs of buckets, and a count for each bucket in them. */
export interface Spans {
  /** For each span the distance to the end of the one before, or, of the first, to bucket 0. */
  readonly offsets: readonly number[];
  /** For each span its number of buckets. */
  readonly lengths: readonly number[];
  /** One for each bucket of all spans: as many as the lengths come to. */
  readonly counts: readonly number[];
}

/** Throws a RangeError where the buckets are not in order: servers before 3.12 do not survive a histogram that is wrong. */
export function spansOf({ indexes, counts }: NativeBucketCounts): Spans {
  if (indexes.length !== counts.length) {
    throw new RangeError(`A native histogram has ${indexes.length} buckets and ${counts.length} counts.`);
  }
  const offsets: number[] = [];
  const lengths: number[] = [];
  const all: number[] = [];
  let next = 0;
  for (let at = 0; at < indexes.length; at++) {
    const index = indexes[at]!;
    const gap = index - next;
    checkIndex(index, at === 0 ? -MAX_INDEX : next);
    if (at > 0 && gap <= MAX_GAP) {
      for (let empty = 0; empty < gap; empty++) all.push(0);
      lengths[lengths.length - 1]! += gap + 1;
    } else {
      offsets.push(gap);
      lengths.push(1);
    }
    all.push(counts[at]!);
    next = index + 1;
  }
  return { offsets, lengths, counts: all };
}

/**
 * Throws a RangeError where a server would refuse the histogram, and with it the scrape (Prometheus: Histogram.Validate):
 * schema, threshold and counts in range, and the buckets come to `count`; to less only where NaN was observed.
 */
export function checkNative(native: NativeHistogramValue, count: number, sum: number): void {
  const { schema, zeroThreshold, zeroCount, positive, negative } = native;
  if (!(Number.isInteger(schema) && schema >= -4 && schema <= 8)) {
    throw new RangeError(`A native histogram has a schema from -4 to 8, not ${schema}.`);
  }
  if (!(zeroThreshold >= 0 && zeroThreshold < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`A native histogram has no zero threshold of ${zeroThreshold}.`);
  }
  const total = checkedCount(zeroCount) + totalOf(positive.counts) + totalOf(negative.counts);
  // Sums of fractions are not exact.
  if (!areIntegers([count, zeroCount]) || !areIntegers(positive.counts) || !areIntegers(negative.counts)) return;
  if (total > checkedCount(count) || (total < count && !Number.isNaN(sum))) {
    throw new RangeError(`The buckets of a native histogram hold ${total} of ${count} observations.`);
  }
}

/** Whether the histogram has to go with counts that are doubles. */
export function hasFractions({ zeroCount, positive, negative }: NativeHistogramValue, count: number): boolean {
  return !(isWhole(count) && isWhole(zeroCount) && areWhole(positive.counts) && areWhole(negative.counts));
}

function totalOf(counts: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < counts.length; index++) total += checkedCount(counts[index]!);
  return total;
}

function checkedCount(count: number): number {
  if (count >= 0) return count;
  throw new RangeError(`A native histogram has no count of ${count}.`);
}

function checkIndex(index: number, lowest: number): void {
  if (Number.isInteger(index) && index >= lowest && index <= MAX_INDEX) return;
  throw new RangeError(`A native histogram's buckets are in increasing order, and ${index} is not.`);
}

function areWhole(counts: ArrayLike<number>): boolean {
  for (let index = 0; index < counts.length; index++) if (!isWhole(counts[index]!)) return false;
  return true;
}

function areIntegers(counts: ArrayLike<number>): boolean {
  for (let index = 0; index < counts.length; index++) if (!Number.isInteger(counts[index]!)) return false;
  return true;
}

function isWhole(count: number): boolean {
  return Number.isInteger(count) && count <= MAX_COUNT;
}
