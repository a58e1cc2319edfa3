import type { Duration } from '../model/duration.ts';
import type { Logger } from '../model/logger.ts';
import type { RunResult, RunStart } from './run-result.ts';

/** Called for each run. May return a promise. If it throws or rejects, the run has failed. */
export type TaskFunction = (context: RunContext) => unknown;

/** Passed to a task's function. */
export interface RunContext {
  /** Aborts when the run times out or is canceled. Stop then, and do not change anything any more. */
  readonly signal: AbortSignal;
  /** Identifies the run. */
  readonly run: RunStart;
  /** When the signal will abort, in milliseconds since the epoch; Infinity without a timeout. */
  readonly deadline: number;
  /** 1 for the first attempt, higher for retries. */
  readonly attempt: number;
  /** Logger of the scheduler; adds the name of the task to each line. */
  readonly log: Logger;
}

/** A function that a scheduler calls at regular times. `Scheduler.every()` returns it. */
export interface Task {
  /** Name of the task, unique in its scheduler. */
  readonly name: string;
  /** The current status, as a copy. */
  readonly status: TaskStatus;
  /**
   * Runs the task now, even if it is paused, and returns the result. If a run is in flight or waiting, joins it. The due
   * times do not change. Never rejects: the promise resolves with the result of a failed run, too.
   */
  runNow(options?: RunNowOptions): Promise<RunResult>;
  /** Starts no run until `resume()`, except by `runNow()`. A run in flight continues. Due times that pass are not missed. */
  pause(): void;
  /** Continues with the next due time. */
  resume(): void;
  /**
   * Sets a new interval, which starts now.
   *
   * @throws {TypeError} if `interval` is neither a string nor a number.
   * @throws {RangeError} if `interval` is not a valid duration.
   */
  reschedule(interval: Duration): void;
}

/** Options of `Task.runNow()`. */
export interface RunNowOptions {
  /**
   * Reason that events and the context of the run show.
   *
   * @defaultValue `'manual'`
   */
  readonly reason?: string;
}

/**
 * State of a task. `queued`: a run is due and waits for one of the `maxConcurrent` slots. `stuck`: `maxAbandoned` functions
 * have ignored their signal and are still busy, so no run starts until one of them returns.
 */
export type TaskState = 'stopped' | 'scheduled' | 'queued' | 'running' | 'paused' | 'stuck' | 'removed';

/** Status of a task. Times are in milliseconds since the epoch, and undefined until they exist. */
export interface TaskStatus {
  /** Name of the task. */
  readonly name: string;
  /** Current state. */
  readonly state: TaskState;
  /** Configured interval in milliseconds. */
  readonly intervalMs: number;
  /** Whether a run is in flight. */
  readonly isRunning: boolean;
  /** False until the first success if the task has `readyAfterFirstSuccess`; otherwise true. */
  readonly isReady: boolean;
  /** When the task is due next; undefined while it is stopped or paused. */
  readonly nextRunAt: number | undefined;
  /** When the last run started. */
  readonly lastStartAt: number | undefined;
  /** When the last successful run ended. */
  readonly lastSuccessAt: number | undefined;
  /** Duration of the last finished run in milliseconds. */
  readonly lastDurationMs: number | undefined;
  /** Milliseconds from due to started of the last run. */
  readonly lastLagMs: number | undefined;
  /** Error of the last run that failed or timed out. */
  readonly lastError: Error | undefined;
  /** Number of failed and timed-out runs since the last success. */
  readonly consecutiveFailures: number;
  /** Number of abandoned functions that are still busy. */
  readonly abandonedRuns: number;
  /** Runs by outcome, and due times without a run. */
  readonly counts: TaskCounts;
}

/** Numbers of runs by outcome, and of due times without a run. */
export interface TaskCounts {
  /** Runs that succeeded. */
  readonly success: number;
  /** Runs that failed. */
  readonly error: number;
  /** Runs that timed out. */
  readonly timeout: number;
  /** Runs that were aborted. */
  readonly aborted: number;
  /** Runs that were due and did not start, because an earlier one had not finished or the task was stuck. */
  readonly skipped: number;
  /** Due times that passed while the process slept or was blocked, not counting the one that the catch-up run stands for. */
  readonly missed: number;
}
