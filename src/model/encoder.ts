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
import type { NumberRows } from './label-set.ts';
import { type LabelSet, NO_LABELS } from './label-set.ts';
import { LabelValues } from './label-values.ts';
import { isSameNames, type Labels } from './labels.ts';

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
  /**
   * Counters without exemplars, gauges or unknowns, many at a time: rows [first, end). Whether it has written them: where
   * not, or where there is no such method, each has to be given as a point.
   */
  numbers?(rows: NumberRows, first: number, end: number): boolean;
  /** Told where the one who walks a family through could not go on. Where there is no such method, that one throws. */
  failed?(descriptor: Descriptor, problem: unknown): void;
}

/** Walks a plain family through an encoder. */
export function encodeFamily(family: MetricFamily, encoder: Encoder): void {
  for (const _step of familySteps(family, encoder, Number.POSITIVE_INFINITY)) {
    // In one go.
  }
}

type Steps = Generator<void, void, void>;

/** As `encodeFamily()`, and pauses after so many points for the caller to let others run. */
export function* familySteps(family: MetricFamily, encoder: Encoder, pointsPerStep: number): Steps {
  const points = new Points();
  const each = <S>(samples: Iterable<S>, write: (sample: S) => void) => steps(samples, pointsPerStep, write);
  encoder.family(family);
  switch (family.type) {
    case 'counter':
      return yield* each(family.points, (sample) => encoder.counter(points.of(sample), sample.value, sample.exemplar));
    case 'gauge':
      return yield* each(family.points, (sample) => encoder.gauge(points.of(sample), sample.value));
    case 'unknown':
      return yield* each(family.points, (sample) => encoder.unknown(points.of(sample), sample.value));
    case 'histogram':
    case 'gaugehistogram':
      return yield* each<Sample<'histogram' | 'gaugehistogram'>>(family.points, (sample) =>
        encoder.histogram(points.of(sample), sample.value),
      );
    case 'summary':
      return yield* each(family.points, (sample) => encoder.summary(points.of(sample), sample.value));
    case 'info':
      return yield* each(family.points, (sample) => encoder.info(points.of(sample)));
    case 'stateset':
      return yield* each(family.points, (sample) => encoder.stateSet(points.of(sample), sample.value));
  }
}

function* steps<S>(samples: Iterable<S>, perStep: number, write: (sample: S) => void): Steps {
  let count = 0;
  for (const sample of samples) {
    if (count > 0 && count % perStep === 0) yield;
    write(sample);
    count++;
  }
}

/** More labels are hardly used twice. */
const MAX_NAMES = 16;

/** Turns samples into points. Those with the same label names share names and values, which encoders look at. */
class Points {
  #set:
    | { readonly names: readonly string[]; readonly values: readonly LabelValues[]; readonly ids: Int32Array }
    | undefined;
  /** Values that many points have are encoded once: those of each label, as its name is encoded with them. */
  readonly #values = new Map<string, LabelValues>();

  of({ labels, timestamp, startTimestamp }: Sample): Point {
    return { labels: labels === undefined ? NO_LABELS : this.#labelSetOf(labels), timestamp, startTimestamp };
  }

  #labelSetOf(labels: Labels): LabelSet {
    const names = Object.keys(labels);
    const known = this.#set;
    const set =
      known !== undefined && isSameNames(names, known.names) && !known.values.some(({ areMany }) => areMany)
        ? known
        : { names, values: names.map((name) => this.#valuesOf(name)), ids: new Int32Array(names.length) };
    for (const [index, name] of names.entries()) set.ids[index] = set.values[index]!.intern(String(labels[name]));
    this.#set = set;
    return set;
  }

  #valuesOf(name: string): LabelValues {
    const known = this.#values.get(name);
    if (known !== undefined && !known.areMany) return known;
    if (this.#values.size >= MAX_NAMES) this.#values.clear();
    const values = new LabelValues();
    this.#values.set(name, values);
    return values;
  }
}
