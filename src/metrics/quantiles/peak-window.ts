import { TimeRing, type WindowSettings } from './sliding-window.ts';

/**
 * The largest value within a sliding time window. Reading it does not change it. Times are in milliseconds of one clock
 * and passed with each call; `windowOptionsOf()` returns the options.
 */
export class PeakWindow {
  readonly #maxima: Float64Array;
  readonly #ring: TimeRing;

  constructor({ maxAgeMs, ageBuckets }: WindowSettings, now: number) {
    this.#maxima = new Float64Array(ageBuckets).fill(Number.NaN);
    this.#ring = new TimeRing(ageBuckets, maxAgeMs / ageBuckets, now);
  }

  /** Adds an observation. Ignores NaN. */
  observe(value: number, now: number): void {
    if (now >= this.#ring.end) this.#advance(now);
    const { slot } = this.#ring;
    const maximum = this.#maxima[slot]!;
    if (value > maximum || Number.isNaN(maximum)) this.#maxima[slot] = value;
  }

  /** Returns the largest value, or NaN if the window is empty. */
  max(now: number): number {
    this.#advance(now);
    const seen = this.#maxima.filter((maximum) => !Number.isNaN(maximum));
    return seen.length === 0 ? Number.NaN : Math.max(...seen);
  }

  #advance(now: number): void {
    this.#ring.advance(now, (slot) => {
      this.#maxima[slot] = Number.NaN;
    });
  }
}
