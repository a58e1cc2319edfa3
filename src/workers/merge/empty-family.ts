import type { Descriptor } from '../../model/family.ts';
import { MergedHistogram, MergedSummary } from './merged-distributions.ts';
import type { MergedFamily } from './merged-family.ts';
import { MergedCounter, MergedGauge, MergedInfo } from './merged-numbers.ts';
import { PerWorkerFamily } from './per-worker-family.ts';
import type { UnionSeries } from './union-series.ts';

/**
 * Returns a merged family without series. `label` is for series that are shown per worker; `series` may be those of an
 * earlier family.
 */
export function emptyFamily(
  descriptor: Descriptor,
  label: string,
  series?: UnionSeries,
): MergedFamily | PerWorkerFamily {
  const { type, acrossWorkers = 'perWorker' } = descriptor;
  switch (type) {
    case 'counter':
    case 'histogram':
    case 'summary':
      return emptySums(descriptor, type, series);
    case 'gaugehistogram':
      return new MergedHistogram(descriptor, series);
    case 'info':
      return new MergedInfo(descriptor, series);
    case 'gauge':
      if (acrossWorkers !== 'perWorker') return new MergedGauge(descriptor, acrossWorkers, series);
      return new PerWorkerFamily(descriptor, label);
    case 'stateset':
    case 'unknown':
      return new PerWorkerFamily(descriptor, label);
  }
}

/** A type whose values only increase, so that they are kept when their worker has ended. */
export type CumulativeType = 'counter' | 'histogram' | 'summary';

/** Returns an empty family of sums. */
export function emptySums(descriptor: Descriptor, type: CumulativeType, series?: UnionSeries): MergedFamily {
  switch (type) {
    case 'counter':
      return new MergedCounter(descriptor, series);
    case 'histogram':
      return new MergedHistogram(descriptor, series);
    case 'summary':
      return new MergedSummary(descriptor, series);
  }
}

/** Returns the type of a family if its values only increase. */
export function cumulativeType({ type }: Descriptor): CumulativeType | undefined {
  return type === 'counter' || type === 'histogram' || type === 'summary' ? type : undefined;
}
