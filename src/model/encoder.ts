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
  /** Told where the one who walks a family through could not go on. Where there is no such method, that one throws. */
  failed?(descriptor: Descriptor, problem: unknown): void;
}

/** Walks a plain family through an encoder. */
export function encodeFamily(family: MetricFamily, encoder: Encoder): void {
  encoder.family(family);
  const points = new Points();
  switch (family.type) {
    case 'counter':
      for (const sample of family.points) encoder.counter(points.of(sample), sample.value, sample.exemplar);
      return;
    case 'gauge':
      for (const sample of family.points) encoder.gauge(points.of(sample), sample.value);
      return;
    case 'unknown':
      for (const sample of family.points) encoder.unknown(points.of(sample), sample.value);
      return;
    case 'histogram':
    case 'gaugehistogram':
      for (const sample of family.points) encoder.histogram(points.of(sample), sample.value);
      return;
    case 'summary':
      for (const sample of family.points) encoder.summary(points.of(sample), sample.value);
      return;
    case 'info':
      for (const sample of family.points) encoder.info(points.of(sample));
      return;
    case 'stateset':
      for (const sample of family.points) encoder.stateSet(points.of(sample), sample.value);
      return;
  }
}

/** More distinct values of a label are hardly used twice, nor are more labels. */
const MAX_VALUES = 1024;
const MAX_NAMES = 16;

/** Turns samples into points. Those with the same label names share one array of them, which encoders look at. */
class Points {
  #names: readonly string[] = [];
  /** Values that many points have are encoded once: those of each label, as its name is encoded with them. */
  readonly #values = new Map<string, Map<string, LabelValue>>();

  of({ labels, timestamp, startTimestamp }: Sample): Point {
    return { labels: labels === undefined ? NO_LABELS : this.#labelSetOf(labels), timestamp, startTimestamp };
  }

  #labelSetOf(labels: Labels): LabelSet {
    const names = Object.keys(labels);
    if (!isSame(names, this.#names)) this.#names = names;
    return {
      names: this.#names,
      values: names.map((name) => this.#valueOf(name, String(labels[name]))),
    };
  }

  #valueOf(name: string, text: string): LabelValue {
    const values = this.#valuesOf(name);
    let value = values.get(text);
    if (value === undefined) {
      value = new LabelValue(text);
      if (values.size >= MAX_VALUES) values.clear();
      values.set(text, value);
    }
    return value;
  }

  #valuesOf(name: string): Map<string, LabelValue> {
    let values = this.#values.get(name);
    if (values === undefined) {
      values = new Map();
      if (this.#values.size >= MAX_NAMES) this.#values.clear();
      this.#values.set(name, values);
    }
    return values;
  }
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  return names.length === others.length && names.every((name, index) => name === others[index]);
}
