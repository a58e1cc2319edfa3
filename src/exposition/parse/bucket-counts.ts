import type { Exemplar, HistogramValue } from '../../model/family.ts';

/** A classic bucket as the formats have it: its count includes those of the buckets below. */
export interface CumulativeBucket {
  readonly upperBound: number;
  readonly cumulativeCount: number;
  /** The count, if it is an integer that a double cannot hold. */
  readonly exactCount?: bigint | undefined;
  readonly exemplar?: Exemplar | undefined;
}

/** What the model has of classic buckets. */
export interface ClassicBuckets extends Pick<HistogramValue, 'upperBounds' | 'exemplars'> {
  readonly bucketCounts: readonly number[];
  /** Only where a double lost digits. */
  readonly exactCounts: readonly bigint[] | undefined;
}

/**
 * Counts of each bucket by itself, from buckets in any order. `count` is that of the whole histogram, used for the
 * bucket up to +Inf where that is not among them.
 */
export function separateBuckets(
  buckets: readonly CumulativeBucket[],
  count: number,
  exactCount: bigint | undefined,
): ClassicBuckets {
  const sorted = buckets.toSorted((one, other) => one.upperBound - other.upperBound);
  if (sorted.at(-1)?.upperBound !== Number.POSITIVE_INFINITY) {
    sorted.push({ upperBound: Number.POSITIVE_INFINITY, cumulativeCount: count, exactCount });
  }
  const isExact = sorted.some((bucket) => bucket.exactCount !== undefined);
  return {
    upperBounds: sorted.slice(0, -1).map(({ upperBound }) => upperBound),
    bucketCounts: sorted.map(
      ({ cumulativeCount }, index) => cumulativeCount - (sorted[index - 1]?.cumulativeCount ?? 0),
    ),
    exactCounts: isExact ? exactDifferences(sorted) : undefined,
    exemplars: sorted.some(({ exemplar }) => exemplar) ? sorted.map(({ exemplar }) => exemplar) : undefined,
  };
}

function exactDifferences(buckets: readonly CumulativeBucket[]): bigint[] | undefined {
  if (!buckets.every((bucket) => bucket.exactCount !== undefined || Number.isInteger(bucket.cumulativeCount)))
    return undefined;
  const counts = buckets.map(({ exactCount, cumulativeCount }) => exactCount ?? BigInt(cumulativeCount));
  return counts.map((count, index) => count - (counts[index - 1] ?? 0n));
}
