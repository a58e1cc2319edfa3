import { isObject } from '../model/inert.ts';
import { asError, thrownText } from '../model/thrown.ts';

/** Identifies a run and says when it started. Times are in milliseconds since the epoch. */
export interface RunStart {
  /** Name of the task. */
  readonly task: string;
  /** Number of the run, counted from 1 for each task. */
  readonly number: number;
  /** `schedule`, or the reason given to `runNow()`. */
  readonly reason: string;
  /** When the run was due, in milliseconds since the epoch. */
  readonly dueAt: number;
  /** When the run started, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds from due to started: event loop delay and waiting for other runs. */
  readonly lagMs: number;
}

/**
 * How a run ended. `timeout` and `aborted` are decided when the signal aborts, whatever the function does afterwards.
 * An aborted run is neither a success nor a failure of the task.
 */
export type RunOutcome = 'success' | 'error' | 'timeout' | 'aborted';

/** A run that has ended. */
export interface RunEnd extends RunStart {
  /** How the run ended. */
  readonly outcome: RunOutcome;
  /** Duration of the run in milliseconds, including the waits between attempts. */
  readonly durationMs: number;
  /** Number of times the function was called. */
  readonly attempts: number;
  /** Reason for the failure, timeout or abort; undefined after a success. */
  readonly error: Error | undefined;
}

/**
 * Why a run did not start. `overlap` (an earlier run has not finished) and `stuck` (too many abandoned runs) count as
 * skipped. The other causes are deliberate and are not counted.
 */
export type SkipCause = 'overlap' | 'stuck' | 'paused' | 'stopped' | 'removed';

/** A run that was due or requested and did not start. */
export interface RunSkip {
  /** Name of the task. */
  readonly task: string;
  /** Distinguishes a skipped run from one that has ended. */
  readonly outcome: 'skipped';
  /** Why the run did not start. */
  readonly cause: SkipCause;
  /** When the run was due, in milliseconds since the epoch. */
  readonly dueAt: number;
}

/** Result of a requested run. */
export type RunResult = RunEnd | RunSkip;

/** Converts what a task threw to an Error; names the task if the thrown value is not an Error. */
export function taskError(thrown: unknown, taskName: string): Error {
  const otherwise = `Task ${taskName} threw a value that is not an Error; see its cause.`;
  if (isObject(thrown)) return asError(thrown, otherwise);
  const message = thrown === null ? otherwise : `Task ${taskName} threw ${thrownText(thrown)}.`;
  return new Error(message, { cause: thrown });
}
