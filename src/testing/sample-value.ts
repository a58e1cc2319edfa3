import type { FlatSample } from '../model/flat-samples.ts';
import { goFloat } from '../model/float-layout.ts';
import type { LabelInput, Labels } from '../model/labels.ts';
import { type Source, samplesOf } from './metric-source.ts';

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
  const samples = await samplesOf(source);
  return samples.find((sample) => sample.name === name && hasLabels(sample, labels))?.value;
}

function hasLabels({ labels }: FlatSample, wanted: Labels): boolean {
  const found = new Map(labels);
  const pairs = Object.entries(wanted);
  return pairs.length === found.size && pairs.every(([name, value]) => found.get(name) === labelText(name, value));
}

/**
 * Returns a label value as text. Bounds and quantiles are numbers, in whatever notation: `'0.50'` becomes `0.5`,
 * Infinity `+Inf`.
 */
export function labelText(name: string, value: LabelInput): string {
  if (name !== 'le' && name !== 'quantile') return String(value);
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  return Number.isNaN(number) ? String(value) : goFloat(number);
}
