import { isSameNames } from '../model/labels.ts';

const INITIAL_ROWS = 16;
/** Differs between processes, so that no labels can be chosen that meet in one place of the table. */
const SEED = (Math.random() * 2 ** 32) | 1;

type Texts = Readonly<Record<string, string>>;

/**
 * The series of a family, to find those that occur twice. The order of the labels does not matter, and an empty value
 * counts as a missing label, as in Prometheus.
 */
export class DistinctSeries {
  readonly #groups = new Map<string, SeriesGroup>();
  #names: readonly string[] = [];
  #group = this.#groupOf([]);

  /** Adds a series. Returns false if it was added before. */
  add(labels: Texts): boolean {
    const names = Object.keys(labels);
    const present = hasEmpty(labels, names) ? names.filter((name) => labels[name] !== '') : names;
    if (!isSameNames(present, this.#names)) {
      this.#names = present;
      this.#group = this.#groupOf(present);
    }
    return this.#group.add(labels);
  }

  #groupOf(names: readonly string[]): SeriesGroup {
    const sorted = [...names].sort();
    const key = JSON.stringify(sorted);
    const group = this.#groups.get(key) ?? new SeriesGroup(sorted);
    this.#groups.set(key, group);
    return group;
  }
}

/** Series with the same label names: a table of the ids of their values, with a hash table of its rows. */
class SeriesGroup {
  readonly #names: readonly string[];
  /** For each label, the ids of its values. */
  readonly #ids: readonly Map<string, number>[];
  #size = 0;
  #rows: Int32Array;
  /** Rows by hash, counted from 1; 0 is free. Twice as many as rows, or more. */
  #slots = new Int32Array(2 * INITIAL_ROWS);

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#ids = names.map(() => new Map());
    this.#rows = new Int32Array(INITIAL_ROWS * names.length);
  }

  add(labels: Texts): boolean {
    if (this.#size * 2 === this.#slots.length) this.#grow();
    const row = this.#size;
    const at = row * this.#names.length;
    for (let index = 0; index < this.#names.length; index++) {
      this.#rows[at + index] = idOf(this.#ids[index]!, labels[this.#names[index]!]!);
    }
    if (!this.#insert(row)) return false;
    this.#size++;
    return true;
  }

  /** Returns false if another row has the same ids. */
  #insert(row: number): boolean {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = this.#hash(row) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) if (this.#isSame(slots[slot]! - 1, row)) return false;
    slots[slot] = row + 1;
    return true;
  }

  #hash(row: number): number {
    const width = this.#names.length;
    let hash = SEED;
    for (let at = row * width; at < (row + 1) * width; at++) {
      hash = Math.imul(hash ^ this.#rows[at]!, SEED);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #isSame(row: number, other: number): boolean {
    const width = this.#names.length;
    const rows = this.#rows;
    for (let index = 0; index < width; index++) {
      if (rows[row * width + index] !== rows[other * width + index]) return false;
    }
    return true;
  }

  #grow(): void {
    const rows = new Int32Array(this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let row = 0; row < this.#size; row++) this.#insert(row);
  }
}

function hasEmpty(labels: Texts, names: readonly string[]): boolean {
  for (let index = 0; index < names.length; index++) if (labels[names[index]!] === '') return true;
  return false;
}

function idOf(ids: Map<string, number>, text: string): number {
  const known = ids.get(text);
  if (known !== undefined) return known;
  ids.set(text, ids.size);
  return ids.size - 1;
}
