import type { Duration } from '../model/duration.ts';
import type { RunResult } from './run-result.ts';

/** A function that a scheduler calls at regular times. */
export interface Task {
  readonly name: string;
  /** How the task is doing right now: a copy. */
  readonly status: TaskStatus;
  /**
   * Runs the task now, paused or not, and says how that ended; joins a run that is under way or waiting. The grid stays.
   * Never rejects: a failure of the task is a result like any other.
   */
  runNow(options?: RunNowOptions): Promise<RunResult>;
  /** No run starts until `resume()`, except by `runNow()`. A run under way goes on; due times that pass are not missed. */
  pause(): void;
  /** Waits for the next due time of the same grid. */
  resume(): void;
  /** A new interval, and a new grid from now. */
  reschedule(interval: Duration): void;
}

export interface RunNowOptions {
  /** What events and the function's context say of the run; `manual` by default. */
  readonly reason?: string;
}

/**
 * `stuck`: too many functions neither finished nor reacted to their signal, so none is started until one of them is
 * done. `queued`: a run fell due and waits for a slot.
 */
export type TaskState = 'stopped' | 'scheduled' | 'queued' | 'running' | 'paused' | 'stuck' | 'removed';

/** Times are milliseconds since the epoch. What has not happened yet is undefined. */
export interface TaskStatus {
  readonly name: string;
  readonly state: TaskState;
  readonly intervalMs: number;
  readonly isRunning: boolean;
  /** False while the first success is awaited of a task that asks for it with `readyAfterFirstSuccess`. */
  readonly isReady: boolean;
  readonly nextRunAt: number | undefined;
  readonly lastStartAt: number | undefined;
  readonly lastSuccessAt: number | undefined;
  readonly lastDurationMs: number | undefined;
  readonly lastLagMs: number | undefined;
  readonly lastError: Error | undefined;
  readonly consecutiveFailures: number;
  /** Functions that were given up on and are still busy. */
  readonly abandonedRuns: number;
  readonly counts: TaskCounts;
}

export interface TaskCounts {
  readonly success: number;
  readonly error: number;
  readonly timeout: number;
  readonly aborted: number;
  /** Runs that fell due and had no place, because the one before was not done. */
  readonly skipped: number;
  /** Due times that passed while the process slept or was blocked, except the one that the catch-up run stands for. */
  readonly missed: number;
}
