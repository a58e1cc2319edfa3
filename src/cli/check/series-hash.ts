import type { SampleLine } from '../../parse/lines/line-handler.ts';

/** Multipliers for the two halves of a hash. */
const LOW = 0x01000193;
const HIGH = 0x5bd1e995;
const HIGH_BITS = 2 ** 21 - 1;
const FIRST_SLOTS = 1024;

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

  /** Does not depend on the order of labels. Ignores labels with an empty value, as Prometheus does. */
  of(name: string, line: SampleLine, { partLabel = -1, byTime = false }: HashOptions = {}): number {
    const { labelNames, labelValues, timestamp } = line;
    this.#hash(name, byTime && timestamp !== undefined ? String(timestamp) : '');
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < labelNames.length; index++) {
      if (index === partLabel || labelValues[index] === '') continue;
      this.#hash(labelNames[index]!, labelValues[index]!);
      // Addition makes the order irrelevant.
      low = (low + this.#low) | 0;
      high = (high + this.#high) | 0;
    }
    return (mixed(high) & HIGH_BITS) * 2 ** 32 + (mixed(low) >>> 0) || 1;
  }

  #hash(one: string, other: string): void {
    this.#low = one.length;
    this.#high = other.length;
    this.#mixIn(one);
    this.#mixIn(other);
    this.#low = mixed(this.#low);
    this.#high = mixed(this.#high);
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

/** Mixes the bits so that each one affects all others (finalizer of MurmurHash3). */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** A set of hashes of series that takes 16 to 32 bytes for each. */
export class SeriesHashSet {
  /** Open addressing; 0 marks a free slot. */
  #slots = new Float64Array(FIRST_SLOTS);
  #size = 0;

  /** Adds a hash; returns whether it was present. */
  add(hash: number): boolean {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    return this.#put(hash);
  }

  #put(hash: number): boolean {
    const slots = this.#slots;
    let slot = hash % slots.length;
    for (let found = slots[slot]!; found !== 0; found = slots[slot]!) {
      if (found === hash) return true;
      slot = (slot + 1) % slots.length;
    }
    slots[slot] = hash;
    this.#size++;
    return false;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    this.#size = 0;
    for (const hash of old) if (hash !== 0) this.#put(hash);
  }
}
