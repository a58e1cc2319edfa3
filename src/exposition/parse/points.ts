import type { ExactNumbers, Exemplar, Sample } from '../../model/family.ts';
import type { Labels } from '../../model/labels.ts';
import type { ExemplarPart, SampleLine } from './lines.ts';
import { labelsOf } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

/** What a sample line is to its family: its whole value, or a part of a histogram or summary. */
export type Part = 'value' | 'bucket' | 'quantile' | 'sum' | 'count' | 'created';

/** Gathers sample lines into the points of a family. Each type has its own way. */
export interface PointCollector {
  /** False if the line cannot be such a part of such a family. */
  add(part: Part, sample: SampleLine): boolean;
  finish(): Sample[];
}

/** A point that is being made; what it does not have is left out. */
export interface PointDraft<V> {
  labels: Labels;
  value: V;
  timestamp?: number;
  startTimestamp?: number;
  exemplar?: Exemplar;
  exact?: ExactNumbers;
}

export function draftPoint<V>(sample: SampleLine, value: V, labels: FamilyLabels, except = -1): PointDraft<V> {
  const point: PointDraft<V> = { labels: labels.of(sample.labelNames, sample.labelValues, except), value };
  if (sample.timestamp !== undefined) point.timestamp = sample.timestamp;
  if (sample.startTimestamp !== undefined) point.startTimestamp = sample.startTimestamp;
  if (sample.exactTimestamp !== undefined) point.exact = { timestampNs: sample.exactTimestamp };
  return point;
}

export function exemplarOf({ labelNames, labelValues, value, timestamp }: ExemplarPart): Exemplar {
  const labels = labelsOf(labelNames, labelValues);
  return timestamp === undefined ? { labels, value } : { labels, value, timestamp };
}
