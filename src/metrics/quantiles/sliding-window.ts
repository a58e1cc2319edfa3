import { numberOption } from '../../model/number-option.ts';

/** Options of a time window that slides in steps. */
export interface WindowOptions {
  /**
   * Length of the window in milliseconds; `Infinity` for all observations since the start. Observations may leave it up
   * to one step earlier.
   *
   * @defaultValue `600_000`
   */
  readonly maxAgeMs?: number | undefined;
  /**
   * Number of steps in which the window slides, from 1 to 60.
   *
   * @defaultValue `5`
   */
  readonly ageBuckets?: number | undefined;
}

/** {@link WindowOptions} with their defaults. */
export type WindowSettings = { readonly [K in keyof WindowOptions]-?: number };

const DEFAULT_MAX_AGE_MS = 10 * 60 * 1000;
const DEFAULT_AGE_BUCKETS = 5;

/**
 * Checks the options of a metric and completes them with defaults. Throws a TypeError or RangeError that names the
 * metric.
 */
export function windowOptionsOf({ maxAgeMs, ageBuckets }: WindowOptions, metricName: string): WindowSettings {
  return {
    maxAgeMs: numberOption(maxAgeMs, {
      name: `${metricName}: maxAgeMs`,
      byDefault: DEFAULT_MAX_AGE_MS,
      isAllowed: (value) => value > 0,
      rule: 'a number of milliseconds above 0, or Infinity',
    }),
    ageBuckets: numberOption(ageBuckets, {
      name: `${metricName}: ageBuckets`,
      byDefault: DEFAULT_AGE_BUCKETS,
      isAllowed: (value) => Number.isInteger(value) && value >= 1 && value <= 60,
      rule: 'a whole number from 1 to 60',
    }),
  };
}

/** Slots of equal duration, used in turn. All slots together are a window that slides in steps of one slot. */
export class TimeRing {
  /** The current slot, to write to. */
  slot = 0;
  /** End of the current slot: from then on, call `advance()` before using it. */
  end: number;
  readonly #slots: number;
  readonly #slotMs: number;

  constructor(slots: number, slotMs: number, now: number) {
    this.#slots = slots;
    this.#slotMs = slotMs;
    this.end = now + slotMs;
  }

  /**
   * Advances to the slot of `now`, and calls `empty` for each slot to reuse. Nothing is lost if the clock is set back.
   */
  advance(now: number, empty: (slot: number) => void): void {
    const late = now - this.end;
    if (late < -this.#slotMs) this.end = now + this.#slotMs;
    if (!(late >= 0)) return;
    const steps = Math.floor(late / this.#slotMs) + 1;
    this.end += steps * this.#slotMs;
    for (let step = 0; step < Math.min(steps, this.#slots); step++) {
      this.slot = (this.slot + 1) % this.#slots;
      empty(this.slot);
    }
  }
}
