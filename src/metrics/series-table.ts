import type { LabelInput, Labels, LabelValue } from '../model/labels.ts';
import { type Column, NumberColumn } from './column.ts';
import { Dictionary } from './dictionary.ts';

/** The row that removed handles point at: written, never read. */
const TRASH = 0;
const REMOVED = -1;
const INITIAL_ROWS = 4;
/** Fewer removed rows than this are not worth moving the others. */
const COMPACT_AT_LEAST = 64;

/** What `labels()` gives out; the table keeps its row right. */
export interface Handle {
  row: number;
}

/**
 * The series of a metric: a row each, found by the ids of its label values. Rows are in order of creation; a row is never
 * given to another series while a handle to it may live. Row 0 is nobody's, so that a row is true where it exists.
 */
export class SeriesTable<H extends Handle = Handle> {
  readonly labelNames: readonly string[];
  readonly #dictionaries: readonly Dictionary[];
  readonly #columns: Column[] = [];
  /** Unlike all others a seed differs from run to run: label values from outside must not be able to collide at will. */
  readonly #seed = (Math.random() * 2 ** 32) | 0;
  readonly #wanted: Int32Array;
  #ids: Int32Array;
  #handles: (H | undefined)[] = [];
  /** An open-addressing hash: a row, 0 where free, or REMOVED. */
  #slots = new Int32Array(INITIAL_ROWS * 2);
  #usedSlots = 0;
  #capacity = INITIAL_ROWS;
  #lastRow = TRASH;
  #lastUse: NumberColumn | undefined = undefined;
  #removed = 0;
  #pins = 0;

  constructor(labelNames: readonly string[]) {
    this.labelNames = labelNames;
    this.#dictionaries = labelNames.map(() => new Dictionary());
    this.#wanted = new Int32Array(labelNames.length);
    this.#ids = new Int32Array(labelNames.length * INITIAL_ROWS);
  }

  /** Series that are there. */
  get size(): number {
    return this.#lastRow - this.#removed;
  }

  /** The highest row in use, those of removed series included. */
  get lastRow(): number {
    return this.#lastRow;
  }

  /** Rows that there is room for. */
  get capacity(): number {
    return this.#capacity;
  }

