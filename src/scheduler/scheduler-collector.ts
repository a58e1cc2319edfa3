import type { Collector } from '../model/collector.ts';
import type { MetricFamily } from '../model/family.ts';
import type { Task, TaskStatus } from './task.ts';

const RESULTS = ['success', 'error', 'timeout', 'aborted'] as const;

interface TaskFamily {
  readonly name: string;
  readonly unit?: 'seconds';
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly value: (status: TaskStatus) => number;
}

const FAMILIES: readonly TaskFamily[] = [
  {
    name: 'scheduler_task_abandoned_runs',
    help: 'Number of abandoned runs of the task whose function is still busy.',
    type: 'gauge',
    value: (status) => status.abandonedRuns,
  },
  {
    name: 'scheduler_task_consecutive_failures',
    help: 'Number of runs of the task that failed or timed out since its last success.',
    type: 'gauge',
    value: (status) => status.consecutiveFailures,
  },
  {
    name: 'scheduler_task_interval_seconds',
    unit: 'seconds',
    help: 'Configured interval of the task in seconds.',
    type: 'gauge',
    value: (status) => status.intervalMs / 1000,
  },
  {
    name: 'scheduler_task_lag_seconds',
    unit: 'seconds',
    help: 'Delay of the last start of the task after its due time in seconds.',
    type: 'gauge',
    value: (status) => seconds(status.lastLagMs),
  },
  {
    name: 'scheduler_task_last_duration_seconds',
    unit: 'seconds',
    help: 'Duration of the last finished run of the task in seconds.',
    type: 'gauge',
    value: (status) => seconds(status.lastDurationMs),
  },
  {
    name: 'scheduler_task_last_run_timestamp_seconds',
    unit: 'seconds',
    help: 'Unix time of the last start of the task in seconds; 0 before the first.',
    type: 'gauge',
    value: (status) => seconds(status.lastStartAt),
  },
  {
    name: 'scheduler_task_last_success_timestamp_seconds',
    unit: 'seconds',
    help: 'Unix time of the last success of the task in seconds; 0 before the first.',
    type: 'gauge',
    value: (status) => seconds(status.lastSuccessAt),
  },
  {
    name: 'scheduler_task_missed_total',
    help: 'Total number of due times of the task that passed while the process slept or was blocked.',
    type: 'counter',
    value: (status) => status.counts.missed,
  },
  {
    name: 'scheduler_task_next_run_timestamp_seconds',
    unit: 'seconds',
    help: 'Unix time of the next due time of the task in seconds; 0 while it is paused or stopped.',
    type: 'gauge',
    value: (status) => seconds(status.nextRunAt),
  },
  {
    name: 'scheduler_task_running',
    help: 'Whether a run of the task is in flight.',
    type: 'gauge',
    value: (status) => Number(status.isRunning),
  },
  {
    name: 'scheduler_task_skipped_total',
    help: 'Total number of runs of the task that were due and did not start because an earlier run had not finished.',
    type: 'counter',
    value: (status) => status.counts.skipped,
  },
];

/** Collects the metrics of a scheduler's tasks. */
export class SchedulerCollector implements Collector {
  readonly name = 'scheduler';
  readonly #tasks: () => readonly Pick<Task, 'status'>[];

  constructor(tasks: () => readonly Pick<Task, 'status'>[]) {
    this.#tasks = tasks;
  }

  *collect(): Iterable<MetricFamily<'counter' | 'gauge'>> {
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

/** All results exist from the start: a series that appears with its first failure would have no rate before. */
function runs(statuses: readonly TaskStatus[]): MetricFamily<'counter'> {
  return {
    name: 'scheduler_task_runs_total',
    help: 'Total number of finished runs of the task by result: success, error, timeout or aborted.',
    type: 'counter',
    points: statuses.flatMap(({ name, counts }) =>
      RESULTS.map((result) => ({ labels: { task: name, result }, value: counts[result] })),
    ),
  };
}

function seconds(milliseconds = 0): number {
  return milliseconds / 1000;
}
