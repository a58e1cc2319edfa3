import type { Exemplar } from '../../model/family.ts';
import type { Labels } from '../../model/labels.ts';
import type { SamplePart } from '../../model/sample-names.ts';
import type { ExemplarPart, SampleLine } from '../lines/line-handler.ts';
import { labelsOf } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

/** A line that makes up no point with others, though its name is that of a part of its family. */
export interface LooseLine {
  /** Suffix after the name of the family. */
  readonly suffix: string;
  readonly point: PointDraft<number>;
}

/** The result of the lines of a family. */
export interface Collected {
  readonly points: PointDraft<unknown>[];
  readonly loose: Iterable<LooseLine>;
}

export const NOTHING_LOOSE: readonly LooseLine[] = [];

/**
 * Gathers sample lines into the points of a family. Each type has its own way. Where it is to be exact, lines make up a
 * point only if writing it gives the same lines again; all others are loose.
 */
export interface PointCollector {
  /** False if the line cannot be such a part of such a family. */
  add(part: SamplePart, sample: SampleLine): boolean;
  /** Takes a line that is loose elsewhere, also after `finish()`. Only where lines are points. */
  push?(point: PointDraft<number>): void;
  /** Once, after the last line. */
  finish(): Collected;
}

/** A point that is being made; what it does not have is left out. */
export interface PointDraft<V> {
  labels: Labels;
  value: V;
  timestamp?: number;
  startTimestamp?: number;
  exemplar?: Exemplar;
  exemplars?: readonly Exemplar[];
}

export function draftPoint<V>(sample: SampleLine, value: V, labels: FamilyLabels, partLabel = -1): PointDraft<V> {
  const point: PointDraft<V> = { labels: labels.of(sample.labelNames, sample.labelValues, partLabel), value };
  if (sample.timestamp !== undefined) point.timestamp = sample.timestamp;
  if (sample.startTimestamp !== undefined) point.startTimestamp = sample.startTimestamp;
  return point;
}

export function exemplarOf({ labelNames, labelValues, value, timestamp }: ExemplarPart): Exemplar {
  const labels = labelsOf(labelNames, labelValues);
  return timestamp === undefined ? { labels, value } : { labels, value, timestamp };
}

/** Says which of the two a document left out. */
export function missing(count: number | undefined, sum: number | undefined): { hasCount?: false; hasSum?: false } {
  return { ...(count === undefined && { hasCount: false }), ...(sum === undefined && { hasSum: false }) };
}

/** A line of a point by itself, with one more label where `label` is given. It tells no start. */
export function loosePoint(
  { labels, timestamp }: PointDraft<unknown>,
  value: number,
  label?: readonly [string, string],
): PointDraft<number> {
  const point: PointDraft<number> = { labels: label === undefined ? labels : withLabel(labels, label), value };
  if (timestamp !== undefined) point.timestamp = timestamp;
  return point;
}

/** The line that tells when a point began. */
export function createdLine(point: PointDraft<unknown>, startTimestamp: number): LooseLine {
  return { suffix: '_created', point: loosePoint(point, startTimestamp) };
}

function withLabel(labels: Labels, [name, value]: readonly [string, string]): Labels {
  return labelsOf([...Object.keys(labels), name], [...Object.values(labels).map(String), value]);
}
