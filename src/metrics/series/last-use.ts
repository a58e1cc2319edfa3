import type { Column } from './column.ts';

/** Row 0, which no series has, is both ends of the list. */
const ENDS = 0;
/** In place of a neighbour, for rows that are not in the list. */
const NONE = -1;

/**
 * When each row was last used, and the rows in that order: a linked list through two columns. An update moves its row to the
 * end, and the row that has been idle for longest is the first, however many rows there are.
 */
export class LastUse implements Column {
  /** Milliseconds of the monotonic clock. */
  #times = new Float64Array(1);
  #older = new Int32Array(1);
  #newer = new Int32Array(1);

  /** The row that has been idle for longest; 0 if there are no rows. */
  get leastRecent(): number {
    return this.#newer[ENDS]!;
  }

  timeOf(row: number): number {
    return this.#times[row]!;
  }

  /** Marks the row as used now. Row 0 stays where it is: handles of removed series touch it. */
  touch(row: number): void {
    if (row === ENDS) return;
    this.#times[row] = performance.now();
    if (this.#newer[row] === ENDS && this.#older[row] !== NONE) return; // The last one already.
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

  /** A series that is new, or set back to its initial value, has been used now. */
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

/** `into` with the values of `array`, as far as there is room. */
function resized<A extends Float64Array | Int32Array>(array: A, into: A): A {
  into.set(array.subarray(0, Math.min(array.length, into.length)));
  return into;
}
