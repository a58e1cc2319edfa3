import type {
  Descriptor,
  Exemplar,
  HistogramValue,
  MetricFamily,
  Point,
  Sample,
  StateSetValue,
  SummaryValue,
} from './family.ts';
import { type LabelSet, type Labels, LabelValue, NO_LABELS } from './labels.ts';

/**
 * What every exposition format implements, and all that metrics know of formats. `family()` opens a family; the
 * points that follow belong to it and are of its type. Arguments are valid during the call only.
 */
export interface Encoder {
  family(descriptor: Descriptor): void;
  counter(point: Point, value: number, exemplar?: Exemplar): void;
  gauge(point: Point, value: number): void;
  unknown(point: Point, value: number): void;
  /** Gauge histograms too. */
  histogram(point: Point, value: HistogramValue): void;
  summary(point: Point, value: SummaryValue): void;
  info(point: Point): void;
  stateSet(point: Point, value: StateSetValue): void;
}

/** Walks a plain family through an encoder. */
export function encodeFamily(family: MetricFamily, encoder: Encoder): void {
  encoder.family(family);
  switch (family.type) {
    case 'counter':
      for (const sample of family.points) encoder.counter(pointOf(sample), sample.value, sample.exemplar);
      return;
    case 'gauge':
      for (const sample of family.points) encoder.gauge(pointOf(sample), sample.value);
      return;
    case 'unknown':
      for (const sample of family.points) encoder.unknown(pointOf(sample), sample.value);
      return;
    case 'histogram':
    case 'gaugehistogram':
      for (const sample of family.points) encoder.histogram(pointOf(sample), sample.value);
      return;
    case 'summary':
      for (const sample of family.points) encoder.summary(pointOf(sample), sample.value);
      return;
    case 'info':
      for (const sample of family.points) encoder.info(pointOf(sample));
      return;
    case 'stateset':
      for (const sample of family.points) encoder.stateSet(pointOf(sample), sample.value);
      return;
  }
}

function pointOf({ labels, timestamp, startTimestamp }: Sample): Point {
  return { labels: labelSetOf(labels), timestamp, startTimestamp };
}

function labelSetOf(labels: Labels | undefined): LabelSet {
  if (labels === undefined) return NO_LABELS;
  const entries = Object.entries(labels);
  return {
    names: entries.map(([name]) => name),
    values: entries.map(([, value]) => new LabelValue(String(value).toWellFormed())),
  };
}
