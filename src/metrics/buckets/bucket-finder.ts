import { highWord } from './double-bits.ts';

/** A longer table is not worth its memory; then, and where bounds crowd, a binary search finds the bucket. */
const MAX_CELLS = 2 ** 13;
const MAX_BOUNDS_IN_CELL = 2;
/** Most cells then hold no bound, and the processor is right to guess that a value is not above the next one. */
const CELLS_PER_BOUND = 8;

/**
 * Finds the bucket of a value in a time that hardly depends on the number of buckets: the top bits of the double are
 * the place in a table, from where one or two comparisons lead to the bucket.
 */
export class BucketFinder {
  readonly #bounds: Float64Array;
  /** The number of bounds below each cell; cells are neighbouring ranges of positive doubles. Empty: there is no table. */
  readonly #cells: Uint32Array;
  readonly #firstCell: number;
  readonly #shift: number;

  /** Bounds increase and are finite, as `bucketBoundsOf()` has them. */
  constructor(upperBounds: readonly number[]) {
    this.#bounds = Float64Array.from([...upperBounds, Number.POSITIVE_INFINITY]);
    const positive = upperBounds.filter((bound) => bound > 0);
    this.#shift = shiftFor(positive);
    this.#firstCell = cellOf(positive[0] ?? 0, this.#shift);
    this.#cells =
      this.#shift < 0 ? new Uint32Array(0) : cellsOf(positive, this.#shift, upperBounds.length - positive.length);
  }

  /** The index of the first bound that is not below the value, the number of bounds where all are; -1 for NaN. */
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

/** How many bits cells leave out of the upper word, for enough cells that hold few bounds; -1 if none are. */
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

/** From the cell of the first bound to the one after that of the last. */
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
