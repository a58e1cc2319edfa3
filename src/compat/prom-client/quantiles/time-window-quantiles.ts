import { Digest, quantileOf } from './digest.ts';
import { windowSteps } from './sliding-digest.ts';

/** The class behind `prom-client/lib/timeWindowQuantiles`, for code that imports it. Summaries use `SlidingDigest`. */
export class TimeWindowQuantiles {
  maxAgeSeconds: number;
  ageBuckets: number;
  shouldRotate: boolean;
  ringBuffer: Slot[];
  currentBuffer = 0;
  lastRotateTimestampMillis: number = Date.now();
  durationBetweenRotatesMillis: number;

  constructor(maxAgeSeconds?: number, ageBuckets?: number) {
    this.maxAgeSeconds = maxAgeSeconds || 0;
    this.ageBuckets = ageBuckets || 0;
    this.shouldRotate = this.maxAgeSeconds > 0 && this.ageBuckets > 0;
    const { slots, slotMs } = windowSteps(maxAgeSeconds, ageBuckets);
    this.ringBuffer = Array.from({ length: slots }, () => new Slot());
    this.durationBetweenRotatesMillis = slotMs;
  }

  percentile(quantile: number): number | undefined {
    return this.#current().percentile(quantile);
  }

  size(): number {
    return this.#current().size();
  }

  push(value: number): void {
    this.#current();
    for (const slot of this.ringBuffer) slot.push(value);
  }

  reset(): void {
    for (const slot of this.ringBuffer) slot.reset();
  }

  compress(): void {
    for (const slot of this.ringBuffer) slot.compress();
  }

  /** Returns the slot with all observations of the window, after emptying those that have expired. */
  #current(): Slot {
    const slotMs = this.durationBetweenRotatesMillis;
    const elapsed = Date.now() - this.lastRotateTimestampMillis;
    const steps = this.shouldRotate && elapsed > slotMs ? Math.ceil(elapsed / slotMs) - 1 : 0;
    for (let step = 0; step < Math.min(steps, this.ringBuffer.length); step++) {
      this.ringBuffer[this.currentBuffer] = new Slot();
      this.currentBuffer = (this.currentBuffer + 1) % this.ringBuffer.length;
    }
    this.lastRotateTimestampMillis += steps > 0 ? steps * slotMs : 0;
    return this.ringBuffer[this.currentBuffer]!;
  }
}

/** A digest with the members of prom-client's digest that user code reads. */
class Slot {
  readonly #digest = new Digest();

  /** Distinct values; prom-client keeps them in a tree that has a size. */
  get centroids(): { readonly size: number } {
    return { size: this.#digest.centroids.means.length };
  }

  size(): number {
    return this.#digest.centroids.weights.reduce((sum, weight) => sum + weight, 0);
  }

  percentile(quantile: number): number | undefined {
    return quantileOf(this.#digest.centroids, quantile);
  }

  push(value: number): void {
    this.#digest.push(value);
  }

  reset(): void {
    this.#digest.reset();
  }

  compress(): void {
    this.#digest.compress();
  }
}
