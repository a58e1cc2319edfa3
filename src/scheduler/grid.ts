import type { Clock } from './clock.ts';

/** The due times of a task, in milliseconds of the clock's `now()`. */
export interface Grid {
  /** The next due time. */
  dueAt(): number;
  /** When to check again: the due time, or earlier if the due time may move until then. */
  lookAt(): number;
  /** Moves past all due times up to now and returns their number. */
  pass(): number;
}

export interface GridOptions {
  readonly clock: Clock;
  /** The beginning of the first interval, by the clock's `now()`; now by default. */
  readonly startedAt?: number;
  readonly intervalMs: number;
  /** Added to all due times, so that tasks with the same interval do not run at the same time. */
  readonly offsetMs: number;
  /** Delay from `startedAt` to a first run without the offset; by default the first run comes after one interval. */
  readonly openingMs?: number | undefined;
}

/** Due times at equal distances from the start of the grid. They are multiplied, not added up, so they never drift. */
export class SteadyGrid implements Grid {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #opening: number;
  readonly #origin: number;
  /** Number of intervals from the origin; 0 for the opening run. */
  #step: number;

  constructor({ clock, startedAt = clock.now(), intervalMs, offsetMs, openingMs }: GridOptions) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#opening = startedAt + (openingMs ?? 0);
    this.#origin = this.#opening + offsetMs;
    this.#step = openingMs === undefined ? 1 : 0;
  }

  dueAt(): number {
    return this.#step === 0 ? this.#opening : this.#origin + this.#step * this.#intervalMs;
  }

  lookAt(): number {
    return this.dueAt();
  }

  pass(): number {
    const now = this.#clock.now();
    if (now < this.dueAt()) return 0;
    const passed = Math.max(1, Math.floor((now - this.#origin) / this.#intervalMs) + 1 - this.#step);
    this.#step += passed;
    return passed;
  }
}

/** How often an aligned grid checks whether the system time was set or the machine slept. */
const LOOK_MS = 60_000;

/** Due times at multiples of the interval since the epoch, which follow changes of the system time. */
export class AlignedGrid implements Grid {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #offsetMs: number;
  #opening: number | undefined;
  /** The next due time in milliseconds since the epoch. */
  #due: number;

  constructor({ clock, startedAt = clock.now(), intervalMs, offsetMs, openingMs }: GridOptions) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#offsetMs = offsetMs;
    this.#opening = openingMs === undefined ? undefined : startedAt + openingMs;
    this.#due = this.#multipleAfter(clock.wall() - (clock.now() - startedAt) + (openingMs ?? 0));
  }

  dueAt(): number {
    if (this.#opening !== undefined) return this.#opening;
    const wall = this.#clock.wall();
    // The system time was set back. A small step back must not repeat the last due time.
    if (this.#due - wall > 1.5 * this.#intervalMs) this.#due = this.#multipleAfter(wall);
    return this.#clock.now() + (this.#due - wall);
  }

  lookAt(): number {
    return Math.min(this.dueAt(), this.#clock.now() + LOOK_MS);
  }

  pass(): number {
    if (this.#clock.now() < this.dueAt()) return 0;
    const opened = this.#opening === undefined ? 0 : 1;
    this.#opening = undefined;
    const wall = this.#clock.wall();
    if (wall < this.#due) return opened;
    const due = this.#multipleAfter(wall);
    const passed = Math.round((due - this.#due) / this.#intervalMs);
    this.#due = due;
    return opened + passed;
  }

  #multipleAfter(wall: number): number {
    const steps = Math.floor((wall - this.#offsetMs) / this.#intervalMs) + 1;
    return steps * this.#intervalMs + this.#offsetMs;
  }
}
