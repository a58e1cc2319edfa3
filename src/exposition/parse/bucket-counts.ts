import type { Exemplar, HistogramValue } from '../../model/family.ts';

/** What the model has of classic buckets. */
export interface ClassicBuckets extends Pick<HistogramValue, 'upperBounds' | 'exemplars'> {
  readonly bucketCounts: readonly number[];
  /** Only where a double lost digits. */
  readonly exactCounts: readonly bigint[] | undefined;
}

/** Buckets as the formats have them, in any order: the count of each includes those of the buckets below. */
export class CumulativeBuckets {
  #upperBounds: number[] = [];
  #counts: number[] = [];
  #isSorted = true;
  /** Of few documents, by the index of the bucket: counts that a double cannot hold, and exemplars. */
  #exactCounts: Map<number, bigint> | undefined;
  #exemplars: Map<number, Exemplar> | undefined;

  add(upperBound: number, count: number, exactCount: bigint | undefined, exemplar: Exemplar | undefined): void {
    const index = this.#upperBounds.length;
    if (index > 0 && upperBound < this.#upperBounds[index - 1]!) this.#isSorted = false;
    this.#upperBounds.push(upperBound);
    this.#counts.push(count);
    if (exactCount !== undefined) this.#exactCounts = (this.#exactCounts ?? new Map()).set(index, exactCount);
    if (exemplar !== undefined) this.#exemplars = (this.#exemplars ?? new Map()).set(index, exemplar);
  }

  /** The count of the highest bucket, NaN without any. */
  last(): { readonly count: number; readonly exactCount: bigint | undefined } {
    this.#sort();
    const index = this.#counts.length - 1;
    return { count: this.#counts[index] ?? Number.NaN, exactCount: this.#exactCounts?.get(index) };
  }

  /**
   * The counts of each bucket by itself. `count` is that of the whole histogram, used for the bucket up to +Inf where
   * that is not among the buckets. Upper bounds that equal `like` are that array, so that series can share one.
   */
  separate(count: number, exactCount: bigint | undefined, like: readonly number[] = []): ClassicBuckets {
    this.#sort();
    if (this.#upperBounds.at(-1) !== Number.POSITIVE_INFINITY) {
      this.add(Number.POSITIVE_INFINITY, count, exactCount, undefined);
    }
    const upperBounds = this.#upperBounds;
    upperBounds.pop();
    return {
      upperBounds: isEqual(upperBounds, like) ? like : upperBounds,
      bucketCounts: differences(this.#counts),
      exactCounts: this.#exactCounts && this.#exactDifferences(),
      exemplars: this.#exemplars && this.#counts.map((_, index) => this.#exemplars?.get(index)),
    };
  }

  #sort(): void {
    if (this.#isSorted) return;
    const order = [...this.#upperBounds.keys()].sort(
      (one, other) => this.#upperBounds[one]! - this.#upperBounds[other]!,
    );
    const sorted = new CumulativeBuckets();
    for (const index of order) {
      const exemplar = this.#exemplars?.get(index);
      sorted.add(this.#upperBounds[index]!, this.#counts[index]!, this.#exactCounts?.get(index), exemplar);
    }
    this.#upperBounds = sorted.#upperBounds;
    this.#counts = sorted.#counts;
    this.#exactCounts = sorted.#exactCounts;
    this.#exemplars = sorted.#exemplars;
    this.#isSorted = true;
  }

  #exactDifferences(): bigint[] | undefined {
    const isWhole = (count: number, index: number) => this.#exactCounts?.has(index) || Number.isInteger(count);
    if (!this.#counts.every(isWhole)) return undefined;
    const counts = this.#counts.map((count, index) => this.#exactCounts?.get(index) ?? BigInt(count));
    return counts.map((count, index) => count - (counts[index - 1] ?? 0n));
  }
}

function differences(counts: readonly number[]): number[] {
  const separate = new Array<number>(counts.length);
  let below = 0;
  for (let index = 0; index < counts.length; index++) {
    separate[index] = counts[index]! - below;
    below = counts[index]!;
  }
  return separate;
}

function isEqual(one: readonly number[], other: readonly number[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) {
    if (one[index] !== other[index]) return false;
  }
  return true;
}
