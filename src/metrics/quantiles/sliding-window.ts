import { numberOption } from '../../model/number-option.ts';

/** A window of time that slides in steps. */
export interface WindowOptions {
  /** How long an observation counts, in milliseconds: ten minutes by default, `Infinity` for all there ever were. It leaves up to one step earlier. */
  readonly maxAgeMs?: number | undefined;
  /** The steps that the window is cut into: five by default. */
  readonly ageBuckets?: number | undefined;
}

const DEFAULT_MAX_AGE_MS = 10 * 60 * 1000;
const DEFAULT_AGE_BUCKETS = 5;

/** The options of the metric, checked and complete. Throws TypeErrors and RangeErrors that name it. */
export function windowOptionsOf({ maxAgeMs, ageBuckets }: WindowOptions, metricName: string) {
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

/** Slots of equal time that come round again: a window over the last of them slides in steps of one. */
export class TimeRing {
  /** The slot of now, for whoever writes. */
  slot = 0;
  /** When that is over: from then on call `advance()`. */
  end: number;
  readonly #slots: number;
  readonly #slotMs: number;

  constructor(slots: number, slotMs: number, now: number) {
    this.#slots = slots;
    this.#slotMs = slotMs;
    this.end = now + slotMs;
  }

  /** Goes on to the slot of `now`; `empty` is called for each slot that begins anew. A clock set back loses nothing. */
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
