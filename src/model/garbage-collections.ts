import type { PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { builtinModule, ifAvailable } from './missing-api.ts';

export const GC_KINDS = ['major', 'minor', 'incremental', 'weakcb'] as const;
export type GcKind = (typeof GC_KINDS)[number];

/** A garbage collection; times are in milliseconds, and `startTime` counts from `performance.timeOrigin`. */
export type GarbageCollection = Pick<PerformanceEntry, 'startTime' | 'duration'> & { readonly kind: GcKind };

type PerfHooks = NonNullable<ReturnType<typeof builtinModule<'node:perf_hooks'>>>;

/** Entries of type `gc` have a detail that is missing in their type. */
type GcEntry = PerformanceEntry & { readonly detail?: { readonly kind?: number } };

/**
 * Calls `onCollection` for each garbage collection until the observer is disconnected. Node.js reports them in batches. If
 * the runtime does not observe them, that is reported once and undefined returned.
 */
export function observeCollections(
  onCollection: (collection: GarbageCollection) => void,
): PerformanceObserver | undefined {
  const hooks = builtinModule('node:perf_hooks');
  return hooks && ifAvailable("PerformanceObserver for 'gc'", () => observe(hooks, onCollection));
}

function observe(hooks: PerfHooks, onCollection: (collection: GarbageCollection) => void): PerformanceObserver {
  const { PerformanceObserver } = hooks;
  const kinds = kindsOf(hooks);
  // The types lack the property.
  const { supportedEntryTypes } = PerformanceObserver as { readonly supportedEntryTypes?: readonly string[] };
  if (supportedEntryTypes?.includes('gc') === false) throw new Error('the entry type is not supported');
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { startTime, duration, detail }: GcEntry = entry;
      const kind = kinds.get(detail?.kind ?? 0);
      if (kind !== undefined) onCollection({ startTime, duration, kind });
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return observer;
}

/** By V8's number; 2 is another kind of minor collection. */
function kindsOf({ constants }: PerfHooks): ReadonlyMap<number, GcKind> {
  return new Map([
    [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
    [2, 'minor'],
    [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
    [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
    [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
  ]);
}
