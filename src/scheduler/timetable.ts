import { AlignedGrid, type Grid, SteadyGrid } from './grid.ts';
import type { Host } from './host.ts';
import { Alarm } from './timer-queue.ts';

export interface TimetableOptions {
  readonly intervalMs: number;
  readonly isAligned: boolean;
  /** The share of the interval by which due times are shifted. */
  readonly phase: number;
  /** The first run comes so long after the start; after one interval if undefined. */
  readonly openingMs: number | undefined;
  readonly isPaused: boolean;
  readonly holdsProcess: boolean;
}

/** By the clock's `now()`: when the run fell due, and how many due times passed since that nobody could serve. */
export type DueListener = (dueAt: number, missed: number) => void;

/** When a task is due: on its grid, unless it is stopped or paused, or failures have put it off. */
export class Timetable {
  readonly #host: Host;
  readonly #options: TimetableOptions;
  readonly #onDue: DueListener;
  readonly #alarm: Alarm;
  #intervalMs: number;
  #isPaused: boolean;
  /** None while stopped. */
  #grid: Grid | undefined;
  /** A due time that stands in for the grid's, and how long it takes to the one after it. */
  #deferral: { dueAt: number; readonly everyMs: number } | undefined;

  constructor(host: Host, options: TimetableOptions, onDue: DueListener) {
    this.#host = host;
    this.#options = options;
    this.#onDue = onDue;
    this.#intervalMs = options.intervalMs;
    this.#isPaused = options.isPaused;
    this.#alarm = new Alarm(host.agenda, () => this.#ring(), options.holdsProcess);
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isRunning(): boolean {
    return this.#grid !== undefined;
  }

  /** The next due time by the clock's `now()`; undefined while there is none. */
  get nextDueAt(): number | undefined {
    if (this.#isPaused) return undefined;
    return this.#deferral?.dueAt ?? this.#grid?.dueAt();
  }

  /** Begins a grid at this moment. */
  start(): void {
    this.#begin(this.#options.openingMs);
  }

  stop(): void {
    this.#grid = undefined;
    this.#deferral = undefined;
    this.#setAlarm();
  }

  pause(): void {
    this.#isPaused = true;
    this.#setAlarm();
  }

  /** Goes on with the grid's next due time, or the deferred one if that is still to come. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#grid?.pass();
    if (this.#deferral && this.#deferral.dueAt <= this.#host.clock.now()) this.#deferral = undefined;
    this.#setAlarm();
  }

  reschedule(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    if (this.#grid) this.#begin();
  }

  /** Leaves the grid: the next due time is so long from now, and so are those after it. */
  defer(delayMs: number): void {
    if (!this.#grid) return;
    this.#deferral = { dueAt: this.#host.clock.now() + delayMs, everyMs: delayMs };
    this.#setAlarm();
  }

  /** Goes back to the grid if `defer()` left it. */
  snapBack(): void {
    if (!this.#deferral) return;
    this.#deferral = undefined;
    this.#grid?.pass();
    this.#setAlarm();
  }

  #begin(openingMs?: number): void {
    const { clock } = this.#host;
    const { isAligned, phase } = this.#options;
    const options = { clock, intervalMs: this.#intervalMs, phaseMs: phase * this.#intervalMs, openingMs };
    this.#grid = isAligned ? new AlignedGrid(options) : new SteadyGrid(options);
    this.#deferral = undefined;
    this.#setAlarm();
  }

  #setAlarm(): void {
    if (!this.#grid || this.#isPaused) this.#alarm.clear();
    else this.#alarm.set(this.#deferral?.dueAt ?? this.#grid.lookAt());
  }

  /** The next alarm is set before anybody hears of this one: nothing that a task does can stop its schedule. */
  #ring(): void {
    const dueAt = this.nextDueAt ?? Number.POSITIVE_INFINITY;
    const passed = this.#pass();
    this.#setAlarm();
    if (passed > 0) this.#onDue(dueAt, passed - 1);
  }

  #pass(): number {
    const deferral = this.#deferral;
    if (!deferral) return this.#grid?.pass() ?? 0;
    const passed = Math.floor((this.#host.clock.now() - deferral.dueAt) / deferral.everyMs) + 1;
    deferral.dueAt += passed * deferral.everyMs;
    return passed;
  }
}
