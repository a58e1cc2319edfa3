import type { CollectContext } from '../model/collector.ts';
import type { Group } from './collector-group.ts';
import { type LiveFamily, LiveMetric, Source } from './live-metric.ts';
import { registerAll } from './start-all.ts';

/** A group of families that are all taken from one reading. Costs nothing between scrapes. */
export function liveGroup<R>(
  read: (context: CollectContext) => R | undefined,
  families: readonly LiveFamily<R>[],
): Group {
  return ({ registry, prefix, labels }) => {
    const source = new Source(read);
    const metrics = families.map((family) => new LiveMetric(family, source, { prefix, labels }));
    return registerAll(registry, metrics);
  };
}
