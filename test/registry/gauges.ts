/** Families that collectors return in tests, and the results of scrapes. */
import type { CollectContext, Collector, Gatherer, GatherOptions, Labels, MetricFamily } from '../../src/index.ts';

export function gauge(name: string, labels: Labels = {}, value = 1): MetricFamily {
  return { name, help: 'Help.', type: 'gauge', points: [{ labels, value }] };
}

/** A collector that returns a value of a wrong type. */
export function collectorOf(name: string, collect: (context: CollectContext) => unknown): Collector {
  return { name, collect: collect as Collector['collect'] };
}

/** The sample lines of a scrape. */
export async function samples(registry: { expose(): Promise<string> }): Promise<string[]> {
  return (await registry.expose()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The failures of a scrape as `collector: message`. */
export async function failures(gatherer: Gatherer, options?: GatherOptions): Promise<string[]> {
  const gathering = await gatherer.gather(options);
  return gathering.failures.map(({ collector, error }) => `${collector}: ${error.message}`);
}
