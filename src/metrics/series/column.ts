/** What a series table keeps for each of its rows. */
export interface Column {
  /** Makes room for `rows` rows, and for no more. */
  grow(rows: number): void;
  /** Row `to` becomes what row `from` was. */
  move(from: number, to: number): void;
  /** The row is as new. */
  clear(row: number): void;
  /** Nobody reads the row any more: lets go of what it holds. */
  release?(row: number): void;
}

/** `width` doubles a row. The array is replaced as the table grows: take the row first, then `data`. */
export class NumberColumn implements Column {
  readonly width: number;
  data: Float64Array;
  readonly #initial: () => number;

  constructor(width: number, initial: () => number = () => 0) {
    this.width = width;
    this.data = new Float64Array(width);
    this.#initial = initial;
  }

  grow(rows: number): void {
    const grown = new Float64Array(this.width * rows);
    grown.set(this.data.subarray(0, Math.min(grown.length, this.data.length)));
    this.data = grown;
  }

  // Loops, here and in clear(): a row is a few numbers, which copyWithin() and fill() take longer to look at than to write.
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
/** One object a row, made at first use. */
export class ObjectColumn<T> implements Column {
  readonly data: (T | undefined)[] = [];

  /** Only where there is less room than before. */
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
