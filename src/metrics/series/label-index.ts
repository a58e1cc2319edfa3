import type { LabelInput, Labels } from '../../model/labels.ts';
import { areOwn, isOwn } from './own-labels.ts';
import { RowHints } from './row-hints.ts';
import { mix } from './row-slots.ts';

/** An id that is not used. */
const NONE = -(2 ** 31);

/**
 * Finds rows by label values: each row has the ids of its values, and a hash table maps ids to rows. Row 0 is never used,
 * so that a row is truthy if it exists.
 */
export class LabelIndex extends RowHints {
  readonly #wanted: Int32Array;
  /** The values that `findAll()` was the last to look for, if they have no row: their ids are in `#wanted`. */
  #missed: readonly (LabelInput | undefined)[] | undefined = undefined;

  constructor(names: readonly string[]) {
    super(names);
    this.#wanted = new Int32Array(names.length);
  }

  // Code of its own for each usual number of labels, without a loop: engines read a property several times faster if
  // the same place in the code always reads the same name, and ids that need no array stay in registers.
  /** Returns the row with these labels, or 0. Also 0 if there are further labels. */
  find(labels: Partial<Labels>): number {
    const names = this.names;
    const width = names.length;
    if (width > 3) return this.#findInOrder(labels);
    if (!areOwn(labels, width)) return 0;
    switch (width) {
      case 1:
        return this.#findOne(labels[names[0]!]);
      case 2:
        return this.#findTwo(labels[names[0]!], labels[names[1]!]);
      case 3:
        return this.#findThree(labels[names[0]!], labels[names[1]!], labels[names[2]!]);
      default:
        return 0;
    }
  }

  /** Like `find()`, by position, for up to three labels. */
  findValues(first?: LabelInput, second?: LabelInput, third?: LabelInput): number {
    switch (this.names.length) {
      case 1:
        return second === undefined && third === undefined ? this.#findOne(first) : 0;
      case 2:
        return third === undefined ? this.#findTwo(first, second) : 0;
      case 3:
        return this.#findThree(first, second, third);
      default:
        return 0;
    }
  }

  /** Like `find()`, by position, for any number of labels. */
  findAll(values: readonly (LabelInput | undefined)[]): number {
    if (values.length !== this.names.length) return 0;
    let areKnown = true;
    for (let index = 0; index < values.length; index++) if (!this.#want(index, values[index])) areKnown = false;
    const row = areKnown ? this.#findWanted() : 0;
    if (row === 0) this.#missed = values;
    return row;
  }

  /** Adds a row for labels that have none. It must be the row after the last one. */
  add(row: number, texts: readonly string[]): void {
    const width = texts.length;
    const areWanted = this.#missed === texts;
    for (let index = 0; index < width; index++) {
      const values = this.values[index]!;
      const text = texts[index]!;
      const wanted = areWanted ? this.#wanted[index]! : values.intern(text);
      this.ids[row * width + index] = wanted === NONE ? values.append(text) : wanted;
    }
    this.#missed = undefined;
    if (width === 0) return;
    this.addToSlots(row);
    this.addHint(row);
  }

  /** Lets lookups find a known text by the number or boolean that it came from. */
  alias(index: number, value: number | boolean, text: string): void {
    this.values[index]?.alias(value, text);
  }

  /** Copies the ids of an existing row to `ids`, from `offset` on. */
  read(row: number, ids: Int32Array, offset: number): void {
    const all = this.ids;
    const width = this.names.length;
    for (let index = 0, at = row * width; index < width; index++, at++) ids[offset + index] = all[at]!;
  }

  /** Tests whether a row has these texts; undefined matches any text. Valid until rows are added or moved. */
  matcher(texts: readonly (string | undefined)[]): (row: number) => boolean {
    const wanted = texts.map((text, index) =>
      text === undefined ? undefined : (this.values[index]?.idOf(text) ?? NONE),
    );
    return (row) => wanted.every((id, index) => id === undefined || id === this.ids[row * wanted.length + index]);
  }

  /** Uses the ids of an index in another thread, whose label values the caller has added in the same order. */
  follow(ids: Int32Array): void {
    this.ids = ids;
  }

  /** Moves a row. Call `compacted()` after the last one. */
  move(from: number, to: number): void {
    const width = this.names.length;
    for (let index = 0; index < width; index++) this.ids[to * width + index] = this.ids[from * width + index]!;
  }

  /** Called when moved rows have filled all gaps: forgets label values that are not used any more. */
  compacted(lastRow: number): void {
    this.#missed = undefined;
    for (let index = 0; index < this.values.length; index++) this.#forgetUnused(index, lastRow);
    this.refill(lastRow);
    this.dropHints(lastRow);
  }

  #findOne(value: LabelInput | undefined): number {
    return this.hintedOne(value) || this.#findFewIds(value);
  }

