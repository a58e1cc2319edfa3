import { LabelValues } from '../../model/label-values.ts';
import type { LabelInput, Labels } from '../../model/labels.ts';
import { keyOf } from '../../model/text-table.ts';
import { isOwn } from './own-labels.ts';
import { mix, RowSlots } from './row-slots.ts';

/** With more rows, hints take too much memory, and the cache of the processor does not hold them. They have 16 bits. */
const MAX_ROW = 2 ** 15;
/** Minimum number of slots per row. With fewer, more rows are in their second place, which processors predict wrongly. */
const SLOTS_PER_ROW = 3;
const INITIAL_SLOTS = 8;
/** Number of rows that may be left out, besides a quarter of the others. */
const FEW = 8;
const NO_SLOTS = new Uint16Array(2);
/** Hints are used when each row was found so many times on average: adding one takes as long as it saves then. */
const FINDS_PER_ROW = 4;
/** Never reaches that number. */
const NEVER = Number.NEGATIVE_INFINITY;

type Value = LabelInput | undefined;

// Looking up the id of each value and then the row of all ids takes longer: the fewer dependent loads, the better.
/**
 * Finds most rows of a small table, once rows have been found often: a few characters of the label values lead to a row, whose
 * label values are then compared. Rows whose characters agree are left out. If there are many of them, or many rows, the hints
 * are given up: finding a row must never take long, whatever clients send.
 */
export class RowHints extends RowSlots {
  readonly names: readonly string[];
  /** The values of each label, to which the ids of rows refer. */
  readonly values: readonly LabelValues[];
  #isUsed = false;
  /** Number of times that a row was found, until hints are used; negative if they are used or were given up. */
  #found = 0;
  #lastRow = 0;
  /** Rows, or 0. A row is in the slot of its key or in the other one of the pair. It may have been removed since. */
  #hints = NO_SLOTS;
  #used = 0;
  #leftOut = 0;

  protected constructor(names: readonly string[]) {
    super(names.length);
    this.names = names;
    this.values = names.map(() => new LabelValues());
  }

