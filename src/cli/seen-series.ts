import type { SampleLine } from '../exposition/parse/lines.ts';

const FIRST_SLOTS = 1024;
/** Two halves of a hash, which are mixed in different ways. */
const LOW = 0x01000193;
const HIGH = 0x5bd1e995;
const HIGH_BITS = 2 ** 21 - 1;

/**
 * The series of a document, by hashes of 53 bits: eight to sixteen bytes each, where keys would take hundreds. That two
 * series of a million have the same is as likely as one in ten thousand.
 */
export class SeenSeries {
  /** Open addressing; 0 is a free slot. */
  #slots = new Float64Array(FIRST_SLOTS);
  #size = 0;
  /** The hash of the last text: its low and its high half. */
  #low = 0;
  #high = 0;

  /** Whether the series was there before: the same name, labels in any order, and time. */
  add(line: SampleLine): boolean {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    return this.#put(this.#hashOf(line));
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

  /** Labels are added up, which gives the same in any order. */
  #hashOf({ name, labelNames, labelValues, timestamp }: SampleLine): number {
    this.#hash(name, timestamp === undefined ? '' : String(timestamp));
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < labelNames.length; index++) {
      this.#hash(labelNames[index]!, labelValues[index]!);
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

/** Every bit of the result depends on all of the number (the end of MurmurHash3). */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
