import { numberOption } from '../../model/number-option.ts';
import { RelativeSketch } from './relative-sketch.ts';
import { TimeRing, type WindowOptions, windowOptionsOf } from './sliding-window.ts';

/** Options of the quantiles of a summary. */
export interface QuantileOptions extends WindowOptions {
  /**
   * Maximum relative difference between an exposed quantile and the true value, from 0.001 to 0.5.
   *
   * @defaultValue `0.01`
   */
  readonly relativeError?: number | undefined;
}

/** {@link QuantileOptions} with their defaults. */
export type QuantileSettings = { readonly [K in keyof QuantileOptions]-?: number };

const DEFAULT_RELATIVE_ERROR = 0.01;

/**
 * Checks the options of a metric and completes them with defaults. Throws a TypeError or RangeError that names the
 * metric.
 */
export function quantileOptionsOf(options: QuantileOptions, metricName: string): QuantileSettings {
  const relativeError = numberOption(options.relativeError, {
    name: `${metricName}: relativeError`,
    byDefault: DEFAULT_RELATIVE_ERROR,
    isAllowed: (value) => value >= 0.001 && value <= 0.5,
    rule: 'from 0.001 to 0.5',
  });
  return { ...windowOptionsOf(options, metricName), relativeError };
}

/**
 * Quantiles of the observations within a sliding time window: a DDSketch per slot of the window.
 *
 * `quantile(q)` is within `relativeError` of the observation with rank floor(q * (n - 1)), counted from 0, of the n
 * observations in the window. This holds for magnitudes from 2 ** -64 to 2 ** 64: values closer to zero become 0,
 * larger ones the smallest or largest observation. The smallest and the largest observation are exact, and so are the
 * quantiles of a constant.
 *
 * With the default options, each power of two that occurs within the window takes 1,280 bytes. All of them take at most
 * 330 kB.
 */
export class QuantileWindow {
  readonly #sketch: RelativeSketch;
  readonly #ring: TimeRing;
  /** Smallest and largest observation of each slot, except the current one. */
  readonly #minima: Float64Array;
  readonly #maxima: Float64Array;
  // The values of the current slot are fields, because each array access costs about as much as the rest of a comparison.
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** `quantileOptionsOf()` returns the options. `now`, here and below, is in milliseconds of one clock. */
  constructor({ maxAgeMs, ageBuckets, relativeError }: QuantileSettings, now: number) {
    this.#sketch = new RelativeSketch(relativeError, ageBuckets);
    this.#ring = new TimeRing(ageBuckets, maxAgeMs / ageBuckets, now);
    this.#minima = new Float64Array(ageBuckets).fill(Number.POSITIVE_INFINITY);
    this.#maxima = new Float64Array(ageBuckets).fill(Number.NEGATIVE_INFINITY);
  }

  /** Adds an observation. Ignores NaN, which has no rank. */
  observe(value: number, now: number): void {
    if (now >= this.#ring.end) this.#advance(now);
    if (Number.isNaN(value)) return;
    this.#sketch.add(value, this.#ring.slot);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Returns the q-quantile, or NaN if the window is empty. Throws a RangeError unless q is from 0 to 1. */
  quantile(q: number, now: number): number {
    if (!(q >= 0 && q <= 1)) throw new RangeError(`A quantile must be from 0 to 1, got ${q}.`);
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
