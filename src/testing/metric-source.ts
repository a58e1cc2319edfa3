import type { Registrable } from '../model/collector.ts';
import type { Gatherer, Gathering, GatherOptions } from '../registry/gathering.ts';
import { Registry } from '../registry/registry.ts';

/** What can be looked at in a test: a registry, merged registries, a metric, or a collector, registered or not. */
export type Source = Gatherer | Registrable;

/**
 * One scrape. Where a metric or collector is looked at by itself, what it fails with is thrown; a registry leaves out
 * what fails, as it does for servers.
 */
export async function gatheringOf(source: Source, options?: GatherOptions): Promise<Gathering> {
  if ('gather' in source) return source.gather(options);
  const registry = new Registry({ selfMetrics: false, maxPoints: Number.POSITIVE_INFINITY });
  registry.register(source);
  const gathering = await registry.gather(options);
  for (const { error } of gathering.failures) throw error;
  return gathering;
}
