import type { NativeBucketCounts } from '../../model/family.ts';
import { coarserIndex } from './native-index.ts';

const NONE: number[] = [];

/** Buckets without gaps: the count of index i, for `length` indexes from `first`, is `counts[i - offset]`. */
export interface BucketRun {
  readonly counts: number[];
  readonly first: number;
  readonly length: number;
  readonly offset: number;
}

// Plain arrays, because a typed array of a few numbers takes several times the memory, which readers wait for.
/**
 * The populated buckets on one side of zero, by increasing index. Both arrays have exactly one entry per bucket, so
 * that readers can use them directly; adding a bucket, which is rare, replaces them.
 */
export class SparseBuckets implements NativeBucketCounts {
  #indexes: number[] = NONE;
  #counts: number[] = NONE;
  /** Index minus position of a bucket found before. */
  #offset = 0;

  get indexes(): readonly number[] {
    return this.#indexes;
  }

  get counts(): readonly number[] {
    return this.#counts;
  }

  /** Adjacent buckets, as many as possible, with indexes of at least `lowest`. Valid until `counts` is replaced. */
  longestRun(lowest: number): BucketRun {
    const indexes = this.#indexes;
    let [from, length] = [0, 0];
    for (let start = (indexes[0] ?? lowest) < lowest ? 1 : 0, end = start + 1; end <= indexes.length; end++) {
      if (indexes[end] === indexes[end - 1]! + 1) continue;
      if (end - start > length) [from, length] = [start, end - start];
      start = end;
    }
    const first = indexes[from] ?? 0;
    return { counts: this.#counts, first, length, offset: first - from };
  }

  get size(): number {
    return this.#indexes.length;
  }

  /** Adds to a bucket, creating it if necessary. */
  add(index: number, count: number): void {
    const at = this.#find(index);
    if (at >= 0) this.#counts[at]! += count;
    else this.#insert(~at, index, count);
  }

  /** Removes the first bucket if it has this index. Returns its count, or 0. */
  takeFirst(index: number): number {
    if (this.#indexes[0] !== index) return 0;
    const count = this.#counts[0]!;
    this.#indexes = this.#indexes.slice(1);
    this.#counts = this.#counts.slice(1);
    return count;
  }

  /** Halves the resolution: merges buckets that are one bucket in the next coarser schema. */
  halve(): void {
    const indexes = this.#indexes;
    const counts = this.#counts;
    let size = 0;
    for (const [at, finer] of indexes.entries()) {
      const index = coarserIndex(finer, 1);
      const count = counts[at]!;
      if (size > 0 && indexes[size - 1] === index) counts[size - 1]! += count;
      else {
        indexes[size] = index;
        counts[size++] = count;
      }
    }
    this.#indexes = indexes.slice(0, size);
    this.#counts = counts.slice(0, size);
  }

  clear(): void {
    this.#indexes = NONE;
    this.#counts = NONE;
  }

  // Most observations fall into a dense run of buckets, where index and position differ by the same number as last
  // time.
  #find(index: number): number {
    const guess = index - this.#offset;
    if (guess >= 0 && guess < this.#indexes.length && this.#indexes[guess] === index) return guess;
    const at = this.#search(index);
    if (at >= 0) this.#offset = index - at;
    return at;
  }

  /** Binary search, limited to the positions that are possible because indexes increase by at least one. */
  #search(index: number): number {
    const indexes = this.#indexes;
    const last = indexes.length - 1;
    if (last < 0 || index > indexes[last]!) return ~(last + 1);
    let low = Math.max(0, last - (indexes[last]! - index));
    let high = Math.min(last, index - indexes[0]!);
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = indexes[middle]!;
      if (found === index) return middle;
      if (found < index) low = middle + 1;
      else high = middle - 1;
    }
    return ~low;
  }

  #insert(at: number, index: number, count: number): void {
    this.#indexes = this.#indexes.toSpliced(at, 0, index);
    this.#counts = this.#counts.toSpliced(at, 0, count);
  }
}
