import type { Task, TaskStatus } from './task.ts';

/** One series of a family. */
export interface FamilyPoint {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Series of one name, as plain data. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly points: readonly FamilyPoint[];
}

/** Whatever takes collectors and asks them for families when it is scraped. */
export interface CollectorRegistry {
  register(collector: { readonly name?: string; collect(): Iterable<Family> }): unknown;
}

const RESULTS = ['success', 'error', 'timeout', 'aborted'] as const;

interface TaskFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly value: (status: TaskStatus) => number;
}

const FAMILIES: readonly TaskFamily[] = [
  {
    name: 'scheduler_task_abandoned_runs',
    help: 'Functions of the task that did not stop when their run was over, and are still busy.',
    type: 'gauge',
    value: (status) => status.abandonedRuns,
  },
  {
    name: 'scheduler_task_consecutive_failures',
    help: 'Runs of the task that failed or timed out since the last success.',
    type: 'gauge',
    value: (status) => status.consecutiveFailures,
  },
  {
    name: 'scheduler_task_interval_seconds',
    help: 'Time from one run of the task to the next, as configured.',
    type: 'gauge',
    value: (status) => status.intervalMs / 1000,
  },
  {
    name: 'scheduler_task_lag_seconds',
    help: 'How long after its due time the last run of the task started.',
    type: 'gauge',
    value: (status) => seconds(status.lastLagMs),
  },
  {
    name: 'scheduler_task_last_duration_seconds',
    help: 'How long the last finished run of the task took.',
    type: 'gauge',
    value: (status) => seconds(status.lastDurationMs),
  },
  {
    name: 'scheduler_task_last_run_timestamp_seconds',
    help: 'When the last run of the task started, in seconds since the epoch; 0 before the first.',
    type: 'gauge',
    value: (status) => seconds(status.lastStartAt),
  },
  {
    name: 'scheduler_task_last_success_timestamp_seconds',
    help: 'When the task last succeeded, in seconds since the epoch; 0 before the first success.',
    type: 'gauge',
    value: (status) => seconds(status.lastSuccessAt),
  },
  {
    name: 'scheduler_task_missed_total',
    help: 'Due times of the task that passed while the process slept or was blocked.',
    type: 'counter',
    value: (status) => status.counts.missed,
  },
  {
    name: 'scheduler_task_next_run_timestamp_seconds',
    help: 'When the task is due next, in seconds since the epoch; 0 while it is paused or stopped.',
    type: 'gauge',
    value: (status) => seconds(status.nextRunAt),
  },
  {
    name: 'scheduler_task_running',
    help: 'Whether a run of the task is under way.',
    type: 'gauge',
    value: (status) => Number(status.isRunning),
  },
  {
    name: 'scheduler_task_skipped_total',
    help: 'Runs of the task that fell due and did not start because an earlier one was not done.',
    type: 'counter',
    value: (status) => status.counts.skipped,
  },
];

/** The scheduler's own series. They need no registry of a certain make: any that takes plain families will do. */
export class SchedulerCollector {
  readonly name = 'scheduler';
  readonly #tasks: () => readonly Pick<Task, 'status'>[];

  constructor(tasks: () => readonly Pick<Task, 'status'>[]) {
    this.#tasks = tasks;
  }

  *collect(): Iterable<Family> {
    const statuses = this.#tasks().map((task) => task.status);
    if (statuses.length === 0) return;
    for (const { value, ...descriptor } of FAMILIES) {
      yield {
        ...descriptor,
        points: statuses.map((status) => ({ labels: { task: status.name }, value: value(status) })),
      };
    }
    yield runs(statuses);
  }
}

/** All results stand there from the start: what appears only at its first failure has no rate before. */
function runs(statuses: readonly TaskStatus[]): Family {
  return {
    name: 'scheduler_task_runs_total',
    help: 'Runs of the task that ended, by how they ended.',
    type: 'counter',
    points: statuses.flatMap(({ name, counts }) =>
      RESULTS.map((result) => ({ labels: { task: name, result }, value: counts[result] })),
    ),
  };
}

function seconds(milliseconds = 0): number {
  return milliseconds / 1000;
}
