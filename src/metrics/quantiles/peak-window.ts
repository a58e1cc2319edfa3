import { TimeRing, type windowOptionsOf } from './sliding-window.ts';

/**
 * The largest value of the last while. Time alone makes it forget, so any number of scrapers see the same. Times are
 * milliseconds of one clock, given with each call; options are as `windowOptionsOf()` has checked them.
 */
export class PeakWindow {
  readonly #maxima: Float64Array;
  readonly #ring: TimeRing;

  constructor({ maxAgeMs, ageBuckets }: ReturnType<typeof windowOptionsOf>, now: number) {
    this.#maxima = new Float64Array(ageBuckets).fill(Number.NaN);
    this.#ring = new TimeRing(ageBuckets, maxAgeMs / ageBuckets, now);
  }

  /** NaN is passed over. */
  observe(value: number, now: number): void {
    if (now >= this.#ring.end) this.#advance(now);
    const { slot } = this.#ring;
    const maximum = this.#maxima[slot]!;
    if (value > maximum || Number.isNaN(maximum)) this.#maxima[slot] = value;
  }

  /** NaN where nothing was observed within the window. */
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
