import { ownMemory, type TableMemory } from './table-memory.ts';

/** Data that a series table keeps per row. */
export interface Column {
  /** Resizes to exactly `rows` rows. Numbers move to a new array of this memory; the old one remains as it was. */
  grow(rows: number, memory: TableMemory): void;
  /** Moves the data of row `from` to row `to`. */
  move(from: number, to: number): void;
  /** Resets a row to its initial state. */
  clear(row: number): void;
  /** Called when a row is removed: frees what it refers to. */
  release?(row: number): void;
}

/** `width` doubles per row. The array is replaced when the table grows: find the row first, then read `data`. */
export class NumberColumn implements Column {
  readonly width: number;
  data: Float64Array;
  readonly #initial: () => number;

  constructor(width: number, initial: () => number = () => 0) {
    this.width = width;
    this.data = ownMemory.doubles(width);
    this.#initial = initial;
  }

  grow(rows: number, memory: TableMemory): void {
    const grown = memory.doubles(this.width * rows);
    grown.set(this.data.subarray(0, Math.min(grown.length, this.data.length)));
    this.data = grown;
  }

  // Loops, here and in clear(): for the few numbers of a row, copyWithin() and fill() cost more to call than to run.
  move(from: number, to: number): void {
    const { data, width } = this;
    for (let index = 0; index < width; index++) data[to * width + index] = data[from * width + index]!;
  }

  clear(row: number): void {
    const { data, width } = this;
    const initial = this.#initial();
    for (let at = row * width; at < (row + 1) * width; at++) data[at] = initial;
  }
}
/** One object per row, created on first use. */
export class ObjectColumn<T> implements Column {
  readonly data: (T | undefined)[] = [];

  /** Truncates the array. It grows by itself. */
  grow(rows: number): void {
    if (rows < this.data.length) this.data.length = rows;
  }

  move(from: number, to: number): void {
    this.data[to] = this.data[from];
    this.data[from] = undefined;
  }

  clear(row: number): void {
    if (row < this.data.length) this.data[row] = undefined;
  }

  release(row: number): void {
    this.clear(row);
  }
}
