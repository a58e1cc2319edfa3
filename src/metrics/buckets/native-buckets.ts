import type { Exemplar, NativeHistogramValue } from '../../model/family.ts';
import { NativeExemplars, type TimedExemplar } from '../exemplars/native-exemplars.ts';
import { COARSEST_SCHEMA, nativeIndex, nativeUpperBound } from './native-index.ts';
import type { NativeSettings } from './native-options.ts';
import { SparseBuckets } from './sparse-buckets.ts';

const NO_COUNTS: number[] = [];
/** The negative side of series without negative observations, which are most. Stays empty. */
let noBuckets: SparseBuckets | undefined;

// Created on first use, because bundlers keep everything that is created while a module is loaded.
function emptySide(): SparseBuckets {
  noBuckets ??= new SparseBuckets();
  return noBuckets;
}

/**
 * The exponential buckets of one series. Also their value for encoders, which changes with the next observation. The
 * owner keeps count and sum, including observations of NaN, which belong to no bucket.
 */
export class NativeBuckets implements NativeHistogramValue {
  #schema: number;
  // The longest run of positive buckets, which most observations fall into. It is kept in this object and excludes
  // values that count as zero, so that counting needs only this object and the counts, which saves cache misses. Empty
  // while every observation has to check the limits.
  #run: number[] = NO_COUNTS;
  #runFirst = 0;
  #runLength = 0;
  #runOffset = 0;
  readonly positive = new SparseBuckets();
  #negative = emptySide();
  readonly #settings: NativeSettings;
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

  get negative(): SparseBuckets {
    return this.#negative;
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
   * Counts a value `count` times, a whole number above 0, and enforces the limit of buckets, one step per observation,
   * which may not suffice at once. Returns true if it reset the buckets: they then contain only this observation, and
   * the owner must reset count, sum, classic buckets and start time before adding the observation to them.
   */
  observe(value: number, count = 1): boolean {
    if (value > 0) {
      const index = nativeIndex(value, this.#schema);
      if ((index - this.#runFirst) >>> 0 < this.#runLength) {
        this.#run[index - this.#runOffset]! += count;
        return false;
      }
    }
    return this.#observeOutsideRun(value, count);
  }

  /** Adds the exemplar of an observation. */
  addExemplar(exemplar: TimedExemplar): void {
    this.#exemplars ??= new NativeExemplars();
    this.#exemplars.add(exemplar);
  }

  /**
   * Resets the buckets if they have reduced their resolution and `minResetDurationMs` has passed, and returns whether
   * it did. Call it before a scrape, because idle series are not reset otherwise. The owner resets the rest of the
   * series.
   */
  resetIfDue(): boolean {
    if (!this.#isResetDue || !this.#isOldEnough()) return false;
    this.reset();
    return true;
  }

  /** Empties the buckets and restores the configured resolution. */
  reset(): void {
    this.#leaveRun();
    this.positive.clear();
    this.#negative = emptySide();
    this.#schema = this.#settings.schema;
    this.#zeroThreshold = this.#settings.zeroThreshold;
    this.#zeroCount = 0;
    this.#exemplars = undefined;
    this.#resetTime = this.#time();
    this.#isResetDue = false;
  }

  #observeOutsideRun(value: number, count: number): boolean {
    const isReset = this.#isResetDue && this.resetIfDue();
    if (Number.isNaN(value)) return isReset;
    this.#add(value, count);
    // Never right after a reset: one bucket is within any limit.
    const isResetNow = this.#isOverLimit && this.#limit(value, count);
    if (this.positive.counts !== this.#run) this.#chooseRun();
    return isReset || isResetNow;
  }

  get #isOverLimit(): boolean {
    const { maxBuckets } = this.#settings;
    return maxBuckets > 0 && this.positive.size + this.negative.size > maxBuckets;
  }

  // Every change of positive buckets replaces their counts, and limit() and reset() give the run up.
  #chooseRun(): void {
    if (this.#isResetDue || this.#isOverLimit) return;
    const run = this.positive.longestRun(this.#firstAboveZero());
    this.#run = run.counts;
    this.#runFirst = run.first;
    this.#runLength = run.length;
    this.#runOffset = run.offset;
  }

  #leaveRun(): void {
    this.#run = NO_COUNTS;
    this.#runLength = 0;
  }

  /** Index of the first bucket with no values that count as zero. */
  #firstAboveZero(): number {
    return this.#zeroThreshold > 0 ? nativeIndex(this.#zeroThreshold, this.#schema) + 1 : Number.NEGATIVE_INFINITY;
  }

  #add(value: number, count: number): void {
    if (Math.abs(value) <= this.#zeroThreshold) this.#zeroCount += count;
    else this.#sideOf(value).add(nativeIndex(value, this.#schema), count);
  }

  #sideOf(value: number): SparseBuckets {
    if (value > 0) return this.positive;
    if (this.#negative === noBuckets) this.#negative = new SparseBuckets();
    return this.#negative;
  }

  // In the order of client_golang, the reference of the native histograms specification: reset, or widen the zero
  // bucket by one bucket, or halve the resolution. A reset restores the resolution as soon as one is allowed.
  #limit(value: number, count: number): boolean {
    this.#leaveRun();
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

  /** Reads the clock only if something depends on it. */
  #time(): number {
    return this.#settings.minResetDurationMs > 0 ? this.#settings.now() : 0;
  }
}
