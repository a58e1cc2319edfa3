import { isObject } from '../model/inert.ts';
import { asError, textOf } from '../model/thrown.ts';

/** Which run it is. Times are milliseconds since the epoch. */
export interface RunStart {
  readonly task: string;
  /** Counts the runs of the task from 1. */
  readonly number: number;
  /** `schedule`, or what `runNow()` was told. */
  readonly reason: string;
  readonly dueAt: number;
  readonly startedAt: number;
  /** From due to started: lateness of the event loop and waiting for other tasks. */
  readonly lagMs: number;
}

/**
 * `timeout` and `aborted` are known when the signal aborts, whatever the function does afterwards. An aborted run is
 * neither a success nor a failure of the task.
 */
export type Outcome = 'success' | 'error' | 'timeout' | 'aborted';

export interface RunEnd extends RunStart {
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** How often the function was called. */
  readonly attempts: number;
  readonly error: Error | undefined;
}

/** `overlap` and `stuck` are counted: a run fell due and had no place. The others are somebody's wish. */
export type SkipCause = 'overlap' | 'stuck' | 'paused' | 'stopped' | 'removed';

/** A run that fell due, or was asked for, and did not take place. */
export interface RunSkip {
  readonly task: string;
  readonly outcome: 'skipped';
  readonly cause: SkipCause;
  readonly dueAt: number;
}

export type RunResult = RunEnd | RunSkip;

/** What a task threw, as an Error that names the task where the thrown value tells nothing. */
export function toError(thrown: unknown, taskName: string): Error {
  const otherwise = `Task ${taskName} threw something that is no Error, see the cause.`;
  if (isObject(thrown)) return asError(thrown, otherwise);
  const message = thrown === null ? otherwise : `Task ${taskName} threw ${textOf(thrown)}.`;
  return new Error(message, { cause: thrown });
}
