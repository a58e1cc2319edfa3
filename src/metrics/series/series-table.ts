import { type Column, NumberColumn } from './column.ts';
import { LabelIndex } from './label-index.ts';
import { LastUse } from './last-use.ts';
import { TableGrowth } from './table-growth.ts';
import { ownMemory, type TableArrays, type TableMemory, type TableSharing } from './table-memory.ts';

/** The row of removed handles: written, but never read. */
const TRASH = 0;
const INITIAL_ROWS = 4;
/** Minimum number of removed rows for which it is worth moving the others. */
const COMPACT_AT_LEAST = 64;

/** Indexes of `SeriesTable.lost`. */
export const Lost = { overflowed: 0, expired: 1, exemplars: 2 } as const;

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
  /** Numbers of updates that went to the overflow series, of expired series and of dropped exemplars. */
  lost = ownMemory.doubles(3);
  readonly #columns: Column[] = [];
  #handles: (H | undefined)[] = [];
  #capacity = INITIAL_ROWS;
  readonly #growth = new TableGrowth();
  #lastRow = TRASH;
  #lastUse: LastUse | undefined = undefined;
  #ttlMs = Number.POSITIVE_INFINITY;
  #removed = 0;
  #pins = 0;
  #sharing: TableSharing | undefined = undefined;
  /** Whether changes wait for the end of `atOnce()`. */
  #isHeld = false;

  constructor(labelNames: readonly string[]) {
    this.labelNames = labelNames;
    this.index = new LabelIndex(labelNames);
    this.#resize(this.#capacity);
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
    column.grow(this.#capacity, this.#memory);
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

  /** Adds a row for labels that are not in the table, with initial values, and returns it. */
  add(texts: readonly string[]): number {
    const row = this.#lastRow + 1;
    if (row >= this.#capacity) this.#grow();
    else if (row >= this.#growth.prepareAt) this.#prepareGrowth(row);
    this.#lastRow = row;
    this.index.add(row, texts);
    this.clear(row);
    if (this.#sharing !== undefined) this.#showRow(this.#sharing);
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
    this.lost[Lost.expired]! += dropped;
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

  /**
   * Moves all numbers and ids to memory of other threads. From then on, arrays that were published never change what they
   * say about a row, except for its numbers and whether it was removed.
   */
  share(sharing: TableSharing): void {
    this.#sharing = sharing;
    const lost = sharing.memory.doubles(this.lost.length);
    lost.set(this.lost);
    this.lost = lost;
    this.#resize(this.#capacity);
    sharing.addTexts();
    this.#storeLastRow();
    sharing.publish(false);
  }

  /** The arrays as they are now. */
  get arrays(): TableArrays {
    return { ids: this.index.ids, columns: this.#numberColumns.map(({ data }) => data), lost: this.lost };
  }

  /** Shows the rows of a table in another thread, which has the same columns. This table must not be changed then. */
  follow(
    ids: Int32Array,
    columns: readonly Float64Array[],
    { lastRow, removed }: { readonly lastRow: number; readonly removed: number },
  ): void {
    this.index.follow(ids);
    for (const [index, column] of this.#numberColumns.entries()) column.data = columns[index] ?? column.data;
    this.#lastRow = lastRow;
    this.#removed = removed;
    this.#pins = Number.POSITIVE_INFINITY;
  }

  /** Makes several changes. Other threads see all of them or none. */
  atOnce(change: () => void): void {
    if (this.#sharing !== undefined) this.#resize(this.#capacity);
    this.#isHeld = true;
    try {
      change();
    } finally {
      this.#isHeld = false;
      this.#sharing?.publish(true);
    }
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
    if (this.#sharing !== undefined) this.#resize(this.#capacity); // Others may be reading the rows in their places.
    let last = TRASH;
    for (let row = TRASH + 1; row <= this.#lastRow; row++) if (this.has(row)) this.#move(row, ++last);
    this.#lastRow = last;
    this.#removed = 0;
    this.#handles.length = Math.min(this.#handles.length, last + 1);
    this.index.compacted(last);
    // With churn, about as many are added before the next time.
    const wanted = Math.max(INITIAL_ROWS, 2 * (last + 1));
    if (this.#capacity < wanted || this.#capacity > 2 * wanted) this.#resize(wanted);
    if (this.#sharing === undefined) return;
    this.#storeLastRow();
    if (!this.#isHeld) this.#sharing.publish(true);
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

  #grow(): void {
    this.#resize(this.#growth.next(this.#sharing !== undefined));
    if (!this.#isHeld) this.#sharing?.publish(false);
  }

  #prepareGrowth(row: number): void {
    const lengths = { doubles: this.#numberColumns.map(({ width }) => width), integers: this.labelNames.length };
    this.#growth.prepare(row, this.#growth.next(this.#sharing !== undefined), this.#memory, lengths);
  }

  #resize(capacity: number): void {
    this.#capacity = capacity;
    const memory = this.#growth.resize(capacity, this.#memory);
    this.index.grow(capacity, memory);
    for (const column of this.#columns) column.grow(capacity, memory);
  }

  get #memory(): TableMemory {
    return this.#sharing?.memory ?? ownMemory;
  }

  get #numberColumns(): NumberColumn[] {
    return this.#columns.filter((column) => column instanceof NumberColumn);
  }

  /** Shows the last row, which is complete, to other threads. */
  #showRow(sharing: TableSharing): void {
    if (!this.#isHeld && sharing.addTexts()) sharing.publish(false);
    this.#storeLastRow();
  }

  /** A table without labels has its only row from the start. */
  #storeLastRow(): void {
    if (this.labelNames.length > 0) Atomics.store(this.index.ids, 0, this.#lastRow);
  }
}
