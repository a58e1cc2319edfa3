/** The exposed samples of a registry, for comparison in tests. */
import { type FamilySnapshot, openMetrics, snapshotOf } from '../../src/exposition/index.ts';
import { Registry } from '../../src/index.ts';

/** The lines of samples, in text. */
export async function samples(registry: Registry): Promise<string[]> {
  return (await registry.expose()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The same in OpenMetrics: with exemplars, and with the times at which series began. */
export async function openMetricsSamples(registry: Registry): Promise<string[]> {
  const lines = (await registry.expose(openMetrics, { createdLines: true })).split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

/** The families as plain data. */
export async function families(registry: Registry): Promise<FamilySnapshot[]> {
  return snapshotOf(await registry.gather());
}

/** A registry that shows nothing of its own. */
export function quietRegistry(): Registry {
  return new Registry({ selfMetrics: false });
}
