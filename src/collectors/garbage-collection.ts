import { Histogram } from '../metrics/histogram.ts';
import { GC_KINDS, observeCollections } from '../model/garbage-collections.ts';
import type { CollectorGroup } from './collector-group.ts';

const BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5];

/** Durations of all garbage collections. */
export const garbageCollection: CollectorGroup = ({ registry, prefix, labels }) => {
  const durations = new Histogram({
    name: `${prefix}nodejs_gc_duration_seconds`,
    unit: 'seconds',
    help: 'Garbage collection duration by kind, one of major, minor, incremental or weakcb.',
    labelNames: { kind: GC_KINDS },
    initialize: true,
    buckets: BUCKETS,
    constLabels: labels,
    registry,
  });
  const end = () => void registry.unregister(durations);
  const observer = observeCollections(({ kind, duration }) => durations.observe({ kind }, duration / 1000));
  if (observer === undefined) {
    end();
    return () => {};
  }
  return () => {
    observer.disconnect();
    end();
  };
};
