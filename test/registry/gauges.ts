/** Families that collectors return in tests, and what came of a scrape. */
import type { CollectContext, Collector, Gatherer, GatherOptions, Labels, MetricFamily } from '../../src/index.ts';

export function gauge(name: string, labels: Labels = {}, value = 1): MetricFamily {
  return { name, help: 'Help.', type: 'gauge', points: [{ labels, value }] };
}

/** A collector that returns what its compiler would not let it. */
export function collectorOf(name: string, collect: (context: CollectContext) => unknown): Collector {
  return { name, collect: collect as Collector['collect'] };
}

/** The lines of a scrape that are samples. */
export async function samples(registry: { expose(): Promise<string> }): Promise<string[]> {
  return (await registry.expose()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The failures of a scrape as `collector: message`. */
export async function failures(gatherer: Gatherer, options?: GatherOptions): Promise<string[]> {
  const gathering = await gatherer.gather(options);
  return gathering.failures.map(({ collector, error }) => `${collector}: ${error.message}`);
}
