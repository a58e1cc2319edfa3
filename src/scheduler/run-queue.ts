import { Run, type RunObserver, type RunPlan } from './run.ts';
import type { RunResult, SkipCause } from './run-result.ts';
import type { Slots } from './slots.ts';
import type { Overlap } from './task-options.ts';

export interface RunQueueOptions {
  readonly overlap: Overlap;
  /** With this many abandoned functions that are still busy, no run starts. */
  readonly maxAbandoned: number;
}

/** Prevents the runs of a task from overlapping: at most one run has a slot, and at most one more waits. */
export class RunQueue {
  #plan: RunPlan;
  readonly #slots: Slots;
  readonly #options: RunQueueOptions;
  readonly #observer: RunObserver;
  readonly #beginNext = () => this.#begin();
  #current: Run | undefined;
  /** Waits for the current run, or for a slot. */
  #next: Run | undefined;
  #abandonedRuns = 0;
  #startedRuns = 0;

  constructor(slots: Slots, plan: RunPlan, options: RunQueueOptions, observer: RunObserver) {
    this.#slots = slots;
    this.#plan = plan;
    this.#options = options;
    this.#observer = observer;
  }

  /** The plan of the runs that are created from now on. */
  get plan(): RunPlan {
    return this.#plan;
  }

  /** Does not change runs in flight or waiting. */
  setTimeoutMs(timeoutMs: number): void {
    this.#plan = { ...this.#plan, timeoutMs };
  }

  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  get isWaiting(): boolean {
    return this.#next !== undefined;
  }

  get isStuck(): boolean {
    return this.#abandonedRuns >= this.#options.maxAbandoned;
  }

  get abandonedRuns(): number {
    return this.#abandonedRuns;
  }

  /** Starts the run that is due, keeps it for later or skips it. `due` is a time of the clock's `now()`. */
  onDue(due: number): void {
    const isTaken = this.#next || (this.#current && this.#options.overlap === 'skip');
    const cause: SkipCause | undefined = this.isStuck ? 'stuck' : isTaken ? 'overlap' : undefined;
    if (cause) {
      this.#newRun(due, 'schedule').skip(cause);
      return;
    }
    const previous = this.#current;
    this.#enqueue(due, 'schedule');
    // Last: listeners for the end of the previous run may drop the new one or request another.
    if (this.#options.overlap === 'abort')
      previous?.abort(new DOMException(`Task ${this.#plan.task} is due again.`, 'AbortError'));
  }

  /** Joins the current run or the one that waits, or starts one. */
  runNow(reason: string): Promise<RunResult> {
    if (this.#current && !this.#current.hasEnded) return this.#current.result();
    if (this.#next) return this.#next.result();
    return this.isStuck ? this.refuse('stuck', reason) : this.#enqueue(this.#now, reason).result();
  }

  /** Resolves with a run that is skipped. */
  refuse(cause: SkipCause, reason: string): Promise<RunResult> {
    const run = this.#newRun(this.#now, reason);
    run.skip(cause);
    return run.result();
  }

  /** Skips the run that waits. */
  dropNext(cause: SkipCause): void {
    const run = this.#next;
    if (!run) return;
    this.#next = undefined;
    this.#slots.forget(this.#beginNext);
    run.skip(cause);
  }

  /** Starts no more runs, and no more attempts of the current one. */
  close(cause: SkipCause): void {
    this.dropNext(cause);
    this.#current?.stopRetrying();
  }

  /** Passes the slot of the current run on. The observer calls this for each released run. */
  release(run: Run): void {
    if (run.isAbandoned) this.#abandonedRuns++;
    if (this.isStuck) this.dropNext('stuck');
    this.#current = undefined;
    this.#plan.activeRuns.delete(run); // First: runs that begin when the slot is free may stop the scheduler.
    this.#slots.leave();
    if (this.#next) this.#slots.enter(this.#beginNext);
  }

  /** Counts an abandoned function that has returned. The observer calls this for each returned run. */
  forgetAbandoned(): void {
    this.#abandonedRuns--;
  }

  get #now(): number {
    return this.#plan.timers.clock.now();
  }

  #enqueue(due: number, reason: string): Run {
    const run = this.#newRun(due, reason);
    this.#next = run;
    if (!this.#current) this.#slots.enter(this.#beginNext);
    return run;
  }

  #begin(): void {
    const run = this.#next;
    if (!run) return;
    this.#current = run;
    this.#next = undefined;
    this.#plan.activeRuns.add(run);
    this.#startedRuns++;
    run.begin(this.#startedRuns);
  }

  #newRun(due: number, reason: string): Run {
    return new Run(this.#plan, this.#observer, due, reason);
  }
}
