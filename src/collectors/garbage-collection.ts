import type { PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { Histogram } from '../metrics/histogram.ts';
import { builtinModule, ifAvailable } from '../model/missing-api.ts';
import type { CollectorGroup } from './collector-group.ts';

const KINDS = ['major', 'minor', 'incremental', 'weakcb'] as const;
type GcKind = (typeof KINDS)[number];

const BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5];

/** By V8's number; 2 is another kind of minor collection. */
const kindsOf = ({ constants }: PerfHooks): ReadonlyMap<number, GcKind> =>
  new Map([
    [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
    [2, 'minor'],
    [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
    [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
    [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
  ]);

type PerfHooks = NonNullable<ReturnType<typeof builtinModule<'node:perf_hooks'>>>;

/** Entries of type `gc` have a detail that is missing in their type. */
type GcEntry = PerformanceEntry & { readonly detail?: { readonly kind?: number } };

/** Durations of all garbage collections. Node reports them in batches. */
export const garbageCollection: CollectorGroup = ({ registry, prefix, labels }) => {
  const durations = new Histogram({
    name: `${prefix}nodejs_gc_duration_seconds`,
    unit: 'seconds',
    help: 'Garbage collection duration by kind, one of major, minor, incremental or weakcb.',
    labelNames: { kind: KINDS },
    initialize: true,
    buckets: BUCKETS,
    constLabels: labels,
    registry,
  });
  const end = () => void registry.unregister(durations);
  const hooks = builtinModule('node:perf_hooks');
  const observe = (kind: GcKind, seconds: number) => durations.observe({ kind }, seconds);
  const observer = hooks && ifAvailable("PerformanceObserver for 'gc'", () => observeCollections(hooks, observe));
  if (observer === undefined) {
    end();
    return () => {};
  }
  return () => {
    observer.disconnect();
    end();
  };
};

/** Throws if the runtime does not observe garbage collections. */
function observeCollections(
  hooks: PerfHooks,
  onCollection: (kind: GcKind, seconds: number) => void,
): PerformanceObserver {
  const { PerformanceObserver } = hooks;
  const kinds = kindsOf(hooks);
  // The types lack the property.
  const { supportedEntryTypes } = PerformanceObserver as { readonly supportedEntryTypes?: readonly string[] };
  if (supportedEntryTypes?.includes('gc') === false) throw new Error('the entry type is not supported');
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { detail }: GcEntry = entry;
      const kind = kinds.get(detail?.kind ?? 0);
      if (kind !== undefined) onCollection(kind, entry.duration / 1000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return observer;
}
