import { formatDuration } from '../model/duration.ts';
import { isObject } from '../model/inert.ts';
import type { Logger } from '../model/logger.ts';
import type { Retries } from './retry.ts';
import {
  type RunEnd,
  type RunOutcome,
  type RunResult,
  type RunSkip,
  type RunStart,
  type SkipCause,
  taskError,
} from './run-result.ts';
import type { RunContext, TaskFunction } from './task.ts';
import { Alarm, type AlarmOwner, type TimerQueue } from './timer-queue.ts';

/** Settings that all runs of a task share. */
export interface RunPlan {
  readonly task: string;
  readonly fn: TaskFunction;
  /** Infinity for no timeout. */
  readonly timeoutMs: number;
  readonly abandonAfterMs: number;
  readonly retry: Retries;
  readonly log: Logger;
  readonly holdsProcess: boolean;
  readonly timers: TimerQueue;
  readonly activeRuns: ActiveRuns;
}

/**
 * Observes the runs of a task. A run that starts calls `started`, `ended` and `released` in this order, and then `returned` if
 * its function was abandoned. A run that does not start calls only `skipped`.
 */
export interface RunObserver {
  /** The run has a slot and is about to call the function. */
  started(start: RunStart): void;
  /** The outcome is final, although the function may still be busy. */
  ended(end: RunEnd): void;
  /** The run will not start. */
  skipped(skip: RunSkip): void;
  /** The run gives up its slot: its function has returned or was abandoned. */
  released(run: Run): void;
  /** The function of an abandoned run has returned at last. Its result is ignored. */
  returned(): void;
}

/** A run of a task: its attempts, its deadline, and what happens to a function that ignores its signal. */
export class Run implements AlarmOwner {
  readonly #plan: RunPlan;
  readonly #observer: RunObserver;
  /** When the run was due, by the clock's `now()`. */
  readonly #due: number;
  readonly #controller = new AbortController();
  /** Set for the deadline, then for abandoning the function; between two attempts, for the next one. */
  readonly #alarm: Alarm;
  readonly #waiters: ((result: RunResult) => void)[] = [];
  #start: RunStart;
  #beganAt = 0;
  #attempts = 0;
  #lastError: Error | undefined;
  #result: RunResult | undefined;
  #isBusy = false;
  #isAbandoned = false;
  #mayRetry = true;

  constructor(plan: RunPlan, observer: RunObserver, due: number, reason: string) {
    const { clock } = plan.timers;
    this.#plan = plan;
    this.#observer = observer;
    this.#due = due;
    this.#alarm = new Alarm(plan.timers, this, plan.holdsProcess);
    const dueAt = clock.wall() - (clock.now() - due);
    this.#start = { task: plan.task, number: 0, reason, dueAt, startedAt: 0, lagMs: 0 };
  }

  get task(): string {
    return this.#plan.task;
  }

  get start(): RunStart {
    return this.#start;
  }