  addColumn<C extends Column>(column: C): C {
    column.grow(this.#capacity);
    this.#columns.push(column);
    return column;
  }

  /** From now on rows know when they were last used. */
  trackUse(): void {
    this.#lastUse ??= this.addColumn(new NumberColumn(1, Date.now));
  }

  /** Says that the row is in use. */
  touch(row: number): void {
    if (this.#lastUse !== undefined) this.#lastUse.data[row] = Date.now();
  }

  /** When the row was last used, in milliseconds since the epoch; never, if nobody tracks it. */
  lastUse(row: number): number {
    return this.#lastUse?.data[row] ?? 0;
  }

  /** The row with these labels, or 0. Labels are not checked: extra ones are not seen. */
  find(labels: Partial<Labels>): number {
    const names = this.labelNames;
    const wanted = this.#wanted;
    let hash = this.#seed;
    for (let index = 0; index < names.length; index++) {
      // As the key of a Map undefined is harmless, and the one look-up checks what a caller gave.
      const id = this.#dictionaries[index]!.ids.get(labels[names[index]!]!);
      if (id === undefined) return 0;
      wanted[index] = id;
      hash = mix(hash, id);
    }
    return this.#probe(hash);
  }

  /** As `find()`, by position. */
  findValues(values: readonly LabelInput[]): number {
    if (values.length !== this.labelNames.length) return 0;
    const wanted = this.#wanted;
    let hash = this.#seed;
    for (let index = 0; index < values.length; index++) {
      const id = this.#dictionaries[index]!.ids.get(values[index]!);
      if (id === undefined) return 0;
      wanted[index] = id;
      hash = mix(hash, id);
    }
    return this.#probe(hash);
  }

  /** A new row for labels that are not in the table; all of its columns are as new. */
  add(texts: readonly string[]): number {
    const row = this.#lastRow + 1;
    if (row >= this.#capacity) this.#resize(this.#capacity * 2);
    this.#lastRow = row;
    const width = texts.length;
    for (let index = 0; index < width; index++) {
      this.#ids[row * width + index] = this.#dictionaries[index]!.intern(texts[index]!);
    }
    this.clear(row);
    if (width > 0) this.#insert(row);
    return row;
  }

  /** Lets the number or boolean stand for its text in look-ups, once the text is known. */
  alias(index: number, value: number | boolean, text: string): void {
    this.#dictionaries[index]?.alias(value, text);
  }

  /** The handle of a row, made at the first call. */
  handle(row: number, make: (row: number) => H): H {
    const known = this.#handles[row];
    if (known !== undefined) return known;
    const made = make(row);
    this.#handles[row] = made;
    return made;
  }

  has(row: number): boolean {
    const width = this.labelNames.length;
    return row > TRASH && row <= this.#lastRow && (width === 0 || this.#ids[row * width] !== REMOVED);
  }

  /** Puts the label values of a row into `values`, from `offset` on. */
  read(row: number, values: LabelValue[], offset: number): void {
    const width = this.labelNames.length;
    for (let index = 0; index < width; index++) {
      values[offset + index] = this.#dictionaries[index]!.values[this.#ids[row * width + index]!]!;
    }
  }

  /** The row's labels as texts, in the order of the names. */
  texts(row: number): string[] {
    const values: LabelValue[] = [];
    this.read(row, values, 0);
    return values.map(({ text }) => text);
  }

  remove(row: number): void {
    this.#drop(row);
    this.#compactIfSparse();
  }

  /** Removes the rows for which `matches` is true; how many that were. */
  removeWhere(matches: (row: number) => boolean): number {
    const before = this.#removed;
    for (let row = TRASH + 1; row <= this.#lastRow; row++) {
      if (this.has(row) && matches(row)) this.#drop(row);
    }
    const dropped = this.#removed - before;
    this.#compactIfSparse();
    return dropped;
  }

  /** The rows for which `matches` is true are as new; the series stay. */
  reset(matches: (row: number) => boolean): void {
    for (let row = TRASH + 1; row <= this.#lastRow; row++) if (this.has(row) && matches(row)) this.clear(row);
  }

  /** All columns of the row are as new. */
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

  #probe(hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot]!;
      if (row === 0) return 0;
      if (row !== REMOVED && this.#matches(row)) return row;
    }
  }

  #matches(row: number): boolean {
    const wanted = this.#wanted;
    const ids = this.#ids;
    const start = row * wanted.length;
    for (let index = 0; index < wanted.length; index++) {
      if (ids[start + index] !== wanted[index]) return false;
    }
    return true;
  }

  #insert(row: number): void {
    if (this.#usedSlots * 3 >= this.#slots.length * 2) {
      this.#rehash();
      return;
    }
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = this.#hash(row) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = row;
    this.#usedSlots++;
  }

  #hash(row: number): number {
    const width = this.labelNames.length;
    let hash = this.#seed;
    for (let index = row * width; index < (row + 1) * width; index++) hash = mix(hash, this.#ids[index]!);
    return hash;
  }

  #rehash(): void {
    this.#slots = new Int32Array(slotsFor(this.size));
    this.#usedSlots = 0;
    for (let row = TRASH + 1; row <= this.#lastRow; row++) if (this.has(row)) this.#insert(row);
  }

  #drop(row: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = this.#hash(row) & mask;
    while (slots[slot] !== row) slot = (slot + 1) & mask;
    slots[slot] = REMOVED;
    this.#ids[row * this.labelNames.length] = REMOVED;
    this.clear(row);
    const handle = this.#handles[row];
    if (handle !== undefined) handle.row = TRASH;
    this.#handles[row] = undefined;
    this.#removed++;
  }

  #compactIfSparse(): void {
    if (this.#pins > 0 || this.#removed < COMPACT_AT_LEAST || this.#removed < this.size) return;
    let last = TRASH;
    for (let row = TRASH + 1; row <= this.#lastRow; row++) {
      if (this.has(row)) this.#move(row, ++last);
    }
    this.#lastRow = last;
    this.#removed = 0;
    this.#handles.length = Math.min(this.#handles.length, last + 1);
    this.#retainValues();
    this.#resize(Math.max(INITIAL_ROWS, 2 ** Math.ceil(Math.log2(last + 2))));
    this.#rehash();
  }

  #move(from: number, to: number): void {
    if (from === to) return;
    const width = this.labelNames.length;
    this.#ids.copyWithin(to * width, from * width, (from + 1) * width);
    for (const column of this.#columns) column.move(from, to);
    const handle = this.#handles[from];
    if (handle !== undefined) handle.row = to;
    this.#handles[to] = handle;
    this.#handles[from] = undefined;
  }

  /** Drops label values that no row has. */
  #retainValues(): void {
    const width = this.labelNames.length;
    for (const [index, dictionary] of this.#dictionaries.entries()) {
      const kept: number[] = [];
      const newIds = new Map<number, number>();
      for (let at = width + index; at < (this.#lastRow + 1) * width; at += width) {
        const id = this.#ids[at]!;
        if (!newIds.has(id)) newIds.set(id, kept.push(id) - 1);
        this.#ids[at] = newIds.get(id)!;
      }
      dictionary.retain(kept);
    }
  }

  #resize(capacity: number): void {
    this.#capacity = capacity;
    const ids = new Int32Array(capacity * this.labelNames.length);
    ids.set(this.#ids.subarray(0, Math.min(ids.length, this.#ids.length)));
    this.#ids = ids;
    for (const column of this.#columns) column.grow(capacity);
  }
}

function mix(hash: number, id: number): number {
  const mixed = Math.imul(hash ^ id, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

function slotsFor(rows: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(rows, INITIAL_ROWS) * 2));
}
