import type { Line } from '../protocol.ts';

/** The times of the latest samples. Lines of the same capacity have a value for each of them, in the same slots. */
export class TimeRing {
  readonly capacity: number;
  /** Slot of the latest sample; -1 before the first. */
  slot = -1;
  readonly #times: Float64Array;
  #count = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#times = new Float64Array(capacity);
  }

  /** Moves to the next slot. The caller then writes all lines, because the slot has the values of an old sample. */
  push(time: number): void {
    this.slot = (this.slot + 1) % this.capacity;
    this.#times[this.slot] = time;
    this.#count = Math.min(this.#count + 1, this.capacity);
  }

  /** Returns the slots of the samples since a time, oldest first. */
  slotsSince(time: number): number[] {
    const first = this.slot + 1 - this.#count + this.capacity;
    const slots = Array.from({ length: this.#count }, (_, index) => (first + index) % this.capacity);
    return slots.filter((slot) => this.#times[slot]! >= time);
  }

  timesOf(slots: readonly number[]): number[] {
    return slots.map((slot) => this.#times[slot]!);
  }
}

/** Returns the points in these slots. */
export function pointsOf(line: Float32Array, slots: readonly number[]): Line {
  return slots.map((slot) => finite(line[slot]!));
}

/** Returns a number with six significant digits, which is what 32 bits hold; null if it is not finite. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? rounded(value) : null;
}

/** Returns a number with six significant digits: more would make messages longer and show nothing. */
export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(6));
}
