import type { DirectCollector } from '../model/collector.ts';
import type { CollectorRegistry } from './collector-group.ts';

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

/** Registers all of the metrics, or none where one of the names is taken; what it returns takes them out again. */
export function registerAll(registry: CollectorRegistry, metrics: readonly DirectCollector[]): () => void {
  return startAll(
    metrics.map((metric) => () => {
      registry.register(metric);
      return () => void registry.unregister(metric);
    }),
  );
}
