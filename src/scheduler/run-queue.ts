import type { Host } from './host.ts';
import { Run } from './run.ts';
import type { RunOwner, RunPlan } from './run-plan.ts';
import type { RunEnd, RunResult, RunSkip, RunStart, SkipCause } from './run-result.ts';
import type { Overlap } from './task-options.ts';

export interface LaneOptions {
  readonly overlap: Overlap;
  /** With so many functions given up on and still busy, no new run starts. */
  readonly maxAbandoned: number;
}

/** Hears what happens in a lane. */
export interface LaneListener {
  started(start: RunStart): void;
  ended(end: RunEnd): void;
  skipped(skip: RunSkip): void;
  /** Called after whatever may have changed `isBusy`, `isWaiting` or `isStuck`. */
  changed(): void;
}

/** Keeps the runs of a task apart: at any time one of them has a slot and one more waits, at most. */
export class Lane implements RunOwner {
  readonly #host: Host;
  readonly #options: LaneOptions;
  readonly #listener: LaneListener;
  /** For runs from now on. */
  plan: RunPlan;
  #current: Run | undefined;
  /** Waits for the current run, or for a slot. */
  #next: Run | undefined;
  #abandonedRuns = 0;
  #runs = 0;

  constructor(host: Host, plan: RunPlan, options: LaneOptions, listener: LaneListener) {
    this.#host = host;
    this.plan = plan;
    this.#options = options;
    this.#listener = listener;
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

  /** A run is due, since this time of the clock's `now()`. */
  fallDue(due: number): void {
    const cause = this.#causeToSkip();
    if (cause) {
      this.#listener.skipped(this.#newRun(due, 'schedule').drop(cause));
      return;
    }
    const previous = this.#current;
    this.#enqueue(due, 'schedule');
    // Last: whoever hears of the end may take back the run that takes its place, or ask for one.
    if (this.#options.overlap === 'abort') previous?.abort(supersededError(this.plan.task));
  }

  /** Joins the run that is under way, or the one that waits, or begins one. */
  runNow(reason: string): Promise<RunResult> {
    if (this.#current && !this.#current.hasEnded) return this.#current.result();
    const run = this.#next ?? (this.isStuck ? undefined : this.#enqueue(this.#host.clock.now(), reason));
    return run ? run.result() : this.refuse('stuck', reason);
  }

  refuse(cause: SkipCause, reason: string): Promise<RunResult> {
    const run = this.#newRun(this.#host.clock.now(), reason);
    this.#listener.skipped(run.drop(cause));
    return run.result();
  }

  /** Takes back the run that waits. */
  dropNext(cause: SkipCause): void {
    const run = this.#next;
    if (!run) return;
    this.#next = undefined;
    this.#host.slots.forget(run);
    this.#listener.skipped(run.drop(cause));
  }

  /** Nothing begins any more, no second attempt either. */
  close(cause: SkipCause): void {
    this.dropNext(cause);
    this.#current?.stopRetrying();
  }

  nextNumber(): number {
    this.#runs++;
    return this.#runs;
  }

  started(run: Run): void {
    this.#current = run;
    this.#next = undefined;
    this.#host.runs.add(run);
    this.#listener.started(run.start);
    this.#listener.changed();
  }

  ended(end: RunEnd): void {
    this.#listener.ended(end);
  }

  released(run: Run): void {
    this.#current = undefined;
    this.#host.runs.delete(run); // First: the runs that begin when it leaves may stop the scheduler.
    this.#host.slots.leave();
    if (this.#next) this.#host.slots.enter(this.#next);
    this.#listener.changed();
  }

  abandoned(run: Run): void {
    this.#abandonedRuns++;
    if (this.isStuck) this.dropNext('stuck');
    this.released(run);
  }

  returned(): void {
    this.#abandonedRuns--;
    this.#listener.changed();
  }

  #enqueue(due: number, reason: string): Run {
    const run = this.#newRun(due, reason);
    this.#next = run;
    if (!this.#current) this.#host.slots.enter(run);
    this.#listener.changed();
    return run;
  }

  #newRun(due: number, reason: string): Run {
    return new Run(this.#host, this.plan, this, due, reason);
  }

  #causeToSkip(): SkipCause | undefined {
    if (this.isStuck) return 'stuck';
    const isTaken = this.#next || (this.#current && this.#options.overlap === 'skip');
    return isTaken ? 'overlap' : undefined;
  }
}

function supersededError(taskName: string): Error {
  return new DOMException(`Task ${taskName} is due again.`, 'AbortError');
}
