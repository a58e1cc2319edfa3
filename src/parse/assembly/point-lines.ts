import type { HistogramValue, MetricType, QuantileValue, StateSetValue, SummaryValue } from '../../model/family.ts';
import { openMetricsFloat } from '../../model/float-layout.ts';
import type { CompositePart, SampleLine } from '../lines/line-handler.ts';
import type { CumulativeBucket } from './bucket-counts.ts';
import { type LooseLine, loosePoint, type PointDraft } from './points.ts';

/** Maximum number of labels per byte. A line with 40 labels and any number of typical buckets has fewer. */
const LABELS_PER_BYTE = 4;

/**
 * Returns whether the series of a composite value have too many labels for its size in bytes: each series has all labels of the
 * value, so their number can grow with the square of the size.
 */
export function haveTooManyLabels(series: number, labels: number, bytes: number): boolean {
  return series * labels > LABELS_PER_BYTE * bytes;
}

/** Yields the separate lines of a point, except the line for its start. */
export function* pointLines(type: MetricType, name: string, point: PointDraft<unknown>): Iterable<LooseLine> {
  switch (type) {
    case 'histogram':
    case 'gaugehistogram':
      yield* histogramLines(type === 'gaugehistogram' ? 'g' : '', point as PointDraft<HistogramValue>);
      return;
    case 'summary':
      yield* summaryLines(point as PointDraft<SummaryValue>);
      return;
    case 'stateset':
      yield* stateLines(name, point as PointDraft<StateSetValue>);
      return;
    default:
      yield { suffix: '', point: point as PointDraft<number> }; // As all these casts: the type guarantees it.
  }
}

export function bucketLine(point: PointDraft<unknown>, bucket: CumulativeBucket): LooseLine {
  const { upperBound, count, exemplar } = bucket;
  const line = loosePoint(point, count, ['le', openMetricsFloat(upperBound)]);
  if (exemplar !== undefined) line.exemplar = exemplar;
  return { suffix: '_bucket', point: line };
}

export function quantileLine(point: PointDraft<unknown>, one: QuantileValue): LooseLine {
  return { suffix: '', point: loosePoint(point, one.value, ['quantile', openMetricsFloat(one.quantile)]) };
}

export function* stateLines(name: string, point: PointDraft<StateSetValue>): Iterable<LooseLine> {
  const { startTimestamp, value } = point;
  for (const [index, state] of value.states.entries()) {
    const line = loosePoint(point, Number(value.enabled[index]), [name, state]);
    if (startTimestamp !== undefined) line.startTimestamp = startTimestamp;
    yield { suffix: '', point: line };
  }
}

function* histogramLines(g: string, point: PointDraft<HistogramValue>): Iterable<LooseLine> {
  const { upperBounds, bucketCounts, count, sum, exemplars, hasCount = true, hasSum = true } = point.value;
  const all = byBucket(point.exemplars ?? [], upperBounds);
  let cumulative = 0;
  for (let index = 0; index <= upperBounds.length; index++) {
    cumulative += bucketCounts[index]!;
    const line = bucketLine(point, {
      upperBound: upperBounds[index] ?? Number.POSITIVE_INFINITY,
      count: cumulative,
      exemplar: exemplars?.[index],
    });
    const own = all.get(index);
    if (own !== undefined && own.length > 1) line.point.exemplars = own;
    yield line;
  }
  if (hasSum) yield { suffix: `_${g}sum`, point: loosePoint(point, sum) };
  if (hasCount) yield { suffix: `_${g}count`, point: loosePoint(point, count) };
}

/** Returns the bucket of an exemplar with this value. A binary search, because a line can have as many exemplars as buckets. */
export function bucketIndex(value: number, upperBounds: readonly number[]): number {
  let low = 0;
  let high = upperBounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= upperBounds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Groups exemplars by the index of their bucket, in their order. */
function byBucket<E extends { readonly value: number }>(
  exemplars: readonly E[],
  upperBounds: readonly number[],
): Map<number, E[]> {
  const groups = new Map<number, E[]>();
  for (const exemplar of exemplars) {
    const index = bucketIndex(exemplar.value, upperBounds);
    const group = groups.get(index);
    if (group === undefined) groups.set(index, [exemplar]);
    else group.push(exemplar);
  }
  return groups;
}

function* summaryLines(point: PointDraft<SummaryValue>): Iterable<LooseLine> {
  const { quantiles, count, sum, hasCount = true, hasSum = true } = point.value;
  for (const quantile of quantiles) yield quantileLine(point, quantile);
  if (hasSum) yield { suffix: '_sum', point: loosePoint(point, sum) };
  if (hasCount) yield { suffix: '_count', point: loosePoint(point, count) };
}

/** Yields the series of a composite value that its point cannot represent, as separate lines. */
export function* looseLines(line: SampleLine): Iterable<SampleLine> {
  const { composite, exemplars } = line;
  const parts = exemplars.length === 0 ? (composite?.loose ?? []) : [...(composite?.loose ?? [])];
  const groups = byBucket(exemplars, exemplars.length === 0 ? [] : finiteBounds(parts));
  let bucket = 0;
  for (const part of parts) {
    yield {
      ...withBound(line, part),
      name: line.name + part.suffix,
      value: part.value,
      exemplars: part.suffix === '_bucket' ? (groups.get(bucket++) ?? []) : [],
      composite: undefined,
    };
  }
}

/** The +Inf bucket contains all other exemplars, also those that are NaN. */
function finiteBounds(parts: Iterable<CompositePart>): number[] {
  const bounds: number[] = [];
  for (const { suffix, bound } of parts) {
    if (suffix === '_bucket' && bound !== undefined && bound < Number.POSITIVE_INFINITY) bounds.push(bound);
  }
  return bounds;
}

function withBound(line: SampleLine, { suffix, bound }: CompositePart): SampleLine {
  if (bound === undefined) return line;
  const name = suffix === '_bucket' ? 'le' : 'quantile';
  const labelNames = [...line.labelNames, name];
  return { ...line, labelNames, labelValues: [...line.labelValues, openMetricsFloat(bound)] };
}
