import type { Clock } from '../../scheduler/clock.ts';

/** Steps of the system time back by up to this time are bridged; larger ones correct a time that was wrong. */
const MAX_BRIDGED_MS = 60_000;

/** Times of gatherings. They increase even if the system time is set back: receivers refuse samples out of order. */
export class SeriesTimeline {
  readonly #clock: Clock;
  #last = Number.NEGATIVE_INFINITY;
  #lastNow = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the time of a gathering in milliseconds since the epoch. */
  next(): number {
    const wall = Math.round(this.#clock.wall());
    const now = this.#clock.now();
    const isBridged = wall <= this.#last && this.#last - wall < MAX_BRIDGED_MS;
    this.#last = isBridged ? this.#last + Math.max(1, Math.round(now - this.#lastNow)) : wall;
    this.#lastNow = now;
    return this.#last;
  }
}
