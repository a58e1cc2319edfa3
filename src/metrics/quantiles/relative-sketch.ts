import { highWord } from '../buckets/double-bits.ts';

/**
 * Powers of two from 2 ** -64 to 2 ** 64 are distinguished. One more octave reaches down to 0, and another up to
 * infinity.
 */
const FIRST_EXPONENT = -64;
const LAST_OCTAVE = 129;
/** Number of octaves on each side of zero. The negative ones come second. */
const SIDE = LAST_OCTAVE + 1;
/** Octaves by increasing value: from -Infinity to 0 and from 0 to Infinity. */
const ASCENDING = Array.from({ length: 2 * SIDE }, (_, place) => (place < SIDE ? 2 * SIDE - 1 - place : place - SIDE));
const MAX_COUNT = 2 ** 32 - 1;

/**
 * Counts values in steps that are as wide as a relative error allows, in several slots that are read together.
 *
 * This is DDSketch (Masson, Rim, Lee: "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error
 * Guarantees", VLDB 2019) with buckets that are linear within a power of two: the bits of a double give their index.
 * Values beyond 2 ** 64 count as infinite, and values closer to zero than 2 ** -64 as 0.
 *
 * Each power of two in use takes 4 bytes per step and slot. There are at most 260 of them, including both signs and the
 * ends. A step counts up to 2 ** 32 - 1 per slot.
 */
export class RelativeSketch {
  readonly #slots: number;
  /** Each power of two has 2 ** #stepBits steps. */
  readonly #stepBits: number;
  /** Index of the first count of each octave's page; -1 if it has none. */
  readonly #pages = new Int32Array(2 * SIDE).fill(-1);
  /** Counts by page, then slot, then step. */
  #counts = new Uint32Array(0);
  #count = 0;

  constructor(relativeError: number, slots: number) {
    this.#slots = slots;
    this.#stepBits = Math.max(0, Math.ceil(Math.log2((1 / relativeError - 1) / 2))); // See #middle().
  }

  get count(): number {
    return this.#count;
  }

  /** Counts a value in a slot. The value must not be NaN. */
  add(value: number, slot: number): void {
    const high = highWord(value);
    const octave = octaveOf(high);
    const page = this.#pages[octave]!;
    const step = (high & 0xfffff) >>> (20 - this.#stepBits);
    const at = (page < 0 ? this.#addPage(octave) : page) + (slot << this.#stepBits) + step;
    const count = this.#counts[at]!;
    if (count === MAX_COUNT) return;
    this.#counts[at] = count + 1;
    this.#count++;
  }

  /**
   * Returns a value within the relative error of the one with this rank; 0 is the smallest. NaN if there are not as
   * many.
   */
  valueAt(rank: number): number {
    let before = 0;
    for (const octave of ASCENDING) {
      const page = this.#pages[octave]!;
      if (page < 0) continue;
      const within = this.#sum(page, page + this.#pageSize);
      if (before + within > rank) return this.#middle(octave, this.#stepAt(octave, rank - before));
      before += within;
    }
    return Number.NaN;
  }

  /** Clears a slot, and frees the pages that are empty then. */
  emptySlot(slot: number): void {
    if (this.#count === 0) return;
    for (const page of this.#pages) {
      if (page < 0) continue;
      const from = page + (slot << this.#stepBits);
      const to = page + ((slot + 1) << this.#stepBits);
      this.#count -= this.#sum(from, to);
      this.#counts.fill(0, from, to);
    }
    const old = this.#counts;
    const kept = [...this.#pages.entries()].filter(
      ([, page]) => page >= 0 && this.#page(old, page).some((count) => count > 0),
    );
    if (kept.length * this.#pageSize === old.length) return;
    this.#counts = new Uint32Array(kept.length * this.#pageSize);
    this.#pages.fill(-1);
    for (const [index, [octave, page]] of kept.entries()) {
      this.#pages[octave] = index * this.#pageSize;
      this.#counts.set(this.#page(old, page), index * this.#pageSize);
    }
  }

  get #pageSize(): number {
    return this.#slots << this.#stepBits;
  }

  #page(counts: Uint32Array, page: number): Uint32Array {
    return counts.subarray(page, page + this.#pageSize);
  }

  #addPage(octave: number): number {
    const counts = this.#counts;
    this.#counts = new Uint32Array(counts.length + this.#pageSize);
    this.#counts.set(counts);
    this.#pages[octave] = counts.length;
    return counts.length;
  }

  /** Returns the step of an octave that contains a rank within the octave. */
  #stepAt(octave: number, rank: number): number {
    const steps = 1 << this.#stepBits;
    let before = 0;
    let nth = -1;
    while (before <= rank) before += this.#countOf(octave, octave < SIDE ? ++nth : steps - 1 - ++nth);
    return octave < SIDE ? nth : steps - 1 - nth;
  }

  #countOf(octave: number, step: number): number {
    const first = this.#pages[octave]! + step;
    let count = 0;
    for (let slot = 0; slot < this.#slots; slot++) count += this.#counts[first + (slot << this.#stepBits)]!;
    return count;
  }

  // A plain loop: a scrape adds up some thousand counts per quantile, and reduce() takes ten times as long.
  #sum(from: number, to: number): number {
    const counts = this.#counts;
    let sum = 0;
    for (let at = from; at < to; at++) sum += counts[at]!;
    return sum;
  }

  /** The value with the same relative distance to both ends of the step, at most 1 / (2 * steps + 1). */
  #middle(octave: number, step: number): number {
    const sign = octave < SIDE ? 1 : -1;
    const distance = octave % SIDE;
    if (distance === 0) return 0;
    if (distance === LAST_OCTAVE) return sign * Number.POSITIVE_INFINITY;
    const steps = 1 << this.#stepBits;
    const low = 1 + step / steps;
    const high = 1 + (step + 1) / steps;
    return sign * ((2 * low * high) / (low + high)) * 2 ** (distance - 1 + FIRST_EXPONENT);
  }
}

function octaveOf(high: number): number {
  const octave = ((high >>> 20) & 0x7ff) - 1023 - FIRST_EXPONENT + 1;
  const clamped = Math.max(0, Math.min(octave, LAST_OCTAVE));
  return high >>> 31 === 0 ? clamped : SIDE + clamped;
}
