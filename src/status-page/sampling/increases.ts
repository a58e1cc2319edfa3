import type { TrackedSeries } from './family-series.ts';

/** Adds up the increases of the counters of a family since the sample before. */
export class Increases {
  /** Total of all series. */
  total = 0;
  #seconds: number | undefined;
  #increase = 0;
  #untracked = 0;
  #untrackedBefore = Number.NaN;

  begin(seconds: number | undefined): void {
    this.#seconds = seconds;
    this.#increase = 0;
    this.#untrackedBefore = seconds === undefined ? Number.NaN : this.#untracked;
    this.#untracked = 0;
    this.total = 0;
  }

  /** Adds a series, and stores its rate. A counter that decreased was reset, and has counted from zero since. */
  add(series: TrackedSeries | undefined, value: number): number {
    if (Number.isFinite(value)) this.total += value;
    if (series === undefined) {
      if (Number.isFinite(value)) this.#untracked += value;
      return 0;
    }
    const before = this.#seconds === undefined ? Number.NaN : series.last;
    const increase = value >= before ? value - before : value < before ? Math.max(0, value) : 0;
    series.last = value;
    series.rate = Number.isNaN(before) || this.#seconds === undefined ? Number.NaN : increase / this.#seconds;
    if (Number.isFinite(increase)) this.#increase += increase;
    return increase;
  }

  /** Increase per second; undefined in the first sample. */
  get rate(): number | undefined {
    if (this.#seconds === undefined) return undefined;
    // Only their total is known. It decreases if one of them was reset or removed.
    const untracked = Math.max(0, this.#untracked - this.#untrackedBefore);
    return (this.#increase + (Number.isNaN(untracked) ? 0 : untracked)) / this.#seconds;
  }
}
