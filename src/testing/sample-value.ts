import type { Labels } from '../model/labels.ts';
import { type FlatSample, FlatSamples } from './flat-samples.ts';
import { labelText } from './label-text.ts';
import { gatheringOf, type Source } from './metric-source.ts';

/**
 * The value of one sample as a scrape shows it now; undefined where there is none. The name is that of a line:
 * `http_requests_total`, `http_request_duration_seconds_count`, or `..._bucket` with `{ le: 0.5 }`. All labels have to be
 * given.
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
