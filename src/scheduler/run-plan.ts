import type { Logger } from './field-logger.ts';
import type { RetryPolicy } from './retry.ts';
import type { Run } from './run.ts';
import type { RunEnd, RunStart } from './run-result.ts';

/** What a task's function is given. */
export interface RunContext {
  /** Aborts when the run has taken too long or is called off: stop then, and change nothing any more. */
  readonly signal: AbortSignal;
  readonly run: RunStart;
  /** When the signal will abort, in milliseconds since the epoch; Infinity without a timeout. */
  readonly deadline: number;
  /** 1 at first, more when the run tries again. */
  readonly attempt: number;
  /** The scheduler's logger with the task's name on each line. */
  readonly log: Logger;
}

/** Called for each run. It may return a promise; whatever it throws, or rejects with, is the failure of that run. */
export type TaskFunction = (context: RunContext) => unknown;

/** What the runs of a task have in common. */
export interface RunPlan {
  readonly task: string;
  readonly fn: TaskFunction;
  /** Infinity for none. */
  readonly timeoutMs: number;
  readonly abandonAfterMs: number;
  readonly retry: RetryPolicy;
  readonly log: Logger;
  readonly holdsProcess: boolean;
}

/** Who asked for a run. `started`, `ended` and then either `released` or `abandoned` and `returned` come once each. */
export interface RunOwner {
  nextNumber(): number;
  /** The run has a slot and is about to call the function. */
  started(run: Run): void;
  /** The outcome is known and counts, though the function may still be busy. */
  ended(end: RunEnd): void;
  /** The function is done. */
  released(run: Run): void;
  /** The function ignored its signal for too long: the run gives up its slot, whatever the function still does. */
  abandoned(run: Run): void;
  /** The function of an abandoned run is done at last. What it returned is of no interest any more. */
  returned(): void;
}
