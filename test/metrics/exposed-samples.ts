/** The exposed samples of a registry, for comparison in tests. */
import { type FamilySnapshot, openMetrics, snapshotOf } from '../../src/exposition/index.ts';
import { Registry } from '../../src/index.ts';

/** The sample lines in the text format. */
export async function samples(registry: Registry): Promise<string[]> {
  return (await registry.expose()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The sample lines in OpenMetrics, with exemplars and start times. */
export async function openMetricsSamples(registry: Registry): Promise<string[]> {
  const lines = (await registry.expose(openMetrics, { createdLines: true })).split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

/** The families as plain data. */
export async function families(registry: Registry): Promise<FamilySnapshot[]> {
  return snapshotOf(await registry.gather());
}

/** A registry without metrics about itself. */
export function quietRegistry(): Registry {
  return new Registry({ selfMetrics: false });
}
