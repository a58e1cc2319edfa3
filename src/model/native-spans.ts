import type { NativeBucketCounts, NativeHistogramValue } from './family.ts';

/** Beyond this the differences between counts may not be exact. */
const MAX_COUNT = 2 ** 52;
/** Empty buckets between two that hold something cost less than the beginning of another span, up to this many. */
const MAX_GAP = 2;
const MAX_WRITTEN_INDEX = 2 ** 30;

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
    checkIndex(index, at === 0 ? -MAX_WRITTEN_INDEX : next);
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

/** Whether the histogram has to go with counts that are doubles. */
export function hasFractions({ zeroCount, positive, negative }: NativeHistogramValue, count: number): boolean {
  return !(isWhole(count) && isWhole(zeroCount) && areWhole(positive.counts) && areWhole(negative.counts));
}

function checkIndex(index: number, lowest: number): void {
  if (Number.isInteger(index) && index >= lowest && index <= MAX_WRITTEN_INDEX) return;
  throw new RangeError(`A native histogram's buckets are in increasing order, and ${index} is not.`);
}

function areWhole(counts: ArrayLike<number>): boolean {
  for (let index = 0; index < counts.length; index++) if (!isWhole(counts[index]!)) return false;
  return true;
}

function isWhole(count: number): boolean {
  return Number.isInteger(count) && count <= MAX_COUNT;
}

/** A run of buckets: how far from the end of the run before (or from index 0) it begins, and how many they are. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;
/** What servers hold: the last index, and the first in size. */
const MAX_INDEX = 2 ** 31;
/** Servers take finer buckets too and merge them. */
const MAX_REDUCIBLE_SCHEMA = 52;

/**
 * Buckets by index, without those that hold nothing. A problem, completing "expected ...", where spans and counts do
 * not match: they are compared before anything as large as a span claims to be is made.
 */
export function bucketsOfSpans(spans: readonly Span[], counts: readonly number[]): NativeBucketCounts | string {
  if (spans.some(({ offset }, at) => at > 0 && offset < 0)) return 'only the first span with a negative offset';
  return filledBuckets(spans, counts);
}

/** As `bucketsOfSpans()`, but only buckets that hold something have to be in order: servers drop the others first. */
export function filledBuckets(spans: readonly Span[], counts: readonly number[]): NativeBucketCounts | string {
  const total = spans.reduce((sum, { length }) => sum + length, 0);
  if (total !== counts.length) return `as many buckets as spans hold, ${total}`;
  const indexes: number[] = [];
  const filled: number[] = [];
  let index = 0;
  let at = 0;
  for (const { offset, length } of spans) {
    index += offset;
    if (index + length > MAX_INDEX || index <= -MAX_INDEX) return 'buckets whose indexes have 32 bits';
    for (const end = at + length; at < end; at++, index++) {
      if (counts[at] === 0) continue;
      if (index <= (indexes.at(-1) ?? Number.NEGATIVE_INFINITY)) return 'buckets in order';
      indexes.push(index);
      filled.push(counts[at]!);
    }
  }
  return { indexes, counts: filled };
}

/** Merges buckets of schemas that servers know only in resolution; undefined for schemas that nobody knows. */
export function reduceSchema(value: NativeHistogramValue): NativeHistogramValue | undefined {
  if (value.schema < MIN_SCHEMA || value.schema > MAX_REDUCIBLE_SCHEMA) return undefined;
  if (value.schema <= MAX_SCHEMA) return value;
  const factor = 2 ** (value.schema - MAX_SCHEMA);
  return {
    ...value,
    schema: MAX_SCHEMA,
    positive: merge(value.positive, factor),
    negative: merge(value.negative, factor),
  };
}

export function isStandardSchema(schema: number): boolean {
  return schema >= MIN_SCHEMA && schema <= MAX_SCHEMA;
}

/** All observations that are in a bucket. */
export function bucketTotal({ zeroCount, positive, negative }: NativeHistogramValue): number {
  return zeroCount + sum(positive.counts) + sum(negative.counts);
}

function merge({ indexes, counts }: NativeBucketCounts, factor: number): NativeBucketCounts {
  const merged = new Map<number, number>();
  for (let at = 0; at < indexes.length; at++) {
    const index = Math.ceil(indexes[at]! / factor);
    merged.set(index, (merged.get(index) ?? 0) + counts[at]!);
  }
  return { indexes: [...merged.keys()], counts: [...merged.values()] };
}

function sum(counts: ArrayLike<number>): number {
  let total = 0;
  for (let at = 0; at < counts.length; at++) total += counts[at]!;
  return total;
}