  // Code of its own for each usual number of labels: with one function for all, calls take a sixth longer.
  /** Returns the row with this value of its only label, or 0 if it is unknown or has no hint. */
  protected hintedOne(value: Value): number {
    if (typeof value !== 'string' || !this.#isUsed) return 0;
    const hints = this.#hints;
    const slot = mix(0, keyOf(value)) & (hints.length - 1);
    const row = hints[slot]!;
    if (this.#hasOne(row, value)) return row;
    const other = hints[slot ^ 1]!;
    return this.#hasOne(other, value) ? other : 0;
  }

  protected hintedTwo(first: Value, second: Value): number {
    if (typeof first !== 'string' || typeof second !== 'string' || !this.#isUsed) return 0;
    const hints = this.#hints;
    const slot = mix(mix(0, keyOf(first)), keyOf(second)) & (hints.length - 1);
    const row = hints[slot]!;
    if (this.#hasTwo(row, first, second)) return row;
    const other = hints[slot ^ 1]!;
    return this.#hasTwo(other, first, second) ? other : 0;
  }

  protected hintedThree(first: Value, second: Value, third: Value): number {
    if (typeof first !== 'string' || typeof second !== 'string' || typeof third !== 'string' || !this.#isUsed) return 0;
    const hints = this.#hints;
    const slot = mix(mix(mix(0, keyOf(first)), keyOf(second)), keyOf(third)) & (hints.length - 1);
    const row = hints[slot]!;
    if (this.#hasThree(row, first, second, third)) return row;
    const other = hints[slot ^ 1]!;
    return this.#hasThree(other, first, second, third) ? other : 0;
  }

  /** Like `hintedOne()`, for an object that has exactly the labels with these names, in their order. */
  protected hintedInOrder(labels: Partial<Labels>): number {
    if (!this.#isUsed) return 0;
    let count = 0;
    let key = 0;
    for (const name in labels) {
      const value = labels[name];
      if (name !== this.names[count++] || typeof value !== 'string' || !isOwn.call(labels, name)) return 0;
      key = mix(key, keyOf(value));
    }
    if (count !== this.names.length) return 0;
    const hints = this.#hints;
    const slot = key & (hints.length - 1);
    const row = hints[slot]!;
    if (this.#hasAll(row, labels)) return row;
    const other = hints[slot ^ 1]!;
    return this.#hasAll(other, labels) ? other : 0;
  }

  /** Adds a row, the last one of all. */
  protected addHint(row: number): void {
    this.#lastRow = row;
    if (!this.#isUsed) return;
    if (row > MAX_ROW) this.#stop(NEVER);
    else if ((this.#used + 1) * SLOTS_PER_ROW > this.#hints.length) this.#refill();
    else this.#insert(row);
  }

  /**
   * Called when rows have moved: drops all hints until rows are found often. Where series come and go, adding a hint takes
   * longer than it saves.
   */
  protected dropHints(lastRow: number): void {
    this.#lastRow = lastRow;
    if (this.#isUsed) this.#stop(0);
  }

  /** Called with a row that was found without a hint, or 0. Returns it. */
  protected unhinted(row: number): number {
    if (row !== 0 && ++this.#found > FINDS_PER_ROW * this.#lastRow) this.#start();
    return row;
  }

  #start(): void {
    this.#isUsed = this.#lastRow <= MAX_ROW;
    this.#found = NEVER;
    if (this.#isUsed) this.#refill();
  }

  /** Drops the hints. They are used again when rows are found often, unless `found` is `NEVER`. */
  #stop(found: number): void {
    this.#isUsed = false;
    this.#found = found;
    this.#hints = NO_SLOTS;
  }

  /** Replaces the hints by those of all rows. */
  #refill(): void {
    let slots = INITIAL_SLOTS;
    while (slots <= this.#lastRow * SLOTS_PER_ROW) slots *= 2;
    this.#hints = new Uint16Array(slots);
    this.#used = 0;
    this.#leftOut = 0;
    for (let row = 1; row <= this.#lastRow; row++) if (this.has(row)) this.#insert(row);
  }

  #hasOne(row: number, value: string): boolean {
    const id = this.ids[row]!;
    return row !== 0 && id >= 0 && this.values[0]!.texts[id] === value;
  }

  #hasTwo(row: number, first: string, second: string): boolean {
    const { values, ids } = this;
    const id = ids[row * 2]!;
    if (row === 0 || id < 0) return false;
    return values[0]!.texts[id] === first && values[1]!.texts[ids[row * 2 + 1]!] === second;
  }

  #hasThree(row: number, first: string, second: string, third: string): boolean {
    const { values, ids } = this;
    const id = ids[row * 3]!;
    if (row === 0 || id < 0) return false;
    if (values[0]!.texts[id] !== first || values[1]!.texts[ids[row * 3 + 1]!] !== second) return false;
    return values[2]!.texts[ids[row * 3 + 2]!] === third;
  }

  #hasAll(row: number, labels: Partial<Labels>): boolean {
    const { values, ids } = this;
    let at = row * values.length;
    if (row === 0 || ids[at]! < 0) return false;
    let index = 0;
    for (const name in labels) if (values[index++]!.texts[ids[at++]!] !== labels[name]) return false;
    return true;
  }

  #insert(row: number): void {
    if (!this.#isUsed) return;
    const { values, ids } = this;
    const start = row * values.length;
    let key = 0;
    for (let index = 0; index < values.length; index++) {
      key = mix(key, keyOf(values[index]!.texts[ids[start + index]!]!));
    }
    this.#used++;
    const first = key & (this.#hints.length - 1);
    const slot = this.#hints[first] === 0 ? first : first ^ 1;
    if (this.#hints[slot] === 0) this.#hints[slot] = row;
    else if ((++this.#leftOut - FEW) * 4 > this.#used) this.#stop(NEVER);
  }
}
