import type { FlatSample } from '../../model/flat-samples.ts';
import type { SampleRows, Utf8Text } from '../../model/sample-rows.ts';
import type { SampleLine } from '../../parse/lines/line-handler.ts';

/** Multipliers for the two halves of a hash. */
const LOW = 0x01000193;
const HIGH = 0x5bd1e995;
const HIGH_BITS = 2 ** 21 - 1;
const FIRST_BEYOND_ASCII = 0x80;
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

  /** Like `of()`, for a row: reads its values as bytes. */
  ofRow(name: string, { labelNames, labelTexts }: Pick<SampleRows, 'labelNames' | 'labelTexts'>): number {
    this.#hash(0, name, '');
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < labelNames.length; index++) {
      const text = labelTexts[index]!;
      if (text.length === 0) continue;
      if (this.#names[index + 1] !== labelNames[index]) this.#setName(index + 1, labelNames[index]!);
      this.#mixInBytes(index + 1, text);
      low = (low + mixed(this.#low)) | 0;
      high = (high + mixed(this.#high)) | 0;
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
    // The same hash as that of its bytes.
    if (this.#mixIn(value) >= FIRST_BEYOND_ASCII) this.#mixInBytes(at, utf8Of(value));
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

  /** Returns the bits that any of the characters has. */
  #mixIn(text: string): number {
    let low = this.#low;
    let high = this.#high;
    let bits = 0;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      bits |= code;
      low = Math.imul(low ^ code, LOW);
      high = Math.imul(high ^ code, HIGH) ^ (high >>> 15);
    }
    this.#low = low;
    this.#high = high;
    return bits;
  }

  /** Computes the hash of the value of the label at `at` from the start. */
  #mixInBytes(at: number, { bytes, length }: Utf8Text): void {
    let low = this.#lows[at]!;
    let high = this.#highs[at]! ^ length;
    for (let index = 0; index < length; index++) {
      const code = bytes[index]!;
      low = Math.imul(low ^ code, LOW);
      high = Math.imul(high ^ code, HIGH) ^ (high >>> 15);
    }
    this.#low = low;
    this.#high = high;
  }
}

function utf8Of(text: string): Utf8Text {
  const bytes = Buffer.from(text);
  return { bytes, length: bytes.length };
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

/** Values of series by hash. Takes 21 to 43 bytes for each. */
export class SeriesValues {
  /** Hash and value of each series, side by side. A free slot has the hash 0, and a value that was taken a negative hash. */
  #slots: Float64Array;
  #size = 0;

  /** `expected` is the likely number of series. */
  constructor(expected = 0) {
    const doublings = Math.ceil(Math.log2(Math.max(expected / MAX_LOAD / FIRST_SLOTS, 1)));
    this.#slots = new Float64Array(FIRST_SLOTS * 2 ** doublings * 2);
  }

  set(hash: number, value: number): void {
    if (this.#size * 2 >= this.#slots.length * MAX_LOAD) this.#grow();
    const at = this.#find(hash);
    if (this.#slots[at] === 0) this.#size++;
    this.#slots[at] = hash;
    this.#slots[at + 1] = value;
  }

  get(hash: number): number | undefined {
    const at = this.#find(hash);
    return this.#slots[at] === 0 ? undefined : this.#slots[at + 1];
  }

  get size(): number {
    return this.#size;
  }

  /** Like `get()`, but only the first time for each hash. */
  take(hash: number): number | undefined {
    const at = this.#find(hash);
    if (!(this.#slots[at]! > 0)) return undefined;
    this.#slots[at] = -hash;
    return this.#slots[at + 1];
  }

  /** Lets all values be taken again. */
  release(): void {
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += 2) slots[at] = Math.abs(slots[at]!);
  }

  /** Returns the index of a hash, or of a free slot for it. */
  #find(hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = (hash * 2) & mask;
    for (let found = slots[at]!; found !== 0 && found !== hash && found !== -hash; found = slots[at]!)
      at = (at + 2) & mask;
    return at;
  }

  /** Call it only before values are taken. */
  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    this.#size = 0;
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0) this.set(old[at]!, old[at + 1]!);
  }
}
