import type { AcrossWorkers, Descriptor } from '../../model/family.ts';
import { MergedHistogram, MergedSummary } from './merged-distributions.ts';
import type { MergedFamily } from './merged-family.ts';
import { type GaugeMode, MergedCounter, MergedGauge, MergedInfo } from './merged-numbers.ts';
import { MergedStateSet } from './merged-state-set.ts';
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
      if (acrossWorkers === 'perWorker') return new PerWorkerFamily(descriptor, label);
      return new MergedGauge(descriptor, gaugeMode(acrossWorkers), series);
    case 'stateset':
      if (acrossWorkers === 'mostRecent') return new MergedStateSet(descriptor, series);
      return new PerWorkerFamily(descriptor, label);
    case 'unknown':
      return new PerWorkerFamily(descriptor, label);
  }
}

function gaugeMode(acrossWorkers: Exclude<AcrossWorkers, 'perWorker'>): GaugeMode {
  switch (acrossWorkers) {
    case 'keptSum':
      return 'sum';
    case 'keptMin':
      return 'min';
    case 'keptMax':
      return 'max';
    case 'keptMostRecent':
      return 'mostRecent';
    case 'sum':
    case 'min':
    case 'max':
    case 'mean':
    case 'mostRecent':
      return acrossWorkers;
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

/** Whether the values of a family are kept when their worker has ended. */
export function isKept(descriptor: Descriptor): boolean {
  return cumulativeType(descriptor) !== undefined || descriptor.acrossWorkers?.startsWith('kept') === true;
}

/** Returns the type of a family if its values only increase. */
export function cumulativeType({ type }: Descriptor): CumulativeType | undefined {
  return type === 'counter' || type === 'histogram' || type === 'summary' ? type : undefined;
}
