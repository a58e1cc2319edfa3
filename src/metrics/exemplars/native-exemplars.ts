import type { Exemplar } from '../../model/family.ts';

/** An exemplar with a timestamp, which exemplars of native histograms must have, and the time that its age is computed from. */
export interface TimedExemplar extends Exemplar {
  readonly timestamp: number;
  /** Milliseconds of the monotonic clock. The timestamp does not tell the age: the system clock may have been set since. */
  readonly recordedAt: number;
}

const MAX_EXEMPLARS = 10;
const MAX_AGE_MS = 5 * 60 * 1000;

/** The few exemplars of a native histogram, spread over the values that were seen. */
export class NativeExemplars {
  readonly #kept: TimedExemplar[] = [];

  /** By increasing value; live, so copy what outlasts the call. */
  get list(): readonly Exemplar[] {
    return this.#kept;
  }

  /**
   * Keeps the exemplar. Where ten are kept already, it takes the place of the oldest if that is more than five minutes
   * older, and else the older one of the closest pair goes, itself counted in. An exemplar of NaN, which lies nowhere,
   * is not kept.
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

/** A place on a logarithmic scale that holds negative numbers, zero and infinities too: whole powers of two are 1 apart. */
function position(value: number): number {
  const magnitude = Math.min(Math.abs(value), Number.MAX_VALUE);
  return magnitude === 0 ? 0 : Math.sign(value) * (Math.log2(magnitude) + 1075); // 1 for the smallest double.
}
