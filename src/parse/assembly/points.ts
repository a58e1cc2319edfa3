import type { Exemplar } from '../../model/family.ts';
import type { Labels } from '../../model/labels.ts';
import type { SamplePart } from '../../model/sample-names.ts';
import type { ExemplarPart, SampleLine } from '../lines/line-handler.ts';
import { labelsOf } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

/** A line that is not part of a point, although its name is that of a part of its family. */
export interface LooseLine {
  /** Suffix after the name of the family. */
  readonly suffix: string;
  readonly point: PointDraft<number>;
}

/** The result of the lines of a family. */
export interface Collected {
  readonly points: PointList<unknown>;
  readonly loose: Iterable<LooseLine>;
}

export const NOTHING_LOOSE: readonly LooseLine[] = [];

/**
 * Collects sample lines into the points of a family; each type has its own collector. In exact mode, lines become a point only if
 * encoding it gives the same lines again; all other lines are loose.
 */
export interface PointCollector {
  /** Returns false if the line cannot be this part of this type. */
  add(part: SamplePart, sample: SampleLine): boolean;
  /** Adds a loose line of another family, also after `finish()`. Only for types whose lines are points. */
  push?(point: PointDraft<number>): void;
  /** Returns the result. Call it once, after the last line. */
  finish(): Collected;
}

/** An incomplete point; missing properties are left out. */
export interface PointDraft<V> {
  labels: Labels;
  value: V;
  timestamp?: number;
  startTimestamp?: number;
  exemplar?: Exemplar;
  exemplars?: readonly Exemplar[];
}

/** An array of points, or packed points. */
export interface PointList<V> extends Iterable<PointDraft<V>> {
  readonly length: number;
  push(point: PointDraft<V>): unknown;
  map(change: (point: PointDraft<V>) => PointDraft<V>): PointList<V>;
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

/** Sets the start of a point from its `_created` line; false if the point must have only one and has it already. */
export function setStart(point: PointDraft<unknown>, { value }: SampleLine, isExact: boolean): boolean {
  if (isExact && point.startTimestamp !== undefined) return false;
  point.startTimestamp = value;
  return true;
}

/** Sets `hasSum` and `hasCount` if the document omits them. */
export function missing(count: number | undefined, sum: number | undefined): { hasCount?: false; hasSum?: false } {
  return { ...(count === undefined && { hasCount: false }), ...(sum === undefined && { hasSum: false }) };
}

/** Returns one line of a point as a separate point, with an additional `label` if given and without a start time. */
export function loosePoint(
  { labels, timestamp }: PointDraft<unknown>,
  value: number,
  label?: readonly [string, string],
): PointDraft<number> {
  const all =
    label === undefined
      ? labels
      : labelsOf([...Object.keys(labels), label[0]], [...Object.values(labels).map(String), label[1]]);
  const point: PointDraft<number> = { labels: all, value };
  if (timestamp !== undefined) point.timestamp = timestamp;
  return point;
}

/** Returns the line for the start of a point. */
export function createdLine(point: PointDraft<unknown>, startTimestamp: number): LooseLine {
  return { suffix: '_created', point: loosePoint(point, startTimestamp) };
}
