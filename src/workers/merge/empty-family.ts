import type { Descriptor } from '../../model/family.ts';
import { MergedHistogram, MergedSummary } from './merged-distributions.ts';
import type { MergedFamily } from './merged-family.ts';
import { MergedCounter, MergedGauge, MergedInfo } from './merged-numbers.ts';
import { PerWorkerFamily } from './per-worker-family.ts';

/** Returns a merged family without series. `label` is for series that are shown per worker. */
export function emptyFamily(descriptor: Descriptor, label: string): MergedFamily | PerWorkerFamily {
  const { type, acrossWorkers = 'perWorker' } = descriptor;
  switch (type) {
    case 'counter':
    case 'histogram':
    case 'summary':
      return emptySums(descriptor, type);
    case 'gaugehistogram':
      return new MergedHistogram(descriptor);
    case 'info':
      return new MergedInfo(descriptor);
    case 'gauge':
      if (acrossWorkers !== 'perWorker') return new MergedGauge(descriptor, acrossWorkers);
      return new PerWorkerFamily(descriptor, label);
    case 'stateset':
    case 'unknown':
      return new PerWorkerFamily(descriptor, label);
  }
}

/** A type whose values only increase, so that they are kept when their worker has ended. */
export type CumulativeType = 'counter' | 'histogram' | 'summary';

/** Returns an empty family of sums. */
export function emptySums(descriptor: Descriptor, type: CumulativeType): MergedFamily {
  switch (type) {
    case 'counter':
      return new MergedCounter(descriptor);
    case 'histogram':
      return new MergedHistogram(descriptor);
    case 'summary':
      return new MergedSummary(descriptor);
  }
}

/** Returns the type of a family if its values only increase. */
export function cumulativeType({ type }: Descriptor): CumulativeType | undefined {
  return type === 'counter' || type === 'histogram' || type === 'summary' ? type : undefined;
}
