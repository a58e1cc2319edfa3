import { formatDuration } from '../model/duration.ts';
import type { Host } from './host.ts';
import type { RunContext, RunOwner, RunPlan } from './run-plan.ts';
import { type Outcome, type RunResult, type RunSkip, type RunStart, type SkipCause, toError } from './run-result.ts';
import type { SlotUser } from './slots.ts';
import { Alarm } from './timer-queue.ts';

/** One run: its attempts, its deadline, and what happens to a function that does not stop when it is told to. */
export class Run implements SlotUser {
  readonly #host: Host;
  readonly #plan: RunPlan;
  readonly #owner: RunOwner;
  /** When the run fell due, by the clock's `now()`. */
  readonly #due: number;
  readonly #controller = new AbortController();
  /** For the deadline, then for abandonment; between two attempts for the next one. */
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

  constructor(host: Host, plan: RunPlan, owner: RunOwner, due: number, reason: string) {
    this.#host = host;
    this.#plan = plan;
    this.#owner = owner;
    this.#due = due;
    this.#alarm = new Alarm(host.agenda, () => this.#ring(), plan.holdsProcess);
    const dueAt = host.clock.wall() - (host.clock.now() - due);
    this.#start = { task: plan.task, number: 0, reason, dueAt, startedAt: 0, lagMs: 0 };
  }

  get task(): string {
    return this.#plan.task;
  }

  /** What events and the function's context say of it. */
  get start(): RunStart {
    return this.#start;
  }

  /** Whether the outcome is known; the function may still be busy. */
  get hasEnded(): boolean {
    return this.#result !== undefined;
  }

  /** Whether its function was given up on. */
  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** Resolves when the outcome is known. Never rejects. */
  result(): Promise<RunResult> {
    if (this.#result) return Promise.resolve(this.#result);
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  begin(): void {
    const { clock } = this.#host;
    this.#isBusy = true; // From here on: listeners may stop the scheduler before the function is called.
    this.#beganAt = clock.now();
    const lagMs = this.#beganAt - this.#due;
    this.#start = { ...this.#start, number: this.#owner.nextNumber(), startedAt: clock.wall(), lagMs };
    this.#owner.started(this);
    if (this.hasEnded) this.#settle();
    else this.#attempt();
  }

  /** Says that the run will not take place; only before it begins. */
  drop(cause: SkipCause): RunSkip {
    const { task, dueAt } = this.#start;
    const skip: RunSkip = { task, outcome: 'skipped', cause, dueAt };
    this.#resolve(skip);
    return skip;
  }

  /** Ends the run as `aborted`, unless it has ended, and tells its function. */
  abort(reason: Error): void {
    this.#cutShort('aborted', reason);
  }

  /** Makes the attempt under way the last one. A run that waits for its next attempt ends here. */
  stopRetrying(): void {
    this.#mayRetry = false;
    if (!this.#isBusy && !this.hasEnded) this.#finish('error', this.#lastError);
  }

  /** Gives up on a function that is still busy. */
  abandon(): void {
    if (!this.#isBusy || this.#isAbandoned) return;
    this.#isAbandoned = true;
    this.#alarm.clear();
    this.#owner.abandoned(this);
  }

  #attempt(): void {
    this.#attempts++;
    this.#isBusy = true;
    let promise: PromiseLike<unknown> | undefined;
    try {
      const returned = this.#host.runs.call(this, () => this.#plan.fn(this.#context()));
      if (isPromiseLike(returned)) promise = returned; // A proxy may throw here.
    } catch (thrown) {
      this.#settle(toError(thrown, this.task));
      return;
    }
    if (promise) this.#await(promise);
    else this.#settle();
  }

  /** Only what is waited for can run out of time: a function that returns at once sets no alarm. */
  #await(returned: PromiseLike<unknown>): void {
    void this.#settleAfter(returned);
    // One that cannot be waited for has failed already.
    if (this.#isBusy && !this.hasEnded) this.#alarm.set(this.#deadline);
  }

  async #settleAfter(returned: PromiseLike<unknown>): Promise<void> {
    let error: Error | undefined;
    try {
      await returned;
    } catch (thrown) {
      error = toError(thrown, this.task);
    }
    this.#settle(error);
  }

  get #deadline(): number {
    return this.#beganAt + this.#plan.timeoutMs;
  }

  /** Node makes a controller's signal at its first use, which costs more than all the rest of a run: few tasks use it. */
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

  /** The function is done with an attempt. */
  #settle(error?: Error): void {
    this.#isBusy = false;
    this.#lastError = error;
    if (this.#isAbandoned) this.#owner.returned();
    else if (this.hasEnded) this.#release();
    else if (!error) this.#finish('success');
    else if (!this.#canRetry()) this.#finish('error', error);
  }

  /** Waits for the next attempt, if there is one and it comes before the deadline. */
  #canRetry(): boolean {
    const delayMs = this.#mayRetry ? this.#plan.retry.delayMs(this.#attempts) : undefined;
    if (delayMs === undefined) return false;
    const nextAt = this.#host.clock.now() + delayMs;
    if (nextAt >= this.#deadline) return false;
    this.#alarm.set(nextAt);
    return true;
  }

  #ring(): void {
    if (this.hasEnded) this.abandon();
    else if (this.#isBusy || this.#host.clock.now() >= this.#deadline) this.#cutShort('timeout', this.#timeoutError());
    else this.#attempt();
  }

  #timeoutError(): Error {
    const limit = formatDuration(this.#plan.timeoutMs);
    return new DOMException(`Task ${this.task} did not finish within ${limit}.`, 'TimeoutError');
  }

  /** The outcome comes first: what the function does when its signal aborts changes nothing any more. */
  #cutShort(outcome: Outcome, error: Error): void {
    if (this.hasEnded) return;
    this.#alarm.set(this.#isBusy ? this.#host.clock.now() + this.#plan.abandonAfterMs : Number.POSITIVE_INFINITY);
    this.#finish(outcome, error);
    this.#controller.abort(error);
  }

  #finish(outcome: Outcome, error?: Error): void {
    const durationMs = this.#host.clock.now() - this.#beganAt;
    // Field by field: a spread in their place took three quarters of the time of a whole run.
    const { task, number, reason, dueAt, startedAt, lagMs } = this.#start;
    const end = { task, number, reason, dueAt, startedAt, lagMs, outcome, durationMs, attempts: this.#attempts, error };
    this.#resolve(end);
    this.#owner.ended(end);
    if (!this.#isBusy) this.#release();
  }

  #resolve(result: RunResult): void {
    this.#result = result;
    for (const resolve of this.#waiters) resolve(result);
  }

  #release(): void {
    this.#alarm.clear();
    this.#owner.released(this);
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && 'then' in value;
}
