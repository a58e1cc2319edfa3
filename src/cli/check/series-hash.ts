import type { SampleLine } from '../../parse/lines/line-handler.ts';

/** Two halves of a hash, which are mixed in different ways. */
const LOW = 0x01000193;
const HIGH = 0x5bd1e995;
const HIGH_BITS = 2 ** 21 - 1;

/** The label of a line that does not count, and whether its time does. */
export interface HashOptions {
  readonly except?: number;
  readonly byTime?: boolean;
}

/**
 * Hashes of series, of 53 bits and never 0: where they are kept they take eight bytes each, and keys would take hundreds.
 * That two series of a million have the same is as likely as one in ten thousand.
 */
export class SeriesHash {
  /** The hash of the last text: its low and its high half. */
  #low = 0;
  #high = 0;

  /** The same for the same name and labels in any order. To a server a label without a value is none. */
  of(name: string, line: SampleLine, { except = -1, byTime = false }: HashOptions = {}): number {
    const { labelNames, labelValues, timestamp } = line;
    this.#hash(name, byTime && timestamp !== undefined ? String(timestamp) : '');
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < labelNames.length; index++) {
      if (index === except || labelValues[index] === '') continue;
      this.#hash(labelNames[index]!, labelValues[index]!);
      // Added up, which gives the same in any order.
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
