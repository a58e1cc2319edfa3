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
import { type LabelSet, NO_LABELS, type NumberRows } from './label-set.ts';
import { LabelValues } from './label-values.ts';
import { isSameNames, type Labels } from './labels.ts';

/**
 * Implemented by every exposition format; all that metrics know about formats. `family()` starts a family; the points that
 * follow belong to it and have its type. Arguments are valid only during the call.
 */
export interface Encoder {
  /** Starts a family. */
  family(descriptor: Descriptor): void;
  /** Writes a counter. */
  counter(point: Point, value: number, exemplar?: Exemplar): void;
  /** Writes a gauge. */
  gauge(point: Point, value: number): void;
  /** Writes a value of unknown type. */
  unknown(point: Point, value: number): void;
  /** Writes a histogram or a gauge histogram. */
  histogram(point: Point, value: HistogramValue): void;
  /** Writes a summary. */
  summary(point: Point, value: SummaryValue): void;
  /** Writes an info. */
  info(point: Point): void;
  /** Writes a state set. */
  stateSet(point: Point, value: StateSetValue): void;
  /**
   * Writes rows [first, end) at once: counters without exemplars, gauges or unknowns. If it returns false, or does not
   * exist, the caller must write each of them as a point.
   */
  numbers?(rows: NumberRows, first: number, end: number): boolean;
  /**
   * Announces rows that will be written by `numbers()` with the same bounds. Called for all rows of a family before the
   * first is written, if there are many; some formats need the length of a family before its first byte. If it returns
   * false, or does not exist, rows need not be announced.
   */
  measure?(rows: NumberRows, first: number, end: number, isLast: boolean): boolean;
  /** Called if a family could not be read to its end. If it does not exist, the caller throws the problem. */
  failed?(descriptor: Descriptor, problem: unknown): void;
}

/**
 * Writes a family that is plain data to an encoder.
 *
 * @example
 * ```ts
 * import { encodeFamily, encodeGathering } from 'zeroprom/exposition';
 *
 * const family = { name: 'up', help: '', type: 'gauge', points: [{ value: 1 }] } as const;
 * console.log(encodeGathering({ encode: (encoder) => encodeFamily(family, encoder) }).toString());
 * ```
 */
export function encodeFamily(family: MetricFamily, encoder: Encoder): void {
  for (const _step of familySteps(family, encoder, Number.POSITIVE_INFINITY)) {
    // One step: it never yields.
  }
}

type Steps = Generator<void, void, void>;

/** Like {@link encodeFamily}, but yields after `pointsPerStep` points so that the caller can let other callbacks run. */
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
  family satisfies never; // A type is missing above.
}

function* steps<S>(samples: Iterable<S>, perStep: number, write: (sample: S) => void): Steps {
  let count = 0;
  for (const sample of samples) {
    if (count > 0 && count % perStep === 0) yield;
    write(sample);
    count++;
  }
}

/** Maximum number of labels whose values are kept: with more, most are not used again. */
const MAX_NAMES = 16;

/** Converts samples to points. Points with the same label names share names and values, which encoders rely on. */
class Points {
  #set:
    | { readonly names: readonly string[]; readonly values: readonly LabelValues[]; readonly ids: Int32Array }
    | undefined;
  /** Values of each label, so that a value that many points have is encoded once. */
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
