import type { Logger } from '../../model/logger.ts';
import type { Task } from '../../scheduler/task.ts';

/** A task that the landing page shows. */
export interface BackgroundTask extends Pick<Task, 'name' | 'status'> {
  /** Runs the task now. */
  runNow?(): Promise<unknown>;
}

/** Background work that starts and stops with the server, such as a `Scheduler`. */
export interface Background {
  /**
   * Tasks to show on the status page, which can run those that have `runNow()`. The exporter is not ready before each has
   * succeeded once.
   */
  readonly tasks?: readonly BackgroundTask[] | undefined;
  /** Called before the start with the log of the exporter, for work that has no logger of its own. */
  useLogger?(logger: Logger): void;
  /** Starts the work; called once the server listens. A returned promise is awaited. */
  start(): unknown;
  /** Stops the work, within `timeout` milliseconds. A returned promise is awaited. */
  stop(options: { readonly timeout: number }): unknown;
}

/** State of an exporter between its start and its end. */
export type Phase = 'starting' | 'ready' | 'stopping';

/** Returns why an exporter is not ready; empty if it is. A target that is down is not a reason: metrics report that. */
export function reasonsNotReady(phase: Phase, background: Background | undefined): readonly string[] {
  if (phase !== 'ready') return [phase];
  const waiting = (background?.tasks ?? []).filter(({ status }) => !status.isReady);
  return waiting.map(({ name }) => `task ${name} has not succeeded yet`);
}
