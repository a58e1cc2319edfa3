import type { Column } from './column.ts';

/** Row 0, which has no series, is both ends of the list. */
const ENDS = 0;
/** Stands for a neighbor of rows that are not in the list. */
const NONE = -1;

/**
 * The time of each row's last use, and a list of the rows in that order, linked through two columns. An update moves
 * its row to the end, so that the least recently used row is found in constant time.
 */
export class LastUse implements Column {
  /** By row, in milliseconds of the monotonic clock. */
  #times = new Float64Array(1);
  #older = new Int32Array(1);
  #newer = new Int32Array(1);

  /** The least recently used row; 0 without rows. */
  get leastRecent(): number {
    return this.#newer[ENDS]!;
  }

  timeOf(row: number): number {
    return this.#times[row]!;
  }

  /** Marks a row as used now. Ignores row 0, which handles of removed series use. */
  touch(row: number): void {
    if (row === ENDS) return;
    this.#times[row] = performance.now();
    if (this.#newer[row] === ENDS && this.#older[row] !== NONE) return; // It is the last one already.
    this.release(row);
    const last = this.#older[ENDS]!;
    this.#link(last, row);
    this.#link(row, ENDS);
  }

  grow(rows: number): void {
    this.#times = resized(this.#times, new Float64Array(rows));
    this.#older = resized(this.#older, new Int32Array(rows).fill(NONE));
    this.#newer = resized(this.#newer, new Int32Array(rows));
  }

  move(from: number, to: number): void {
    this.#times[to] = this.#times[from]!;
    this.#link(this.#older[from]!, to);
    this.#link(to, this.#newer[from]!);
    this.#older[from] = NONE;
  }

  /** Creating or resetting a series counts as a use. */
  clear(row: number): void {
    this.touch(row);
  }

  release(row: number): void {
    if (this.#older[row] === NONE) return;
    this.#link(this.#older[row]!, this.#newer[row]!);
    this.#older[row] = NONE;
  }

  #link(older: number, newer: number): void {
    this.#newer[older] = newer;
    this.#older[newer] = older;
  }
}

/** Copies as much of `array` as fits to `into`, and returns it. */
function resized<A extends Float64Array | Int32Array>(array: A, into: A): A {
  into.set(array.subarray(0, Math.min(array.length, into.length)));
  return into;
}
