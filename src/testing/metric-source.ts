import { encodeGathering } from '../exposition/encode.ts';
import type { Format } from '../exposition/encoding/format.ts';
import type { Registrable } from '../model/collector.ts';
import { type FlatSample, FlatSamples } from '../model/flat-samples.ts';
import type { Gatherer, Gathering, GatherOptions } from '../registry/gathering.ts';
import { Registry } from '../registry/registry.ts';

/** Source of samples in a test: a registry, merged registries, or a single metric or collector, registered or not. */
export type Source = Gatherer | Registrable;

/**
 * Returns the exposition of a source as text.
 *
 * @param format The format of the text.
 * @defaultValue `format` is the text format 0.0.4
 * @throws the error of a single metric or collector that fails; a registry leaves out what fails, as it does for
 * scrapes.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { Gauge } from 'zeroprom';
 * import { renderMetric } from 'zeroprom/testing';
 *
 * const workers = new Gauge({ name: 'workers', help: 'Number of workers.', registry: null });
 * workers.set(2);
 * assert.match(await renderMetric(workers), /^workers 2$/m);
 * ```
 */
export async function renderMetric(source: Source, format?: Format): Promise<string> {
  return encodeGathering(await gatheringOf(source), format).toString();
}

/**
 * Gathers a source once. Throws the error of a single metric or collector that fails; a registry leaves out what fails,
 * as it does for scrapes.
 */
export async function gatheringOf(source: Source, options?: GatherOptions): Promise<Gathering> {
  if ('gather' in source) return source.gather(options);
  const registry = new Registry({ selfMetrics: false, maxPoints: Number.POSITIVE_INFINITY });
  registry.register(source);
  const gathering = await registry.gather(options);
  for (const { error } of gathering.failures) throw error;
  return gathering;
}

/** Gathers a source once, like {@link gatheringOf}, and returns its samples. */
export async function samplesOf(source: Source): Promise<readonly FlatSample[]> {
  const samples: FlatSample[] = [];
  (await gatheringOf(source)).encode(new FlatSamples((sample) => samples.push(sample)));
  return samples;
}