  /** Whether the outcome is final; the function may still be busy. */
  get hasEnded(): boolean {
    return this.#result !== undefined;
  }

  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** Resolves when the outcome is final. Never rejects. */
  result(): Promise<RunResult> {
    if (this.#result) return Promise.resolve(this.#result);
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  begin(number: number): void {
    const { clock } = this.#plan.timers;
    this.#isBusy = true; // Before observers are called: they may stop the scheduler.
    this.#beganAt = clock.now();
    const lagMs = this.#beganAt - this.#due;
    this.#start = { ...this.#start, number, startedAt: clock.wall(), lagMs };
    this.#observer.started(this.#start);
    if (this.hasEnded) this.#settle();
    else this.#attempt();
  }

  /** Ends the run before it begins. */
  skip(cause: SkipCause): void {
    const { task, dueAt } = this.#start;
    const skip: RunSkip = { task, outcome: 'skipped', cause, dueAt };
    this.#resolve(skip);
    this.#observer.skipped(skip);
  }

  /** Ends the run as `aborted`, unless it has ended, and aborts its signal. */
  abort(reason: Error): void {
    this.#cutShort('aborted', reason);
  }

  /** Makes the current attempt the last one. A run that waits for its next attempt ends here. */
  stopRetrying(): void {
    this.#mayRetry = false;
    if (!this.#isBusy && !this.hasEnded) this.#finish('error', this.#lastError);
  }

  /** Stops waiting for a function that is still busy. */
  abandon(): void {
    if (!this.#isBusy || this.#isAbandoned) return;
    this.#isAbandoned = true;
    this.#release();
  }

  /** For the alarm only. */
  ring(): void {
    const isTimeUp = this.#isBusy || this.#plan.timers.clock.now() >= this.#deadline;
    if (this.hasEnded) this.abandon();
    else if (isTimeUp) {
      const { task, timeoutMs } = this.#plan;
      const text = `Task ${task} did not finish within ${formatDuration(timeoutMs)}.`;
      this.#cutShort('timeout', new DOMException(text, 'TimeoutError'));
    } else this.#attempt();
  }

  #attempt(): void {
    this.#attempts++;
    this.#isBusy = true;
    let returned: unknown;
    let isPromise: boolean;
    try {
      returned = this.#plan.activeRuns.call(this, () => this.#plan.fn(this.#context()));
      // Reading `then` could run a getter, which `await` does not for a real promise. Even so, a proxy may throw here.
      isPromise = isObject(returned) && 'then' in returned;
    } catch (thrown) {
      this.#settle(taskError(thrown, this.task));
      return;
    }
    if (isPromise) void this.#settleAfter(returned);
    else this.#settle();
    // Only a promise can time out, and only one that has not settled: awaiting a thenable may fail synchronously.
    if (isPromise && this.#isBusy && !this.hasEnded) this.#alarm.set(this.#deadline);
  }

  async #settleAfter(returned: unknown): Promise<void> {
    let error: Error | undefined;
    try {
      await returned;
    } catch (thrown) {
      error = taskError(thrown, this.task);
    }
    this.#settle(error);
  }

  get #deadline(): number {
    return this.#beganAt + this.#plan.timeoutMs;
  }

  /** Node creates a controller's signal on first use, which costs more than the rest of a run; few tasks use it. */
  #context(): RunContext {
    const controller = this.#controller;
    return {
      get signal() {
        return controller.signal;
      },
      run: this.#start,
      deadline: this.#start.startedAt + this.#plan.timeoutMs,
      attempt: this.#attempts,
      log: this.#plan.log,
    };
  }

  /** The function has returned from an attempt. */
  #settle(error?: Error): void {
    this.#isBusy = false;
    this.#lastError = error;
    if (this.#isAbandoned) this.#observer.returned();
    else if (this.hasEnded) this.#release();
    else if (!error) this.#finish('success');
    else if (!this.#scheduleRetry()) this.#finish('error', error);
  }

  /** Returns false if no attempt is left or the next one would start after the deadline. */
  #scheduleRetry(): boolean {
    const delayMs = this.#mayRetry ? this.#plan.retry.delayMs(this.#attempts) : undefined;
    if (delayMs === undefined) return false;
    const nextAt = this.#plan.timers.clock.now() + delayMs;
    if (nextAt >= this.#deadline) return false;
    this.#alarm.set(nextAt);
    return true;
  }

  /** Sets the outcome before the signal aborts, so that the function's reaction cannot change it. */
  #cutShort(outcome: RunOutcome, error: Error): void {
    if (this.hasEnded) return;
    const { abandonAfterMs, timers } = this.#plan;
    this.#alarm.set(this.#isBusy ? timers.clock.now() + abandonAfterMs : Number.POSITIVE_INFINITY);
    this.#finish(outcome, error);
    this.#controller.abort(error);
  }

  #finish(outcome: RunOutcome, error?: Error): void {
    const durationMs = this.#plan.timers.clock.now() - this.#beganAt;
    // Field by field: a spread took three quarters of the time of a run.
    const { task, number, reason, dueAt, startedAt, lagMs } = this.#start;
    const end = { task, number, reason, dueAt, startedAt, lagMs, outcome, durationMs, attempts: this.#attempts, error };
    this.#resolve(end);
    this.#observer.ended(end);
    if (!this.#isBusy) this.#release();
  }

  #resolve(result: RunResult): void {
    this.#result = result;
    for (const resolve of this.#waiters) resolve(result);
  }

  #release(): void {
    this.#alarm.clear();
    this.#observer.released(this);
  }
}

/** The runs of a scheduler that have a slot. */
export class ActiveRuns {
  readonly #runs = new Set<Run>();
  /** Called with each run that gives up its slot. */
  onLeave: (run: Run) => void = () => {};
  #calling: Run | undefined;

  /** The run whose function is calling, as long as that function has not reached its first `await`. */
  get calling(): Run | undefined {
    return this.#calling;
  }

  add(run: Run): void {
    this.#runs.add(run);
  }

  delete(run: Run): void {
    this.#runs.delete(run);
    this.onLeave(run);
  }

  /** Finds the run whose function was given this `start`. */
  find(start: RunStart): Run | undefined {
    return this.list().find((run) => run.start === start);
  }

  list(): Run[] {
    return [...this.#runs];
  }

  /** Calls a run's function. Calls can be nested: a function may start a run of another task. */
  call<T>(run: Run, fn: () => T): T {
    const outer = this.#calling;
    this.#calling = run;
    try {
      return fn();
    } finally {
      this.#calling = outer;
    }
  }
}
