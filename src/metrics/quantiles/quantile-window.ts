import { numberOption } from '../../model/number-option.ts';
import { RelativeSketch } from './relative-sketch.ts';
import { TimeRing, type WindowOptions, windowOptionsOf } from './sliding-window.ts';

export interface QuantileOptions extends WindowOptions {
  /** How far a quantile may be from the true value, relative to that: 0.01 by default; from 0.001 to 0.5. */
  readonly relativeError?: number | undefined;
}

const DEFAULT_RELATIVE_ERROR = 0.01;

/** The options of the metric, checked and complete. Throws TypeErrors and RangeErrors that name it. */
export function quantileOptionsOf(options: QuantileOptions, metricName: string) {
  const relativeError = numberOption(options.relativeError, {
    name: `${metricName}: relativeError`,
    byDefault: DEFAULT_RELATIVE_ERROR,
    isAllowed: (value) => value >= 0.001 && value <= 0.5,
    rule: 'from 0.001 to 0.5',
  });
  return { ...windowOptionsOf(options, metricName), relativeError };
}

/**
 * Quantiles of what was observed within a sliding window of time: a DDSketch for each slot of the window.
 *
 * `quantile(q)` is within `relativeError` of the observation of rank floor(q * (n - 1)), counted from 0, of the n in
 * the window. The guarantee is for magnitudes from 2 ** -64 to 2 ** 64: what is closer to zero is shown as 0, what is
 * further off as the extreme. The smallest and the largest observation, and so a constant stream, are exact.
 *
 * With the defaults a power of two in use within the window takes 1,280 bytes, and all together 330 kB at most,
 * whatever is observed and however often.
 */
export class QuantileWindow {
  readonly #sketch: RelativeSketch;
  readonly #ring: TimeRing;
  /** Smallest and largest observation of each slot; those of the slot of now are kept apart until it is over. */
  readonly #minima: Float64Array;
  readonly #maxima: Float64Array;
  // Fields, since each array to step to costs about as much as the rest of a comparison.
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** Options are as `quantileOptionsOf()` has checked them. `now`, here and below, is milliseconds of one clock. */
  constructor({ maxAgeMs, ageBuckets, relativeError }: ReturnType<typeof quantileOptionsOf>, now: number) {
    this.#sketch = new RelativeSketch(relativeError, ageBuckets);
    this.#ring = new TimeRing(ageBuckets, maxAgeMs / ageBuckets, now);
    this.#minima = new Float64Array(ageBuckets).fill(Number.POSITIVE_INFINITY);
    this.#maxima = new Float64Array(ageBuckets).fill(Number.NEGATIVE_INFINITY);
  }

  /** NaN, which has no rank, is passed over. */
  observe(value: number, now: number): void {
    if (now >= this.#ring.end) this.#advance(now);
    if (Number.isNaN(value)) return;
    this.#sketch.add(value, this.#ring.slot);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** The q-quantile for q from 0 to 1, or else a RangeError; NaN where nothing was observed within the window. */
  quantile(q: number, now: number): number {
    if (!(q >= 0 && q <= 1)) throw new RangeError(`A quantile is a number from 0 to 1, not ${q}.`);
    this.#advance(now);
    const { count } = this.#sketch;
    if (count === 0) return Number.NaN;
    const rank = Math.floor(q * (count - 1));
    const min = Math.min(...this.#minima);
    const max = Math.max(...this.#maxima);
    if (rank === 0) return min;
    return rank === count - 1 ? max : Math.min(Math.max(this.#sketch.valueAt(rank), min), max);
  }

  #advance(now: number): void {
    const before = this.#ring.slot;
    this.#minima[before] = this.#min;
    this.#maxima[before] = this.#max;
    this.#ring.advance(now, (slot) => {
      this.#sketch.emptySlot(slot);
      this.#minima[slot] = Number.POSITIVE_INFINITY;
      this.#maxima[slot] = Number.NEGATIVE_INFINITY;
    });
    this.#min = this.#minima[this.#ring.slot]!;
    this.#max = this.#maxima[this.#ring.slot]!;
  }
}
