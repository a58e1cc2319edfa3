import { type LiveFamily, LiveMetric, Source } from './live-metric.ts';
import type { Group } from './target.ts';

/** A group of families that are all taken from one reading. Costs nothing between scrapes. */
export function liveGroup<R>(read: () => R | undefined, families: readonly LiveFamily<R>[]): Group {
  return ({ registry, prefix, labels }) => {
    const source = new Source(read);
    const metrics = families.map((family) => new LiveMetric(family, source, { prefix, labels }));
    return startAll(
      metrics.map((metric) => () => {
        registry.register(metric);
        return () => void registry.unregister(metric);
      }),
    );
  };
}

/** Starts one after the other; what it returns ends them all. Where one throws, those before it are ended. */
export function startAll(starts: readonly (() => () => void)[]): () => void {
  const stops: (() => void)[] = [];
  const stop = () => {
    for (const end of stops.splice(0)) end();
  };
  try {
    for (const start of starts) stops.push(start());
  } catch (error) {
    stop();
    throw error;
  }
  return stop;
}
