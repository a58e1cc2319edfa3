import { highWord } from './double-bits.ts';

/** Maximum length of the table. Beyond it, and if too many bounds share a cell, a binary search finds the bucket. */
const MAX_CELLS = 2 ** 13;
const MAX_BOUNDS_IN_CELL = 2;
/** Most cells then contain no bound, so the processor predicts correctly that a value is not above the next one. */
const CELLS_PER_BOUND = 8;

/**
 * Finds the bucket of a value in nearly constant time: the top bits of the double index a table, and one or two
 * comparisons lead from there to the bucket.
 */
export class BucketFinder {
  readonly #bounds: Float64Array;
  /** Number of bounds below each cell. Cells are adjacent ranges of positive doubles. Empty without a table. */
  readonly #cells: Uint32Array;
  readonly #firstCell: number;
  readonly #shift: number;

  /** The bounds must be finite and increasing, as `bucketBoundsOf()` returns them. */
  constructor(upperBounds: readonly number[]) {
    this.#bounds = Float64Array.from([...upperBounds, Number.POSITIVE_INFINITY]);
    const positive = upperBounds.filter((bound) => bound > 0);
    this.#shift = shiftFor(positive);
    this.#firstCell = cellOf(positive[0] ?? 0, this.#shift);
    this.#cells =
      this.#shift < 0 ? new Uint32Array(0) : cellsOf(positive, this.#shift, upperBounds.length - positive.length);
  }

  /**
   * Returns the index of the first bound that is at least the value, the number of bounds if none is, and -1 for NaN.
   */
  find(value: number): number {
    const cells = this.#cells;
    if (!(value > 0) || cells.length === 0) return this.#search(value);
    const bounds = this.#bounds;
    const cell = (highWord(value) >>> this.#shift) - this.#firstCell;
    let index = cells[cell < 0 ? 0 : cell < cells.length ? cell : cells.length - 1]!;
    while (value > bounds[index]!) index++; // The last bound is infinite.
    return index;
  }

  #search(value: number): number {
    if (Number.isNaN(value)) return -1;
    const bounds = this.#bounds;
    let low = 0;
    let high = bounds.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value > bounds[middle]!) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function cellOf(value: number, shift: number): number {
  return highWord(value) >>> shift;
}

/**
 * Number of low bits of the upper word that cells ignore, so that there are enough cells with few bounds; -1 for no
 * table.
 */
function shiftFor(bounds: readonly number[]): number {
  let found = -1;
  for (let shift = 18; shift >= 0 && bounds.length > 0; shift--) {
    const cells = cellOf(bounds.at(-1)!, shift) - cellOf(bounds[0]!, shift) + 2;
    if (cells > MAX_CELLS) break;
    if (isCrowded(bounds, shift)) continue;
    found = shift;
    if (cells >= CELLS_PER_BOUND * bounds.length) break;
  }
  return found;
}

function isCrowded(bounds: readonly number[], shift: number): boolean {
  return bounds.some((bound, index) => {
    const later = bounds[index + MAX_BOUNDS_IN_CELL];
    return later !== undefined && cellOf(bound, shift) === cellOf(later, shift);
  });
}

/** Makes the table, from the cell of the first bound to the one after that of the last. */
function cellsOf(bounds: readonly number[], shift: number, boundsBefore: number): Uint32Array {
  const first = cellOf(bounds[0]!, shift);
  const last = cellOf(bounds.at(-1)!, shift);
  const cells = new Uint32Array(last - first + 2);
  for (let cell = 0, below = 0; cell < cells.length; cell++) {
    cells[cell] = boundsBefore + below;
    while (below < bounds.length && cellOf(bounds[below]!, shift) - first === cell) below++;
  }
  return cells;
}
