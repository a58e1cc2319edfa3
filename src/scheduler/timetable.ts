import { AlignedGrid, type Grid, SteadyGrid } from './grid.ts';
import { Alarm, type AlarmOwner, type TimerQueue } from './timer-queue.ts';

/** Part of the settings of a task. */
export interface TimetableOptions {
  readonly intervalMs: number;
  readonly isAligned: boolean;
  /** Offset of the due times, as a fraction of the interval. */
  readonly offset: number;
  /** Delay from the start to the first run; one interval if undefined. */
  readonly openingMs: number | undefined;
  readonly isPaused: boolean;
  readonly holdsProcess: boolean;
}

export interface TimetableObserver {
  /** Receives the due time, by the clock's `now()`, and the number of due times since then that were missed. */
  onDue(dueAt: number, missed: number): void;
}

/** Decides when a task is due: on its grid, unless it is stopped or paused, or deferred after failures. */
export class Timetable implements AlarmOwner {
  readonly #timers: TimerQueue;
  readonly #options: TimetableOptions;
  readonly #observer: TimetableObserver;
  readonly #alarm: Alarm;
  #intervalMs: number;
  #isPaused: boolean;
  /** Undefined while stopped. */
  #grid: Grid | undefined;
  /** Replaces the grid's due time and interval while the task is deferred. */
  #deferral: { dueAt: number; readonly everyMs: number } | undefined;

  constructor(timers: TimerQueue, options: TimetableOptions, observer: TimetableObserver) {
    this.#timers = timers;
    this.#options = options;
    this.#observer = observer;
    this.#intervalMs = options.intervalMs;
    this.#isPaused = options.isPaused;
    this.#alarm = new Alarm(timers, this, options.holdsProcess);
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

  /** The next due time by the clock's `now()`; undefined while stopped or paused. */
  get nextDueAt(): number | undefined {
    if (this.#isPaused) return undefined;
    return this.#deferral?.dueAt ?? this.#grid?.dueAt();
  }

  /** Begins a grid at a time of the clock's `now()`, which may be a little earlier than now. */
  start(startedAt: number): void {
    this.#begin(startedAt, this.#options.openingMs);
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

  /** Continues with the next due time of the grid, or with the deferred one if that is still to come. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#grid?.pass();
    if (this.#deferral && this.#deferral.dueAt <= this.#timers.clock.now()) this.#deferral = undefined;
    this.#setAlarm();
  }

  reschedule(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    if (this.#grid) this.#begin(this.#timers.clock.now());
  }

  /** Leaves the grid: the task is due after this delay, and again after each further one. */
  defer(delayMs: number): void {
    if (!this.#grid) return;
    this.#deferral = { dueAt: this.#timers.clock.now() + delayMs, everyMs: delayMs };
    this.#setAlarm();
  }

  /** Returns to the grid after `defer()`. */
  snapBack(): void {
    if (!this.#deferral) return;
    this.#deferral = undefined;
    this.#grid?.pass();
    this.#setAlarm();
  }

  /** For the alarm only. Sets the next alarm before `onDue` is called, so that nothing a task does can stop its schedule. */
  ring(): void {
    const dueAt = this.nextDueAt ?? Number.POSITIVE_INFINITY;
    const passed = this.#pass();
    this.#setAlarm();
    if (passed > 0) this.#observer.onDue(dueAt, passed - 1);
  }

  #begin(startedAt: number, openingMs?: number): void {
    const { clock } = this.#timers;
    const { isAligned, offset } = this.#options;
    const offsetMs = offset * this.#intervalMs;
    const options = { clock, startedAt, intervalMs: this.#intervalMs, offsetMs, openingMs };
    this.#grid = isAligned ? new AlignedGrid(options) : new SteadyGrid(options);
    this.#deferral = undefined;
    this.#setAlarm();
  }

  #setAlarm(): void {
    if (!this.#grid || this.#isPaused) this.#alarm.clear();
    else this.#alarm.set(this.#deferral?.dueAt ?? this.#grid.lookAt());
  }

  #pass(): number {
    const deferral = this.#deferral;
    if (!deferral) return this.#grid?.pass() ?? 0;
    const passed = Math.floor((this.#timers.clock.now() - deferral.dueAt) / deferral.everyMs) + 1;
    deferral.dueAt += passed * deferral.everyMs;
    return passed;
  }
}
