import type { Labels } from '../model/labels.ts';
import { type FlatSample, FlatSamples, labelText } from './flat-samples.ts';
import { gatheringOf, type Source } from './metric-source.ts';

/**
 * Returns the current value of a sample, or undefined if it does not exist.
 *
 * @param name The name of the sample in the text format: `http_requests_total`, `http_request_duration_seconds_count`,
 * or `..._bucket` with a label such as `{ le: 0.5 }`.
 * @param labels All labels of the sample.
 * @defaultValue `labels` are `{}`
 * @throws the error of a single metric or collector that fails.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { Counter, Registry } from 'zeroprom';
 * import { sampleValue } from 'zeroprom/testing';
 *
 * const registry = new Registry();
 * const mails = new Counter({ name: 'mails_total', help: 'Total number of mails.', labelNames: ['kind'], registry });
 * mails.inc({ kind: 'bill' });
 * assert.equal(await sampleValue(registry, 'mails_total', { kind: 'bill' }), 1);
 * ```
 */
export async function sampleValue(source: Source, name: string, labels: Labels = {}): Promise<number | undefined> {
  const flat = new FlatSamples();
  (await gatheringOf(source)).encode(flat);
  return flat.samples.find((sample) => sample.name === name && hasLabels(sample, labels))?.value;
}

function hasLabels(sample: FlatSample, labels: Labels): boolean {
  const wanted = Object.entries(labels);
  return (
    wanted.length === sample.labels.size &&
    wanted.every(([name, value]) => sample.labels.get(name) === labelText(name, value))
  );
}
