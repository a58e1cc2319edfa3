import type { Exemplar } from '../../model/family.ts';

/** An exemplar with a timestamp, which native histograms require, and the time from which its age is computed. */
export interface TimedExemplar extends Exemplar {
  readonly timestamp: number;
  /**
   * Milliseconds of the monotonic clock. The timestamp cannot be used for the age, because the system clock may have
   * been set.
   */
  readonly recordedAt: number;
}

const MAX_EXEMPLARS = 10;
const MAX_AGE_MS = 5 * 60 * 1000;

/** The exemplars of a native histogram: at most ten, spread over the observed values. */
export class NativeExemplars {
  readonly #kept: TimedExemplar[] = [];

  /** The exemplars by increasing value. Changes with the next update: copy what you keep. */
  get list(): readonly Exemplar[] {
    return this.#kept;
  }

  /**
   * Adds an exemplar. If there are ten already, it replaces the oldest one if that is more than five minutes older.
   * Otherwise the older exemplar of the closest pair is dropped, which may be the new one. Ignores exemplars of NaN,
   * which have no position.
   */
  add(exemplar: TimedExemplar): void {
    if (Number.isNaN(exemplar.value)) return;
    const kept = this.#kept;
    const after = kept.findIndex(({ value }) => value > exemplar.value);
    kept.splice(after === -1 ? kept.length : after, 0, exemplar);
    if (kept.length > MAX_EXEMPLARS) kept.splice(this.#superfluous(exemplar), 1);
  }

  #superfluous(latest: TimedExemplar): number {
    const times = this.#kept.map(({ recordedAt }) => recordedAt);
    const oldest = Math.min(...times);
    return latest.recordedAt - oldest > MAX_AGE_MS ? times.indexOf(oldest) : this.#olderOfClosest(latest);
  }

  #olderOfClosest(latest: TimedExemplar): number {
    const kept = this.#kept;
    const positions = kept.map(({ value }) => position(value));
    let closest = 1;
    for (let at = 2; at < kept.length; at++) {
      if (positions[at]! - positions[at - 1]! < positions[closest]! - positions[closest - 1]!) closest = at;
    }
    const [low, high] = [kept[closest - 1]!, kept[closest]!];
    const isHighOlder = low === latest || (high !== latest && high.recordedAt < low.recordedAt);
    return isHighOlder ? closest : closest - 1;
  }
}

/** Position on a logarithmic scale that includes negative numbers, zero and infinities. Powers of two are 1 apart. */
function position(value: number): number {
  const magnitude = Math.min(Math.abs(value), Number.MAX_VALUE);
  return magnitude === 0 ? 0 : Math.sign(value) * (Math.log2(magnitude) + 1075); // 1 for the smallest double.
}
