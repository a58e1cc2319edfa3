import type { NativeBucketCounts, NativeHistogramValue } from './family.ts';

/** Above this, differences between counts may be inexact. */
const MAX_COUNT = 2 ** 52;
/** Maximum number of empty buckets in a span: a new span takes more bytes than they do. */
export const MAX_GAP = 2;
const MAX_WRITTEN_INDEX = 2 ** 30;

/** One side of a native histogram as formats write it: runs of buckets, and the count of each bucket in them. */
export interface Spans {
  /** Distance of each span from the end of the previous one; of the first span, from bucket 0. */
  readonly offsets: readonly number[];
  /** Number of buckets of each span. */
  readonly lengths: readonly number[];
  /** Count of each bucket of all spans. */
  readonly counts: readonly number[];
}

/**
 * Converts buckets to spans.
 *
 * @throws {RangeError} if the buckets are not in order: an invalid histogram crashes Prometheus before 3.12.
 */
export function spansOf({ indexes, counts }: NativeBucketCounts): Spans {
  if (indexes.length !== counts.length) {
    throw new RangeError(
      `A native histogram must have a count for each of its ${indexes.length} buckets, got ${counts.length}.`,
    );
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

/** Returns whether the counts of a histogram must be written as doubles. */
export function hasFractions({ zeroCount, positive, negative }: NativeHistogramValue, count: number): boolean {
  return !(isWhole(count) && isWhole(zeroCount) && areWhole(positive.counts) && areWhole(negative.counts));
}

function checkIndex(index: number, lowest: number): void {
  if (Number.isInteger(index) && index >= lowest && index <= MAX_WRITTEN_INDEX) return;
  throw new RangeError(`The bucket indexes of a native histogram must be increasing integers, got ${index}.`);
}

function areWhole(counts: ArrayLike<number>): boolean {
  for (let index = 0; index < counts.length; index++) if (!isWhole(counts[index]!)) return false;
  return true;
}

function isWhole(count: number): boolean {
  return Number.isInteger(count) && count <= MAX_COUNT;
}

/** A run of buckets: its distance from the end of the previous run (or from index 0), and its number of buckets. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;
/** Servers store indexes in 32 bits. */
const MAX_INDEX = 2 ** 31;
/** Servers accept schemas up to this one, and merge the buckets. */
const MAX_REDUCIBLE_SCHEMA = 52;

/**
 * Converts spans to buckets, without empty ones. Returns a problem, which completes "expected ...", if spans and counts do not
 * match. They are compared before memory for the claimed number of buckets is allocated.
 */
export function bucketsOfSpans(spans: readonly Span[], counts: readonly number[]): NativeBucketCounts | string {
  if (spans.some(({ offset }, at) => at > 0 && offset < 0)) return 'only the first span with a negative offset';
  return filledBuckets(spans, counts);
}

/** Like {@link bucketsOfSpans}, but only non-empty buckets must be in order: servers drop empty ones first. */
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

/** Merges buckets of a schema that servers reduce in resolution. Returns undefined for unknown schemas. */
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

/** Returns the number of observations in all buckets. */
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
