import { highWord } from '../buckets/double-bits.ts';

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
  /** Where the page of each octave begins among the counts; -1 where there is none. */
  readonly #pages = new Int32Array(2 * SIDE).fill(-1);
  /** By page, then slot, then step. */
  #counts = new Uint32Array(0);
  #count = 0;

  constructor(relativeError: number, slots: number) {
    this.#slots = slots;
    this.#stepBits = Math.max(0, Math.ceil(Math.log2((1 / relativeError - 1) / 2))); // See #middle().
  }

  get count(): number {
    return this.#count;
  }

  /** Counts a value, which is not NaN, in the slot. */
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

  /** A value within the relative error of the one with this rank, counted from 0 for the smallest; NaN if none has it. */
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

  /** Forgets what was counted in the slot, and the powers of two that nothing is left of. */
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

  /** The step, of an octave, that has the rank within it. */
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

  // A plain loop: a scrape goes over some thousand counts for each quantile, and reduce() takes ten times as long.
  #sum(from: number, to: number): number {
    const counts = this.#counts;
    let sum = 0;
    for (let at = from; at < to; at++) sum += counts[at]!;
    return sum;
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
