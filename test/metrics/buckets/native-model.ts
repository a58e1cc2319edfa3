import { coarserIndex, nativeIndex, nativeUpperBound } from '../../../src/metrics/buckets/native-index.ts';
import type { NativeSettings } from '../../../src/metrics/buckets/native-options.ts';

type Counts = Map<number, number>;

/** Native buckets without any fast path, to compare with: counts by index, and all checks for each observation. */
export class NativeModel {
  schema: number;
  zeroThreshold: number;
  zeroCount = 0;
  positive: Counts = new Map();
  negative: Counts = new Map();
  #isResetDue = false;
  #resetTime: number;
  readonly #settings: NativeSettings;

  constructor(settings: NativeSettings) {
    this.#settings = settings;
    this.schema = settings.schema;
    this.zeroThreshold = settings.zeroThreshold;
    this.#resetTime = settings.now();
  }

  observe(value: number, count: number): boolean {
    const isReset = this.resetIfDue();
    if (Number.isNaN(value)) return isReset;
    this.#add(value, count);
    const { maxBuckets, minResetDurationMs, maxZeroThreshold } = this.#settings;
    if (maxBuckets === 0 || this.positive.size + this.negative.size <= maxBuckets) return isReset;
    if (minResetDurationMs > 0 && !this.#isResetDue) {
      this.#isResetDue = true;
      if (this.resetIfDue()) {
        this.#add(value, count);
        return true;
      }
    }
    const first = Math.min(...this.positive.keys(), ...this.negative.keys());
    if (nativeUpperBound(first, this.schema) <= maxZeroThreshold) this.#widen(first);
    else if (this.schema > -4) this.#halve();
    return isReset;
  }

  resetIfDue(): boolean {
    const { now, minResetDurationMs } = this.#settings;
    if (!this.#isResetDue || now() - this.#resetTime < minResetDurationMs) return false;
    this.reset();
    return true;
  }

  reset(): void {
    Object.assign(this, new NativeModel(this.#settings));
    this.#isResetDue = false;
    this.#resetTime = this.#settings.now();
  }

  #add(value: number, count: number): void {
    if (Math.abs(value) <= this.zeroThreshold) this.zeroCount += count;
    else increase(value > 0 ? this.positive : this.negative, nativeIndex(value, this.schema), count);
  }

  #widen(first: number): void {
    this.zeroThreshold = nativeUpperBound(first, this.schema);
    for (const side of [this.positive, this.negative]) {
      this.zeroCount += side.get(first) ?? 0;
      side.delete(first);
    }
  }

  #halve(): void {
    this.schema--;
    this.positive = halved(this.positive);
    this.negative = halved(this.negative);
  }
}

function halved(side: Counts): Counts {
  const coarser: Counts = new Map();
  for (const [index, count] of side) increase(coarser, coarserIndex(index, 1), count);
  return coarser;
}

function increase(side: Counts, index: number, count: number): void {
  side.set(index, (side.get(index) ?? 0) + count);
}
