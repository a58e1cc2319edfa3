import type { Exemplar, HistogramValue } from '../../model/family.ts';

/** Shared by all histograms without bounds. */
const NO_BOUNDS: readonly number[] = Object.freeze([]);
/** An array that grows from nothing has room for seventeen. */
const FEW = 4;

/** The classic buckets of a histogram value. */
export interface ClassicBuckets extends Pick<HistogramValue, 'upperBounds' | 'exemplars'> {
  readonly bucketCounts: readonly number[];
}

/** A cumulative bucket, as in the formats: its count includes the buckets below. */
export interface CumulativeBucket {
  readonly upperBound: number;
  readonly count: number;
  readonly exemplar: Exemplar | undefined;
}

/** Collects cumulative buckets in any order. */
export class CumulativeBuckets {
  readonly #like: readonly number[];
  /** Undefined while the bounds equal those of `#like` and +Inf, as in most histograms of a family. */
  #upperBounds: number[] | undefined;
  #counts: number[] = [];
  #isSorted = true;
  /** Exemplars by the index of the bucket; most documents have none. */
  #exemplars: Map<number, Exemplar> | undefined;

  /** If the finite upper bounds equal `like`, the result is that array, so that histograms share it. */
  constructor(like: readonly number[] = NO_BOUNDS) {
    this.#like = like;
  }

  add(upperBound: number, count: number, exemplar?: Exemplar): void {
    const index = this.#counts.length;
    if (this.#upperBounds !== undefined || upperBound !== this.#expected(index)) this.#addBound(upperBound, index);
    this.#counts.push(count);
    if (exemplar !== undefined) this.#exemplars = (this.#exemplars ?? new Map()).set(index, exemplar);
  }

  /** Number of added buckets. */
  get size(): number {
    return this.#counts.length;
  }

  /** Bounds that the next histogram may share; empty if they are incomplete or out of order. */
  get finiteBounds(): readonly number[] {
    const isComplete = this.#upperBounds === undefined && this.#counts.length === this.#like.length + 1;
    if (isComplete) return this.#like;
    return this.#isSorted && this.#upperBounds?.at(-1) === Number.POSITIVE_INFINITY
      ? this.#upperBounds.slice(0, -1)
      : [];
  }

  /** Upper bound of the last added bucket, or undefined. */
  get lastBound(): number | undefined {
    return this.#bound(this.#counts.length - 1);
  }

  /** Whether separate counts can represent the buckets, so that cumulating them gives the same counts and bounds again. */
  areWhole(): boolean {
    this.#sort();
    const counts = this.#counts;
    const last = counts.length - 1;
    if (last < 0 || this.#bound(last) !== Number.POSITIVE_INFINITY || !(this.#bound(0)! > Number.NEGATIVE_INFINITY)) {
      return false;
    }
    let below = 0;
    for (let index = 0; index <= last; index++) {
      const count = counts[index]!;
      if (!(count >= below) || !Object.is(below + (count - below), count)) return false;
      if (index > 0 && this.#upperBounds !== undefined && !(this.#bound(index)! > this.#bound(index - 1)!))
        return false;
      below = count;
    }
    return true;
  }

  /** Yields the buckets by increasing bound. Call it before `separate()`. */
  *cumulative(): Iterable<CumulativeBucket> {
    this.#sort();
    for (let index = 0; index < this.#counts.length; index++) {
      yield {
        upperBound: this.#bound(index)!,
        count: this.#counts[index]!,
        exemplar: this.#exemplars?.get(index),
      };
    }
  }

  /** The count of the highest bucket; NaN without buckets. */
  last(): number {
    this.#sort();
    return this.#counts.at(-1) ?? Number.NaN;
  }

  /**
   * Returns separate counts. Call it once, after the last bucket. `count` is that of the histogram, and is used if there is no
   * +Inf bucket.
   */
  separate(count: number): ClassicBuckets {
    this.#sort();
    if (this.#bound(this.#counts.length - 1) !== Number.POSITIVE_INFINITY) this.add(Number.POSITIVE_INFINITY, count);
    return {
      upperBounds: this.#upperBounds?.slice(0, -1) ?? this.#like,
      bucketCounts: separated(this.#counts.length > FEW ? this.#counts : this.#counts.slice()),
      exemplars: this.#exemplars && this.#counts.map((_, index) => this.#exemplars?.get(index)),
    };
  }

  #bound(index: number): number | undefined {
    return this.#upperBounds === undefined ? this.#expected(index) : this.#upperBounds[index];
  }

  #expected(index: number): number | undefined {
    return index === this.#like.length ? Number.POSITIVE_INFINITY : this.#like[index];
  }

  #addBound(upperBound: number, index: number): void {
    const upperBounds = this.#upperBounds ?? Array.from({ length: index }, (_, at) => this.#expected(at)!);
    this.#upperBounds = upperBounds;
    if (index > 0 && upperBound < upperBounds[index - 1]!) this.#isSorted = false;
    upperBounds.push(upperBound);
  }

  #sort(): void {
    const upperBounds = this.#upperBounds;
    if (this.#isSorted || upperBounds === undefined) return;
    const order = [...upperBounds.keys()].sort((one, other) => upperBounds[one]! - upperBounds[other]!);
    const sorted = new CumulativeBuckets();
    for (const index of order) {
      const exemplar = this.#exemplars?.get(index);
      sorted.add(upperBounds[index]!, this.#counts[index]!, exemplar);
    }
    this.#upperBounds = order.map((index) => upperBounds[index]!);
    this.#counts = sorted.#counts;
    this.#exemplars = sorted.#exemplars;
    this.#isSorted = true;
  }
}

/** Converts in place, to avoid allocating an array per histogram. */
function separated(counts: number[]): number[] {
  let below = 0;
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index]!;
    counts[index] = count - below;
    below = count;
  }
  return counts;
}
