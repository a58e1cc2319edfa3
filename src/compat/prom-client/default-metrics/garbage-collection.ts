import * as perfHooks from 'node:perf_hooks';
import { Histogram } from '../metrics/histogram.ts';
import { metricGroup } from './group.ts';

const NAME = 'nodejs_gc_duration_seconds';
const DEFAULT_BUCKETS: readonly number[] = [0.001, 0.01, 0.1, 1, 2, 5];

export const gc = metricGroup([NAME], ({ options: { gcDurationBuckets }, labels, config }) => {
  const help = 'Garbage collection duration by kind, one of major, minor, incremental or weakcb.';
  const histogram = new Histogram({ ...config(NAME, help, ['kind']), buckets: gcDurationBuckets || DEFAULT_BUCKETS });
  const kinds = kindsOf(perfHooks.constants);
  const observer = new perfHooks.PerformanceObserver((list) => {
    // Collections in quick succession arrive in one list.
    for (const entry of list.getEntries()) {
      const { detail, duration } = entry as { detail?: { kind?: unknown }; duration: number }; // As documented for gc.
      histogram.observe({ kind: kinds.get(detail?.kind), ...labels }, duration / 1000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
});

function kindsOf(constants: typeof perfHooks.constants): ReadonlyMap<unknown, string> {
  return new Map([
    [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
    [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
    [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
    [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
  ]);
}
