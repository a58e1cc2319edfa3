import type { FlatSample } from '../../model/flat-samples.ts';
import type { SampleLine } from '../../parse/lines/line-handler.ts';

/** Multipliers for the two halves of a hash. */
const LOW = 0x01000193;
const HIGH = 0x5bd1e995;
const HIGH_BITS = 2 ** 21 - 1;
const FIRST_SLOTS = 16;
const MAX_LOAD = 0.75;

/** Identifies a series besides its name. */
export type SeriesLabels = Pick<SampleLine, 'labelNames' | 'labelValues'> & Partial<Pick<SampleLine, 'timestamp'>>;

/** Which parts of a line identify the series. */
export interface HashOptions {
  /** Index of a label to ignore. */
  readonly partLabel?: number;
  /** Whether the timestamp counts as well. */
  readonly byTime?: boolean;
}

/**
 * Computes hashes of series: 53 bits, never 0. A hash takes 8 bytes where a text would take hundreds. The probability that any
 * two of a million series have the same hash is about one in ten thousand.
 */
export class SeriesHash {
  /** Low and high half of the last hash. */
  #low = 0;
  #high = 0;
  /** The last name of the series (at 0) and of each label, which most series share, and the halves of their hashes. */
  readonly #names: string[] = [];
  readonly #lows: number[] = [];
  readonly #highs: number[] = [];

  /** Does not depend on the order of labels. Ignores labels with an empty value, as Prometheus does. */
  of(name: string, labels: SeriesLabels, { partLabel = -1, byTime = false }: HashOptions = {}): number {
    const { labelNames, labelValues, timestamp } = labels;
    this.#hash(0, name, byTime && timestamp !== undefined ? String(timestamp) : '');
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < labelNames.length; index++) {
      if (index === partLabel || labelValues[index] === '') continue;
      this.#hash(index + 1, labelNames[index]!, labelValues[index]!);
      // Addition makes the order irrelevant.
      low = (low + this.#low) | 0;
      high = (high + this.#high) | 0;
    }
    return joined(low, high);
  }

  /** Like `of()`, for labels as pairs. */
  ofPairs(name: string, labels: FlatSample['labels']): number {
    this.#hash(0, name, '');
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < labels.length; index++) {
      const [label, value] = labels[index]!;
      if (value === '') continue;
      this.#hash(index + 1, label, value);
      low = (low + this.#low) | 0;
      high = (high + this.#high) | 0;
    }
    return joined(low, high);
  }

  /** Returns the hash of a single text. */
  ofText(text: string): number {
    this.#low = text.length;
    this.#high = 0;
    this.#mixIn(text);
    return joined(this.#low, this.#high);
  }

  #hash(at: number, name: string, value: string): void {
    if (this.#names[at] !== name) this.#setName(at, name);
    this.#low = this.#lows[at]!;
    this.#high = this.#highs[at]! ^ value.length;
    this.#mixIn(value);
    this.#low = mixed(this.#low);
    this.#high = mixed(this.#high);
  }

  #setName(at: number, name: string): void {
    this.#low = name.length;
    this.#high = 0;
    this.#mixIn(name);
    this.#names[at] = name;
    this.#lows[at] = this.#low;
    this.#highs[at] = this.#high;
  }

  #mixIn(text: string): void {
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      low = Math.imul(low ^ code, LOW);
      high = Math.imul(high ^ code, HIGH) ^ (high >>> 15);
    }
    this.#low = low;
    this.#high = high;
  }
}

/** Returns 53 bits, never 0. */
function joined(low: number, high: number): number {
  return (mixed(high) & HIGH_BITS) * 2 ** 32 + (mixed(low) >>> 0) || 1;
}

/** Mixes the bits so that each one affects all others (finalizer of MurmurHash3). */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** Returns the slot of a hash in a table with open addressing, or a free slot for it. The number of slots is a power of 2. */
export function slotOf(hash: number, slots: Float64Array): number {
  const mask = slots.length - 1;
  let slot = (hash >>> 0) & mask;
  for (let found = slots[slot]!; found !== 0 && found !== hash; found = slots[slot]!) slot = (slot + 1) & mask;
  return slot;
}

/** A set of hashes of series that takes 11 to 22 bytes for each. */
export class SeriesHashSet {
  /** 0 marks a free slot. */
  #slots = new Float64Array(FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a hash; returns whether it was present. */
  add(hash: number): boolean {
    if (this.#size >= this.#slots.length * MAX_LOAD) this.#grow();
    const slot = slotOf(hash, this.#slots);
    if (this.#slots[slot] === hash) return true;
    this.#slots[slot] = hash;
    this.#size++;
    return false;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Float64Array(old.length * 2);
    for (const hash of old) if (hash !== 0) slots[slotOf(hash, slots)] = hash;
    this.#slots = slots;
  }
}

/** Values of series by hash. Takes 23 to 46 bytes for each. */
export class SeriesValues {
  #hashes = new Float64Array(FIRST_SLOTS);
  #values = new Float64Array(FIRST_SLOTS);
  #areTaken = new Uint8Array(FIRST_SLOTS);
  #size = 0;

  set(hash: number, value: number): void {
    if (this.#size >= this.#hashes.length * MAX_LOAD) this.#grow();
    const slot = slotOf(hash, this.#hashes);
    if (this.#hashes[slot] === 0) this.#size++;
    this.#hashes[slot] = hash;
    this.#values[slot] = value;
  }

  get(hash: number): number | undefined {
    const slot = slotOf(hash, this.#hashes);
    return this.#hashes[slot] === 0 ? undefined : this.#values[slot];
  }

  get size(): number {
    return this.#size;
  }

  /** Like `get()`, but only the first time for each hash. */
  take(hash: number): number | undefined {
    const slot = slotOf(hash, this.#hashes);
    if (this.#hashes[slot] === 0 || this.#areTaken[slot] === 1) return undefined;
    this.#areTaken[slot] = 1;
    return this.#values[slot];
  }

  /** Lets all values be taken again. */
  release(): void {
    this.#areTaken.fill(0);
  }

  #grow(): void {
    const [hashes, values] = [this.#hashes, this.#values];
    this.#hashes = new Float64Array(hashes.length * 2);
    this.#values = new Float64Array(hashes.length * 2);
    this.#areTaken = new Uint8Array(hashes.length * 2);
    this.#size = 0;
    for (let slot = 0; slot < hashes.length; slot++) if (hashes[slot] !== 0) this.set(hashes[slot]!, values[slot]!);
  }
}
