import type { Exemplar, NativeBucketCounts, NativeHistogramValue } from '../model/family.ts';
import { NativeExemplars } from './native-exemplars.ts';
import { coarserIndex, nativeUpperBound } from './native-index.ts';
import { SparseBuckets } from './sparse-buckets.ts';

/**
 * Both distributions in one, at the coarser of their schemas. Where zero buckets differ, the narrower one grows to the
 * wider, and both grow on where that would cut a populated bucket (native histograms specification).
 */
export function mergeNative(a: NativeHistogramValue, b: NativeHistogramValue): NativeHistogramValue {
  const schema = Math.min(a.schema, b.schema);
  const one = new Copy(a, schema);
  const other = new Copy(b, schema);
  while (one.zeroThreshold < other.zeroThreshold || other.zeroThreshold < one.zeroThreshold) {
    if (one.zeroThreshold < other.zeroThreshold) one.widenZeroBucket(other.zeroThreshold);
    else other.widenZeroBucket(one.zeroThreshold);
  }
  addAll(one.positive, other.positive);
  addAll(one.negative, other.negative);
  return {
    schema,
    zeroThreshold: one.zeroThreshold,
    zeroCount: one.zeroCount + other.zeroCount,
    positive: one.positive,
    negative: one.negative,
    exemplars: mergeExemplars(a.exemplars ?? [], b.exemplars ?? []),
  };
}

/** A distribution at a coarser schema, to be changed. */
class Copy {
  readonly positive = new SparseBuckets();
  readonly negative = new SparseBuckets();
  readonly #schema: number;
  zeroThreshold: number;
  zeroCount: number;

  constructor(value: NativeHistogramValue, schema: number) {
    this.#schema = schema;
    this.zeroThreshold = value.zeroThreshold;
    this.zeroCount = value.zeroCount;
    addAll(this.positive, value.positive, value.schema - schema);
    addAll(this.negative, value.negative, value.schema - schema);
  }

  /** Takes up all buckets that begin below the threshold, and rises to where the last of them ends. */
  widenZeroBucket(threshold: number): void {
    this.zeroThreshold = threshold;
    for (;;) {
      const first = Math.min(...[this.positive, this.negative].flatMap(({ indexes }) => [...indexes.subarray(0, 1)]));
      if (!(nativeUpperBound(first - 1, this.#schema) < this.zeroThreshold)) return;
      this.zeroThreshold = Math.max(this.zeroThreshold, nativeUpperBound(first, this.#schema));
      this.zeroCount += this.positive.takeFirst(first) + this.negative.takeFirst(first);
    }
  }
}

function addAll(buckets: SparseBuckets, { indexes, counts }: NativeBucketCounts, levels = 0): void {
  for (let at = 0; at < indexes.length; at++) buckets.add(coarserIndex(indexes[at] ?? 0, levels), counts[at] ?? 0);
}

function mergeExemplars(a: readonly Exemplar[], b: readonly Exemplar[]): readonly Exemplar[] | undefined {
  const kept = new NativeExemplars();
  const timed = [...a, ...b].flatMap((exemplar) => {
    const { timestamp } = exemplar;
    return timestamp === undefined ? [] : [{ ...exemplar, timestamp }];
  });
  for (const exemplar of timed.sort((one, other) => one.timestamp - other.timestamp)) kept.add(exemplar);
  return kept.list.length === 0 ? undefined : kept.list;
}
