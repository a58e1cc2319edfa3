import type { Clock } from './clock.ts';

/** The due times of one task, in milliseconds of the clock's `now()`. */
export interface Grid {
  /** The next due time; it has come when the clock is there. */
  dueAt(): number;
  /** When to look again: the due time, or earlier if the due time may move until then. */
  lookAt(): number;
  /** Moves past all due times up to now and says how many there were. */
  pass(): number;
}

export interface GridOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** What due times are shifted by, so that not all tasks run at once. */
  readonly phaseMs: number;
  /** A first run this long from now, outside the shift; without it the first run comes after one interval. */
  readonly openingMs?: number | undefined;
}

/** Due times at equal distances from the moment the grid was made. Multiplied, never added up: lateness cannot gather. */
export class SteadyGrid implements Grid {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #opening: number;
  readonly #origin: number;
  /** How many intervals from the origin; 0 stands for the opening run. */
  #step: number;

  constructor({ clock, intervalMs, phaseMs, openingMs }: GridOptions) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#opening = clock.now() + (openingMs ?? 0);
    this.#origin = this.#opening + phaseMs;
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

/** How often an aligned grid looks whether somebody set the clock, or the machine slept. */
const LOOK_MS = 60_000;

/** Due times at multiples of the interval since the epoch, whatever happens to the system's time. */
export class AlignedGrid implements Grid {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #phaseMs: number;
  #opening: number | undefined;
  /** The next due time in milliseconds since the epoch. */
  #due: number;

  constructor({ clock, intervalMs, phaseMs, openingMs }: GridOptions) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#phaseMs = phaseMs;
    this.#opening = openingMs === undefined ? undefined : clock.now() + openingMs;
    this.#due = this.#multipleAfter(clock.wall() + (openingMs ?? 0));
  }

  dueAt(): number {
    if (this.#opening !== undefined) return this.#opening;
    const wall = this.#clock.wall();
    // So far ahead, the system's time was set back. A small step back must not bring the last due time again.
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
    const steps = Math.floor((wall - this.#phaseMs) / this.#intervalMs) + 1;
    return steps * this.#intervalMs + this.#phaseMs;
  }
}
