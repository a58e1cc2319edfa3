import type { Exemplar, NativeHistogramValue } from '../../model/family.ts';
import { NativeExemplars, type TimedExemplar } from '../exemplars/native-exemplars.ts';
import { COARSEST_SCHEMA, nativeIndex, nativeUpperBound } from './native-index.ts';
import type { NativeSettings } from './native-options.ts';
import { SparseBuckets } from './sparse-buckets.ts';

/**
 * The exponential buckets of one series, and at the same time its value for encoders, live: what is read changes with
 * the next observation. Count and sum are their owner's, observations of NaN included, which fall in no bucket.
 */
export class NativeBuckets implements NativeHistogramValue {
  readonly positive = new SparseBuckets();
  readonly negative = new SparseBuckets();
  readonly #settings: NativeSettings;
  #schema: number;
  #zeroThreshold: number;
  #zeroCount = 0;
  #exemplars: NativeExemplars | undefined = undefined;
  #resetTime: number;
  #isResetDue = false;

  constructor(settings: NativeSettings) {
    this.#settings = settings;
    this.#schema = settings.schema;
    this.#zeroThreshold = settings.zeroThreshold;
    this.#resetTime = this.#time();
  }

  get schema(): number {
    return this.#schema;
  }

  get zeroThreshold(): number {
    return this.#zeroThreshold;
  }

  get zeroCount(): number {
    return this.#zeroCount;
  }

  get exemplars(): readonly Exemplar[] | undefined {
    return this.#exemplars?.list;
  }

  /**
   * Counts a value `count` times, a whole number above zero, and keeps to the limit of buckets: one step an observation,
   * which may not be enough at once. True where that was to start again from zero: the buckets then hold this observation
   * alone, and the owner must put count, sum, classic buckets and start time back before it adds the observation to them.
   */
  observe(value: number, count = 1): boolean {
    const isReset = this.#isResetDue && this.resetIfDue();
    if (Number.isNaN(value)) return isReset;
    this.#add(value, count);
    const { maxBuckets } = this.#settings;
    if (maxBuckets === 0 || this.positive.size + this.negative.size <= maxBuckets) return isReset;
    return this.#limit(value, count); // Not after a reset: one bucket is within any limit.
  }

  /** Keeps an exemplar of an observation. */
  addExemplar(exemplar: TimedExemplar): void {
    this.#exemplars ??= new NativeExemplars();
    this.#exemplars.add(exemplar);
  }

  /**
   * Resets the buckets if they have given up resolution and `minResetDurationMs` has passed; whether it did. To be
   * called before a scrape, for series that nobody observes; the owner resets what else it keeps.
   */
  resetIfDue(): boolean {
    if (!this.#isResetDue || !this.#isOldEnough()) return false;
    this.reset();
    return true;
  }

  /** As new: empty, at the resolution of the options. */
  reset(): void {
    this.positive.clear();
    this.negative.clear();
    this.#schema = this.#settings.schema;
    this.#zeroThreshold = this.#settings.zeroThreshold;
    this.#zeroCount = 0;
    this.#exemplars = undefined;
    this.#resetTime = this.#time();
    this.#isResetDue = false;
  }

  #add(value: number, count: number): void {
    if (Math.abs(value) <= this.#zeroThreshold) this.#zeroCount += count;
    else (value > 0 ? this.positive : this.negative).add(nativeIndex(value, this.#schema), count);
  }

  // The order of the native histograms specification's reference: start again, or widen the zero bucket by one bucket,
  // or halve the resolution. What was given up comes back with a reset as soon as one is allowed.
  #limit(value: number, count: number): boolean {
    if (this.#settings.minResetDurationMs > 0 && !this.#isResetDue) {
      if (this.#isOldEnough()) {
        this.reset();
        this.#add(value, count);
        return true;
      }
      this.#isResetDue = true;
    }
    if (!this.#widenZeroBucket()) this.#halveResolution();
    return false;
  }

  #widenZeroBucket(): boolean {
    const { positive, negative } = this;
    const first = Math.min(
      positive.indexes[0] ?? Number.POSITIVE_INFINITY,
      negative.indexes[0] ?? Number.POSITIVE_INFINITY,
    );
    const upperBound = nativeUpperBound(first, this.#schema);
    if (upperBound > this.#settings.maxZeroThreshold) return false;
    this.#zeroThreshold = upperBound;
    this.#zeroCount += positive.takeFirst(first) + negative.takeFirst(first);
    return true;
  }

  #halveResolution(): void {
    if (this.#schema === COARSEST_SCHEMA) return;
    this.#schema--;
    this.positive.halve();
    this.negative.halve();
  }

  #isOldEnough(): boolean {
    return this.#settings.now() - this.#resetTime >= this.#settings.minResetDurationMs;
  }

  /** The clock is read only where something depends on it. */
  #time(): number {
    return this.#settings.minResetDurationMs > 0 ? this.#settings.now() : 0;
  }
}
