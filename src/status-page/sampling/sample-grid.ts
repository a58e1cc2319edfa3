/**
 * Points of time at which samples are due. Several samplers share one, so that they sample at the same time and what they
 * ask workers for is asked once.
 */
export class SampleGrid {
  readonly intervalMs: number;
  #origin: number | undefined;

  constructor(intervalMs: number) {
    this.intervalMs = intervalMs;
  }

  /** Returns the first point of time that is an interval after `time`, or a little less, because timers are late. */
  next(time: number): number {
    this.#origin ??= time;
    const passed = (time - this.#origin) / this.intervalMs;
    return this.#origin + Math.ceil(passed + 0.9) * this.intervalMs;
  }
}
