import type { DirectCollector } from '../../model/collector.ts';
import { asError } from '../../model/thrown.ts';
import type { CollectorFailure, WorkerChoice } from '../../registry/gathering.ts';
import { PerWorkerFamily } from './per-worker-family.ts';

/** The metrics of one worker. */
export interface Member {
  readonly worker: number;
  /** Whether it has answered. */
  readonly isUp: boolean;
  /** Age of its values in seconds. */
  readonly age: number;
  readonly metrics: readonly DirectCollector[];
}

/** Metrics that are not merged. */
export interface Apart {
  readonly metrics: readonly DirectCollector[];
  readonly failures: readonly CollectorFailure[];
}

/** Returns the metrics of one worker as they are, or those of each worker with a label that has its number. */
export function membersApart(members: readonly Member[], choice: WorkerChoice, label: string): Apart {
  if (choice === 'each') return withLabel(members, label);
  const metrics = members.flatMap((member) => (member.worker === choice ? member.metrics : []));
  return { metrics, failures: [] };
}

/**
 * Families that have the label already get another one. If workers define a family differently, the first one wins.
 */
function withLabel(members: readonly Member[], label: string): Apart {
  const families = new Map<string, PerWorkerFamily>();
  const failures: CollectorFailure[] = [];
  for (const { worker, metrics } of members) {
    for (const metric of metrics) {
      const { descriptor, seriesLabelNames = [] } = metric;
      const ownLabel = seriesLabelNames.includes(label) ? `from_${label}` : label;
      const family = families.get(descriptor.name) ?? new PerWorkerFamily(descriptor, ownLabel);
      families.set(descriptor.name, family);
      try {
        if (family.descriptor.type !== descriptor.type) throw new Error('Another worker has it with another type.');
        family.add(metric, worker);
      } catch (thrown) {
        failures.push({ collector: descriptor.name, error: asError(thrown) });
      }
    }
  }
  return { metrics: [...families.values()], failures };
}
