import { Gauge, Registry } from '../../src/index.ts';

/** A registry without metrics about itself. */
export function newRegistry(): Registry {
  return new Registry({ selfMetrics: false });
}

/** Adds a gauge with so many series to a registry. */
export function gaugesIn(registry: Registry, count: number): Gauge<readonly ['index']> {
  const gauge = new Gauge({ name: 'g', help: 'Gauge.', labelNames: ['index'], registry });
  for (let index = 0; index < count; index++) gauge.set({ index }, index);
  return gauge;
}
