import type { MetricFamily } from '../../model/family.ts';

/** A worker whose values are shown. */
export interface WorkerState {
  readonly worker: number;
  readonly isUp: boolean;
  /** Age of its values in seconds. */
  readonly age: number;
}

/** Returns the families about the workers themselves. */
export function workerFamilies(states: readonly WorkerState[], label: string): MetricFamily[] {
  if (states.length === 0) return [];
  const points = (value: (state: WorkerState) => number) =>
    states.map((state) => ({ labels: { [label]: state.worker }, value: value(state) }));
  return [
    {
      name: 'zeroprom_worker_up',
      help: 'Whether the worker has answered; otherwise its last values are shown.',
      type: 'gauge',
      points: points(({ isUp }) => Number(isUp)),
    },
    {
      name: 'zeroprom_worker_snapshot_age_seconds',
      help: "Age of the worker's values in seconds.",
      type: 'gauge',
      points: points(({ age }) => age),
    },
  ];
}
