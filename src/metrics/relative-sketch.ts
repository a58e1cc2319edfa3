import { highWord } from './double-bits.ts';

/** Powers of two that are told apart: from 2 ** -64 up to 2 ** 64. Below is an octave for the rest down to 0, above one up to infinity. */
const FIRST_EXPONENT = -64;
const LAST_OCTAVE = 129;
/** Octaves of each side of zero; the negative ones come second. */
const SIDE = LAST_OCTAVE + 1;
/** From -infinity to 0 and from 0 to infinity. */
const ASCENDING = Array.from({ length: 2 * SIDE }, (_, place) => (place < SIDE ? 2 * SIDE - 1 - place : place - SIDE));
const MAX_COUNT = 2 ** 32 - 1;

/**
 * Counts of values that are no further apart than a relative error, in several slots that are read as one.
 *
 * This is DDSketch (Masson, Rim, Lee: "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error
 * Guarantees", VLDB 2019) with buckets that are linear within a power of two: the bits of a double give their index.
 * Values beyond 2 ** 64 are counted as infinite, values closer to zero than 2 ** -64 as 0.
 *
 * A power of two in use takes 4 bytes for each of its steps in each slot, and there are 260 at most, signs and ends
 * included. A step counts up to 2 ** 32 - 1 in a slot and stays there.
 */
export class RelativeSketch {
  readonly #slots: number;
  /** A power of two has 2 ** #stepBits steps. */
  readonly #stepBits: number;
  /** The page of each octave, counted from 1; 0 is none. */
  readonly #pages = new Uint16Array(2 * SIDE);
  /** By page, then slot, then step. */
  #counts = new Uint32Array(0);

  constructor(relativeError: number, slots: number) {
    this.#slots = slots;
    this.#stepBits = Math.max(0, Math.ceil(Math.log2((1 / relativeError - 1) / 2))); // See #middle().
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** Counts a value, which is not NaN, in the slot. */
  add(value: number, slot: number): void {
    const high = highWord(value);
    const octave = octaveOf(high);
    const page = this.#pages[octave]! || this.#addPage(octave);
    const step = (high & 0xfffff) >>> (20 - this.#stepBits);
    const at = this.#first(page, slot) + step;
    const count = this.#counts[at]!;
    if (count < MAX_COUNT) this.#counts[at] = count + 1;
  }

  /** A value within the relative error of the one with this rank, counted from 0 for the smallest. */
  valueAt(rank: number): number {
    const steps = 1 << this.#stepBits;
    let before = 0;
    for (const octave of ASCENDING) {
      if (this.#pages[octave] === 0) continue;
      for (let nth = 0; nth < steps; nth++) {
        const step = octave < SIDE ? nth : steps - 1 - nth;
        before += this.#countOf(octave, step);
        if (before > rank) return this.#middle(octave, step);
      }
    }
    return Number.NaN;
  }

  /** Forgets what was counted in the slot, and the powers of two that nothing is left of. */
  emptySlot(slot: number): void {
    const used = [...this.#pages.entries()].filter(([, page]) => page !== 0).sort(([, a], [, b]) => a - b);
    for (const [, page] of used) this.#counts.fill(0, this.#first(page, slot), this.#first(page, slot + 1));
    const old = this.#counts;
    const kept = used.filter(([, page]) => this.#page(old, page).some((count) => count > 0));
    if (kept.length === used.length) return;
    this.#counts = new Uint32Array(this.#first(kept.length + 1, 0));
    this.#pages.fill(0);
    for (const [index, [octave, page]] of kept.entries()) {
      this.#pages[octave] = index + 1;
      this.#page(this.#counts, index + 1).set(this.#page(old, page));
    }
  }

  #addPage(octave: number): number {
    const counts = this.#counts;
    const page = counts.length / this.#first(2, 0) + 1;
    this.#counts = new Uint32Array(this.#first(page + 1, 0));
    this.#counts.set(counts);
    this.#pages[octave] = page;
    return page;
  }

  #first(page: number, slot: number): number {
    return ((page - 1) * this.#slots + slot) << this.#stepBits;
  }

  #page(counts: Uint32Array, page: number): Uint32Array {
    return counts.subarray(this.#first(page, 0), this.#first(page + 1, 0));
  }

  #countOf(octave: number, step: number): number {
    let count = 0;
    for (let slot = 0; slot < this.#slots; slot++)
      count += this.#counts[this.#first(this.#pages[octave]!, slot) + step]!;
    return count;
  }

  /** As far from both ends of the step, relative to these: by 1 / (2 * steps + 1) at most. */
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
