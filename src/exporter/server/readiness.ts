import type { Task } from '../../scheduler/task.ts';

/** Something that runs beside the server: begins and ends with it. A `Scheduler` is one. */
export interface Background {
  /** Shown on the landing page; the exporter is not ready before each of them is. */
  readonly tasks?: readonly Pick<Task, 'name' | 'status'>[];
  start(): unknown;
  stop(options: { readonly timeout: number }): unknown;
}

export type Phase = 'starting' | 'ready' | 'stopping';

/** Why an exporter is not ready; nothing where it is. What it watches being down is no reason: that is for metrics to say. */
export function reasonsNotReady(phase: Phase, background: Background | undefined): readonly string[] {
  if (phase !== 'ready') return [phase];
  const waiting = (background?.tasks ?? []).filter(({ status }) => !status.isReady);
  return waiting.map(({ name }) => `task ${name} has not succeeded yet`);
}
