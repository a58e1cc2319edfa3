import type { Column } from './column.ts';
import { LabelIndex } from './label-index.ts';
import { LastUse } from './last-use.ts';

/** The row that removed handles point at: written, never read. */
const TRASH = 0;
const INITIAL_ROWS = 4;
/** How much room a table gets at a time: little, since a row may be wide, and to copy rows is cheap. */
const GROWTH = 1.125;
/** Fewer removed rows than this are not worth moving the others. */
const COMPACT_AT_LEAST = 64;

/** What `labels()` gives out; the table keeps its row right. */
export interface Handle {
  row: number;
}

/**
 * The series of a metric, a row each. Rows are in order of creation; a row is never given to another series while a
 * handle to it may live: when the series is removed, the handle goes to row 0, which is nobody's.
 */
export class SeriesTable<H extends Handle = Handle> {
  readonly labelNames: readonly string[];
  /** For look-ups; rows come and go through the table. */
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

  /** Series that are there. */
  get size(): number {
    return this.#lastRow - this.#removed;
  }

  /** The highest row in use, those of removed series included. */
  get lastRow(): number {
    return this.#lastRow;
  }

  addColumn<C extends Column>(column: C): C {
    column.grow(this.#capacity);
    this.#columns.push(column);
    return column;
  }

  /** From now on `dropExpired()` drops rows that have not been used for longer than `ttlMs`. Call it before rows are added. */
  expireAfter(ttlMs: number): void {
    this.#ttlMs = ttlMs;
    this.#lastUse = this.addColumn(new LastUse());
  }

  /** Whether rows know when they were last used. */
  get tracksUse(): boolean {
    return this.#lastUse !== undefined;
  }

  /** Marks the row as used now. */
  touch(row: number): void {
    this.#lastUse?.touch(row);
  }

  /** How many rows `dropExpired()` has dropped. */
  get expired(): number {
    return this.#expired;
  }

  /** A new row for labels that are not in the table; all of its columns are as new. */
  add(texts: readonly string[]): number {
    const row = this.#lastRow + 1;
    if (row >= this.#capacity) this.#resize(Math.ceil(this.#capacity * GROWTH));
    this.#lastRow = row;
    this.index.add(row, texts);
    this.clear(row);
    return row;
  }

  /** The handle of a row, if it has one. */
  handleOf(row: number): H | undefined {
    return this.#handles[row];
  }

  /** Makes it the handle of the row that it points at. */
  keepHandle(handle: H): H {
    this.#handles[handle.row] = handle;
    return handle;
  }

  has(row: number): boolean {
    return row > TRASH && row <= this.#lastRow && this.index.has(row);
  }

  /** The row's labels as texts, in the order of the names. */
  texts(row: number): string[] {
    const ids = new Int32Array(this.labelNames.length);
    this.index.read(row, ids, 0);
    return this.index.values.map(({ texts }, index) => texts[ids[index]!]!);
  }

  remove(row: number): void {
    this.#drop(row);
    this.#compactIfSparse();
  }

  /** Removes the rows for which `matches` is true; how many that were. */
  removeWhere(matches: (row: number) => boolean): number {
    const before = this.#removed;
    for (const row of this.rows(matches)) this.#drop(row);
    const dropped = this.#removed - before;
    this.#compactIfSparse();
    return dropped;
  }

  /** Removes expired rows, those that have been idle for longest first, and at most `most` of them; returns how many. */
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

  /** All columns of the row are as new; the series stays. */
  clear(row: number): void {
    for (const column of this.#columns) column.clear(row);
  }

  /** No row moves until as many `unpin()`. */
  pin(): void {
    this.#pins++;
  }

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
    this.#resize(Math.max(INITIAL_ROWS, 2 * (last + 1))); // Where series come and go, as many come before this is next.
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
