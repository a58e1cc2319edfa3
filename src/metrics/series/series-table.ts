import type { Column } from './column.ts';
import { LabelIndex } from './label-index.ts';
import { LastUse } from './last-use.ts';

/** The row of removed handles: written, but never read. */
const TRASH = 0;
const INITIAL_ROWS = 4;
/** Growth factor of tables: small, because rows may be wide and copying them is cheap. */
const GROWTH = 1.125;
/** Minimum number of removed rows for which it is worth moving the others. */
const COMPACT_AT_LEAST = 64;

/** A child, as `labels()` returns it. The table updates its row. */
export interface Handle {
  /** @internal */
  row: number;
}

/** A child and the labels of its series. */
export interface LabeledChild<Child> {
  /** Label values by label name. */
  readonly labels: Readonly<Record<string, string>>;
  /** The child. */
  readonly child: Child;
}

/**
 * The series of a metric, one per row, in order of creation. A row is never reused while a handle to it may exist: when
 * a series is removed, its handle is moved to row 0, which has no series.
 */
export class SeriesTable<H extends Handle = Handle> {
  readonly labelNames: readonly string[];
  /** Finds rows. Rows are added and removed through the table. */
  readonly index: LabelIndex;
  readonly #columns: Column[] = [];
  #handles: (H | undefined)[] = [];
  #capacity = INITIAL_ROWS;
  #lastRow = TRASH;
  #lastUse: LastUse | undefined = undefined;
  #ttlMs = Number.POSITIVE_INFINITY;
  #expired = 0;
  #removed = 0;
  #pins = 0;

  constructor(labelNames: readonly string[]) {
    this.labelNames = labelNames;
    this.index = new LabelIndex(labelNames);
    this.index.grow(this.#capacity);
  }

  /** Number of series. */
  get size(): number {
    return this.#lastRow - this.#removed;
  }

  /** The highest row in use. Rows below it may be those of removed series. */
  get lastRow(): number {
    return this.#lastRow;
  }

  /** Adds a column to all rows and returns it. */
  addColumn<C extends Column>(column: C): C {
    column.grow(this.#capacity);
    this.#columns.push(column);
    return column;
  }

  /** Makes rows expire that have not been used for `ttlMs`. Call it before rows are added. */
  expireAfter(ttlMs: number): void {
    this.#ttlMs = ttlMs;
    this.#lastUse = this.addColumn(new LastUse());
  }

  /** Whether the table tracks the last use of rows. */
  get tracksUse(): boolean {
    return this.#lastUse !== undefined;
  }

  /** Marks a row as used now. */
  touch(row: number): void {
    this.#lastUse?.touch(row);
  }

  /** Number of rows that `dropExpired()` has dropped. */
  get expired(): number {
    return this.#expired;
  }

  /** Adds a row for labels that are not in the table, with initial values, and returns it. */
  add(texts: readonly string[]): number {
    const row = this.#lastRow + 1;
    if (row >= this.#capacity) this.#resize(Math.ceil(this.#capacity * GROWTH));
    this.#lastRow = row;
    this.index.add(row, texts);
    this.clear(row);
    return row;
  }

  /** Returns the handle of a row, if it has one. */
  handleOf(row: number): H | undefined {
    return this.#handles[row];
  }

  /** Stores a handle for its row, and returns it. */
  keepHandle(handle: H): H {
    this.#handles[handle.row] = handle;
    return handle;
  }

  /** Whether a row has a series. */
  has(row: number): boolean {
    return row > TRASH && row <= this.#lastRow && this.index.has(row);
  }

  /** The label values of a row as texts, in the order of the names. */
  texts(row: number): string[] {
    const ids = new Int32Array(this.labelNames.length);
    this.index.read(row, ids, 0);
    return this.index.values.map(({ texts }, index) => texts[ids[index]!]!);
  }

  /** Removes a row. */
  remove(row: number): void {
    this.#drop(row);
    this.#compactIfSparse();
  }

  /** Removes the rows for which `matches` is true, and returns their number. */
  removeWhere(matches: (row: number) => boolean): number {
    const before = this.#removed;
    for (const row of this.rows(matches)) this.#drop(row);
    const dropped = this.#removed - before;
    this.#compactIfSparse();
    return dropped;
  }

  /** Removes at most `most` expired rows, the least recently used first, and returns their number. */
  dropExpired(most = Number.POSITIVE_INFINITY): number {
    const lastUse = this.#lastUse;
    if (lastUse === undefined) return 0;
    const before = this.#removed;
    const oldest = performance.now() - this.#ttlMs;
    for (let row = lastUse.leastRecent; row !== TRASH && lastUse.timeOf(row) < oldest; row = lastUse.leastRecent) {
      if (this.#removed - before >= most) break;
      this.#drop(row);
    }
    const dropped = this.#removed - before;
    this.#expired += dropped;
    this.#compactIfSparse();
    return dropped;
  }

  /** The rows for which `matches` is true, in order of creation. */
  *rows(matches: (row: number) => boolean): Generator<number, void, void> {
    for (let row = TRASH + 1; row <= this.#lastRow; row++) if (this.has(row) && matches(row)) yield row;
  }

  /** Resets a row to its initial values. */
  clear(row: number): void {
    for (const column of this.#columns) column.clear(row);
  }

  /** Keeps rows where they are until `unpin()` was called as often. */
  pin(): void {
    this.#pins++;
  }

  /** Ends one `pin()`. */
  unpin(): void {
    this.#pins--;
    this.#compactIfSparse();
  }

  #drop(row: number): void {
    this.index.remove(row);
    for (const column of this.#columns) column.release?.(row);
    const handle = this.#handles[row];
    if (handle !== undefined) {
      handle.row = TRASH;
      this.#handles[row] = undefined;
    }
    this.#removed++;
  }

  #compactIfSparse(): void {
    if (this.#pins > 0 || this.#removed < COMPACT_AT_LEAST || this.#removed < this.size) return;
    let last = TRASH;
    for (let row = TRASH + 1; row <= this.#lastRow; row++) if (this.has(row)) this.#move(row, ++last);
    this.#lastRow = last;
    this.#removed = 0;
    this.#handles.length = Math.min(this.#handles.length, last + 1);
    this.index.compacted(last);
    this.#resize(Math.max(INITIAL_ROWS, 2 * (last + 1))); // With churn, about as many are added before the next time.
  }

  #move(from: number, to: number): void {
    if (from === to) return;
    this.index.move(from, to);
    for (const column of this.#columns) column.move(from, to);
    const handle = this.#handles[from];
    if (handle === undefined) return;
    handle.row = to;
    this.#handles[to] = handle;
    this.#handles[from] = undefined;
  }

  #resize(capacity: number): void {
    this.#capacity = capacity;
    this.index.grow(capacity);
    for (const column of this.#columns) column.grow(capacity);
  }
}