  #findTwo(first: LabelInput | undefined, second: LabelInput | undefined): number {
    return this.hintedTwo(first, second) || this.#findFewIds(first, second);
  }

  #findThree(first: LabelInput | undefined, second: LabelInput | undefined, third: LabelInput | undefined): number {
    return this.hintedThree(first, second, third) || this.#findFewIds(first, second, third);
  }

  // For rows without a hint, and label values that are numbers or booleans. While rows move to larger slots, it misses
  // those that have not moved yet. The caller then calls findAll(), as it does for new labels.
  #findFewIds(first: LabelInput | undefined, second?: LabelInput, third?: LabelInput): number {
    const { values, slots, ids } = this;
    const width = values.length;
    const a = values[0]!.idOf(first);
    const b = width > 1 ? values[1]!.idOf(second) : 0;
    const c = width > 2 ? values[2]!.idOf(third) : 0;
    if (a === undefined || b === undefined || c === undefined) return 0;
    let hash = mix(this.seed, a);
    if (width > 1) hash = mix(hash, b);
    if (width > 2) hash = mix(hash, c);
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot]!;
      const at = row * width;
      if (row === 0) return 0;
      if (ids[at] === a && (width < 2 || ids[at + 1] === b) && (width < 3 || ids[at + 2] === c))
        return this.unhinted(row);
    }
  }

  // A loop over names needs a lookup per property, but for...in with the names in the expected order reads each
  // property by its position in the object. Starting it costs too much for few labels.
  #findInOrder(labels: Partial<Labels>): number {
    const { names } = this;
    const hinted = this.hintedInOrder(labels);
    if (hinted !== 0) return hinted;
    let count = 0;
    for (const name in labels) {
      if (!isOwn.call(labels, name)) return 0;
      if (name !== names[count]) return this.#findByName(labels);
      if (!this.#want(count++, labels[name])) return 0;
    }
    return count === names.length ? this.unhinted(this.#findWanted()) : 0;
  }

  #findByName(labels: Partial<Labels>): number {
    const { names } = this;
    if (!areOwn(labels, names.length)) return 0;
    for (let index = 0; index < names.length; index++) if (!this.#want(index, labels[names[index]!])) return 0;
    return this.#findWanted();
  }

  /** Stores the id of a value for `#findWanted()`. Returns whether it has one. */
  #want(index: number, value: LabelInput | undefined): boolean {
    const id = this.values[index]!.idOf(value);
    this.#missed = undefined;
    this.#wanted[index] = id ?? NONE;
    return id !== undefined;
  }

  #findWanted(): number {
    const wanted = this.#wanted;
    let hash = this.seed;
    for (let index = 0; index < wanted.length; index++) hash = mix(hash, wanted[index]!);
    const slots = this.slots;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot]!;
      if (row === 0) break;
      if (this.#hasWanted(row)) return row;
    }
    return this.isMoving ? this.findMoving(hash, (row) => this.#hasWanted(row)) : 0;
  }

  #hasWanted(row: number): boolean {
    const wanted = this.#wanted;
    const ids = this.ids;
    const start = row * wanted.length;
    for (let index = 0; index < wanted.length; index++) if (ids[start + index] !== wanted[index]) return false;
    return true;
  }

  /** Forgets the values of a label that no row uses. The others get new ids, in the order of the rows. */
  #forgetUnused(index: number, lastRow: number): void {
    const values = this.values[index]!;
    const { ids } = this;
    const width = this.names.length;
    const end = (lastRow + 1) * width;
    const newIds = new Int32Array(values.texts.length).fill(NONE);
    const kept: number[] = [];
    for (let at = width + index; at < end; at += width) {
      const id = ids[at]!;
      if (newIds[id] === NONE) newIds[id] = kept.push(id) - 1;
    }
    if (kept.length === newIds.length) return;
    for (let at = width + index; at < end; at += width) ids[at] = newIds[ids[at]!]!;
    values.retain(kept);
  }
}
