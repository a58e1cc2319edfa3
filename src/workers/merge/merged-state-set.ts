import type { Encoder } from '../../model/encoder.ts';
import type { Point, StateSetValue } from '../../model/family.ts';
import { isSameNames } from '../../model/labels.ts';
import { MergedFamily } from './merged-family.ts';

interface Latest {
  /** Unix seconds; 0 if no state was ever set. */
  readonly setAt: number;
  readonly value: StateSetValue;
}

/** State sets of which the states that were set last are shown for all workers. */
export class MergedStateSet extends MergedFamily {
  readonly #latest: Latest[] = [];
  #states: readonly string[] | undefined = undefined;

  /** Throws an Error if the states are others in another worker. */
  override stateSet(point: Point, { states, enabled }: StateSetValue): void {
    this.#states ??= [...states];
    if (!isSameNames(states, this.#states)) {
      throw new Error(`its states must be ${this.#states.join(', ')} in all workers, got ${states.join(', ')}.`);
    }
    const row = this.rowOf(point);
    const { setTimestamp: setAt = 0 } = point;
    const known = this.#latest[row];
    if (known !== undefined && setAt <= known.setAt) return;
    this.#latest[row] = { setAt, value: { states: this.#states, enabled: Array.from(enabled) } };
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    const latest = this.#latest[row];
    if (latest !== undefined) encoder.stateSet(point, latest.value);
  }
}
