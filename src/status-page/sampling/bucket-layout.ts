import type { HistogramValue, NativeHistogramValue } from '../../model/family.ts';

/** More buckets are combined, because a heat map has no more rows. */
const MAX_BOUNDS = 40;

/** Buckets for histograms without classic ones: a power of two each. */
const POWERS = Array.from({ length: MAX_BOUNDS }, (_, index) => 2 ** (index - 20));

/** The buckets of a heat map, and how the buckets of a series are counted in them. */
export class BucketLayout {
  /** Inclusive upper bounds; the last bucket, up to +Inf, is implied. */
  readonly upperBounds: readonly number[];
  readonly #bounds: readonly number[];
  readonly #stride: number;

  /** Takes the buckets of the first series of a family. */
  constructor({ upperBounds, native }: HistogramValue) {
    const isNative = upperBounds.length === 0 && native !== undefined;
    this.#bounds = isNative ? [] : [...upperBounds];
    this.#stride = Math.max(1, Math.ceil(upperBounds.length / MAX_BOUNDS));
    const last = upperBounds.length - 1;
    this.upperBounds = isNative
      ? POWERS
      : Array.from(
          { length: Math.ceil(upperBounds.length / this.#stride) },
          (_, index) => upperBounds[Math.min((index + 1) * this.#stride - 1, last)]!,
        );
  }

  /** Adds the observations of a series. Returns false if it has other buckets. */
  add({ upperBounds, bucketCounts, native }: HistogramValue, counts: Float64Array): boolean {
    if (this.#bounds.length === 0 && native !== undefined) {
      addNative(native, counts);
      return true;
    }
    if (!isSameBounds(upperBounds, this.#bounds)) return false;
    for (let index = 0; index <= upperBounds.length; index++) {
      const bucket = index === upperBounds.length ? counts.length - 1 : Math.floor(index / this.#stride);
      counts[bucket]! += bucketCounts[index] ?? 0;
    }
    return true;
  }
}

function addNative({ schema, zeroCount, positive, negative }: NativeHistogramValue, counts: Float64Array): void {
  counts[0]! += zeroCount;
  for (let index = 0; index < negative.counts.length; index++) counts[0]! += negative.counts[index]!;
  for (let index = 0; index < positive.counts.length; index++) {
    // The upper bound of the bucket is 2 to this power.
    const power = Math.ceil(positive.indexes[index]! * 2 ** -schema);
    counts[Math.min(Math.max(power + 20, 0), MAX_BOUNDS)]! += positive.counts[index]!;
  }
}

function isSameBounds(bounds: readonly number[], others: readonly number[]): boolean {
  if (bounds === others) return true;
  return bounds.length === others.length && bounds.every((bound, index) => bound === others[index]);
}

/**
 * Returns a quantile of observations in buckets, interpolated within the bucket as `histogram_quantile()` does; NaN if
 * there are none.
 */
export function quantileOf(quantile: number, upperBounds: readonly number[], counts: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < counts.length; index++) total += counts[index]!;
  if (total === 0) return Number.NaN;
  const rank = quantile * total;
  let below = 0;
  for (let index = 0; index < upperBounds.length; index++) {
    const count = counts[index]!;
    if (below + count >= rank && count > 0) return interpolated(upperBounds, index, (rank - below) / count);
    below += count;
  }
  return upperBounds.at(-1) ?? Number.NaN;
}

function interpolated(upperBounds: readonly number[], index: number, fraction: number): number {
  const upper = upperBounds[index]!;
  const lower = index > 0 ? upperBounds[index - 1]! : Math.min(0, upper);
  return lower + (upper - lower) * fraction;
}
