import type { HistogramValue, MetricType, StateSetValue, SummaryValue } from '../../model/family.ts';
import { openMetricsFloat } from '../../model/float-layout.ts';
import type { CompositePart, ExemplarPart, SampleLine } from '../lines/line-handler.ts';
import type { CumulativeBucket } from './bucket-counts.ts';
import { type LooseLine, loosePoint, type PointDraft } from './points.ts';

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

export function quantileLine(point: PointDraft<unknown>, one: SummaryValue['quantiles'][number]): LooseLine {
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
  let cumulative = 0;
  for (let index = 0; index <= upperBounds.length; index++) {
    cumulative += bucketCounts[index]!;
    const line = bucketLine(point, {
      upperBound: upperBounds[index] ?? Number.POSITIVE_INFINITY,
      count: cumulative,
      exemplar: exemplars?.[index],
    });
    const all = point.exemplars?.filter(({ value }) => bucketIndex(value, upperBounds) === index) ?? [];
    if (all.length > 1) line.point.exemplars = all;
    yield line;
  }
  if (hasSum) yield { suffix: `_${g}sum`, point: loosePoint(point, sum) };
  if (hasCount) yield { suffix: `_${g}count`, point: loosePoint(point, count) };
}

/** Returns the bucket of an exemplar with this value. */
export function bucketIndex(value: number, upperBounds: readonly number[]): number {
  const index = upperBounds.findIndex((upperBound) => value <= upperBound);
  return index < 0 ? upperBounds.length : index;
}

function* summaryLines(point: PointDraft<SummaryValue>): Iterable<LooseLine> {
  const { quantiles, count, sum, hasCount = true, hasSum = true } = point.value;
  for (const quantile of quantiles) yield quantileLine(point, quantile);
  if (hasSum) yield { suffix: '_sum', point: loosePoint(point, sum) };
  if (hasCount) yield { suffix: '_count', point: loosePoint(point, count) };
}

/** Yields the series of a composite value that its point cannot represent, as separate lines. */
export function* looseLines(line: SampleLine): Iterable<SampleLine> {
  let below: number | undefined;
  for (const part of line.composite?.loose ?? []) {
    const isBucket = part.suffix === '_bucket';
    const exemplars = isBucket ? line.exemplars.filter((exemplar) => isIn(exemplar, below, part)) : [];
    if (isBucket) below = part.bound;
    yield {
      ...withBound(line, part),
      name: line.name + part.suffix,
      value: part.value,
      exemplars,
      composite: undefined,
    };
  }
}

/** The first bucket has no lower bound, and the +Inf bucket contains NaN. */
function isIn({ value }: ExemplarPart, below: number | undefined, { bound = Number.NaN }: CompositePart): boolean {
  const isAbove = below === undefined || value > below;
  return (value <= bound && isAbove) || (bound === Number.POSITIVE_INFINITY && Number.isNaN(value));
}

function withBound(line: SampleLine, { suffix, bound }: CompositePart): SampleLine {
  if (bound === undefined) return line;
  const name = suffix === '_bucket' ? 'le' : 'quantile';
  const labelNames = [...line.labelNames, name];
  return { ...line, labelNames, labelValues: [...line.labelValues, openMetricsFloat(bound)] };
}
