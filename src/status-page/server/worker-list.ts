import type { WorkerState } from '../protocol.ts';
import type { FamilyTable } from '../sampling/family-table.ts';
import { cut } from '../sampling/shown-text.ts';

/** More workers are not listed. */
const MAX_WORKERS = 200;

/** The workers of a table, with the name of the label that distinguishes them. */
export interface ListedWorkers {
  readonly label: string;
  readonly list: readonly WorkerState[];
}

/** Returns the workers that `collectWorkers()` has gathered; undefined if the metrics are those of one process. */
export function workersIn(table: FamilyTable): ListedWorkers | undefined {
  const series = table.get('zeroprom_worker_up')?.series.list ?? [];
  const ages = table.get('zeroprom_worker_snapshot_age_seconds')?.series.list ?? [];
  const ageOf = new Map(ages.map(({ values: [worker = ''], last }) => [worker, last]));
  const label = series[0]?.names[0];
  if (label === undefined) return undefined;
  const list = series.slice(0, MAX_WORKERS).map(({ values: [worker = ''], last }) => ({
    worker: cut(worker),
    isUp: last === 1,
    ageSeconds: Math.round(ageOf.get(worker) ?? 0),
  }));
  return { label, list };
}
