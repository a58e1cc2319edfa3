import { coarserIndex, nativeUpperBound } from '../../metrics/buckets/native-index.ts';
import type { Exemplar, NativeBucketCounts, NativeHistogramValue } from '../../model/family.ts';
import { isStandardSchema } from '../../model/native-spans.ts';

/** Maximum number of exemplars, as in the native histogram of one process. */
const MAX_EXEMPLARS = 10;

/**
 * The sum of native histograms: at the coarsest resolution of all, and with the widest zero bucket (native histograms
 * specification).
 */
export class NativeSum implements NativeHistogramValue {
  schema = 0;
  zeroThreshold = 0;
  zeroCount = 0;
  exemplars: readonly Exemplar[] | undefined = undefined;
  #isEmpty = true;
  #positive = new Map<number, number>();
  #negative = new Map<number, number>();

  get positive(): NativeBucketCounts {
    return inOrder(this.#positive);
  }

  get negative(): NativeBucketCounts {
    return inOrder(this.#negative);
  }

  /** Throws an Error for a schema that has no exponential buckets. */
  add(value: NativeHistogramValue): void {
    if (!isStandardSchema(value.schema)) {
      throw new Error(`native histograms of schema ${value.schema} cannot be merged; use one from -4 to 8.`);
    }
    if (this.#isEmpty) {
      this.#isEmpty = false;
      this.schema = value.schema;
      this.zeroThreshold = value.zeroThreshold;
    }
    if (value.schema < this.schema) this.#coarsen(value.schema);
    addBuckets(this.#positive, value.positive, value.schema - this.schema);
    addBuckets(this.#negative, value.negative, value.schema - this.schema);
    this.zeroCount += value.zeroCount;
    if (value.zeroThreshold !== this.zeroThreshold) {
      this.#widenZeroBucket(Math.max(this.zeroThreshold, value.zeroThreshold));
    }
    if (value.exemplars !== undefined) this.#addExemplars(value.exemplars);
  }

  #coarsen(schema: number): void {
    const levels = this.schema - schema;
    this.schema = schema;
    this.#positive = coarser(this.#positive, levels);
    this.#negative = coarser(this.#negative, levels);
  }

  /** Moves the buckets below the threshold to the zero bucket. If it is within one of them, it becomes its bound. */
  #widenZeroBucket(threshold: number): void {
    this.zeroThreshold = threshold;
    if (threshold === 0) return;
    for (const buckets of [this.#positive, this.#negative]) {
      for (const [index, count] of buckets) {
        if (nativeUpperBound(index - 1, this.schema) >= threshold) continue;
        buckets.delete(index);
        this.zeroCount += count;
        const upperBound = nativeUpperBound(index, this.schema);
        if (upperBound <= this.zeroThreshold) continue;
        // Both sides again, as the other may have buckets below the new threshold.
        this.#widenZeroBucket(upperBound);
        return;
      }
    }
  }

  #addExemplars(exemplars: readonly Exemplar[]): void {
    const all = [...(this.exemplars ?? []), ...exemplars];
    all.sort((a, b) => (b.timestamp ?? 0) - (a.timestamp ?? 0));
    this.exemplars = all.slice(0, MAX_EXEMPLARS);
  }
}

function addBuckets(into: Map<number, number>, { indexes, counts }: NativeBucketCounts, levels: number): void {
  for (let at = 0; at < indexes.length; at++) {
    const index = coarserIndex(indexes[at]!, levels);
    into.set(index, (into.get(index) ?? 0) + counts[at]!);
  }
}

function coarser(buckets: ReadonlyMap<number, number>, levels: number): Map<number, number> {
  const merged = new Map<number, number>();
  addBuckets(merged, { indexes: [...buckets.keys()], counts: [...buckets.values()] }, levels);
  return merged;
}

function inOrder(buckets: ReadonlyMap<number, number>): NativeBucketCounts {
  const indexes = [...buckets.keys()].sort((a, b) => a - b);
  return { indexes, counts: indexes.map((index) => buckets.get(index) ?? 0) };
}
