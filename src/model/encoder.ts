import type {
  Descriptor,
  Exemplar,
  HistogramValue,
  MetricFamily,
  MetricType,
  Point,
  Sample,
  StateSetValue,
  SummaryValue,
} from './family.ts';
import { type LabelSet, NO_LABELS, type NumberRows } from './label-set.ts';
import { LabelValues } from './label-values.ts';
import { isSameNames, type Labels } from './labels.ts';
import { rowsOf, type SampleRow, type SampleRows } from './sample-rows.ts';

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
  const rows = rowsOf(family.points);
  if (rows !== undefined)
    return yield* rowSteps(rows, pointsPerStep, (row) => writeRow(row, points.ofRow(row), family.type, encoder));
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

function* rowSteps(rows: SampleRows, perStep: number, write: (row: SampleRow) => void): Steps {
  for (let count = 0; rows.next(); count++) {
    if (count > 0 && count % perStep === 0) yield;
    write(rows);
  }
}

function writeRow({ value, exemplar }: SampleRow, point: Point, type: MetricType, encoder: Encoder): void {
  if (type === 'counter') encoder.counter(point, value, exemplar);
  else if (type === 'gauge') encoder.gauge(point, value);
  else encoder.unknown(point, value);
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
/** Number of uses of each value from which on looking values up is faster than encoding them again. */
const FEW_USES = 2;

/** Converts samples to points. Points with the same label names share names and values, which encoders rely on. */
class Points {
  #set: PointLabels | undefined;
  /** Values of each label, so that a value that many points have is encoded once. */
  readonly #columns = new Map<string, LabelColumn>();

  of({ labels, timestamp, startTimestamp }: Sample): Point {
    return { labels: labels === undefined ? NO_LABELS : this.#labelSetOf(labels), timestamp, startTimestamp };
  }

  ofRow({ labelNames, labelValues, timestamp, startTimestamp }: SampleRow): Point {
    const labels = this.#setOf(labelNames);
    labels.useValues(labelValues);
    return { labels, timestamp, startTimestamp };
  }

  #labelSetOf(labels: Labels): LabelSet {
    const set = this.#setOf(Object.keys(labels));
    set.use(labels);
    return set;
  }

  /** Returns the set for labels with these names. */
  #setOf(names: readonly string[]): PointLabels {
    let set = this.#set;
    if (set === undefined || (names !== set.names && !isSameNames(names, set.names))) {
      set = new PointLabels(
        names,
        names.map((name) => this.#columnOf(name)),
      );
    } else if (set.isFull) {
      set = new PointLabels(set.names, set.columns);
    }
    this.#set = set;
    return set;
  }

  #columnOf(name: string): LabelColumn {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    if (this.#columns.size >= MAX_NAMES) this.#columns.clear();
    const column = new LabelColumn();
    this.#columns.set(name, column);
    return column;
  }
}

/** The labels of one point after another with the same names. */
class PointLabels implements LabelSet {
  readonly names: readonly string[];
  readonly columns: readonly LabelColumn[];
  readonly values: readonly LabelValues[];
  readonly ids: Int32Array;
  /** Whether a label has very many values, so that they should start afresh. */
  isFull = false;

  constructor(names: readonly string[], columns: readonly LabelColumn[]) {
    this.names = names;
    this.columns = columns;
    this.values = columns.map((column) => column.begin());
    this.ids = new Int32Array(names.length);
  }

  use(labels: Labels): void {
    const { names } = this;
    for (let index = 0; index < names.length; index++) this.#useValue(index, String(labels[names[index]!]));
  }

  useValues(texts: readonly string[]): void {
    for (let index = 0; index < texts.length; index++) this.#useValue(index, texts[index]!);
  }

  #useValue(index: number, text: string): void {
    const column = this.columns[index]!;
    this.ids[index] = column.idOf(text);
    if (column.values.areMany) this.isFull = true;
  }
}

/** The values of a label. */
class LabelColumn {
  values = new LabelValues();
  #uses = 0;
  /** Whether most values were used once, so that looking them up would be in vain: only the last one is kept. */
  #isVaried = false;

  /** Called before values are used again; returns them, or others if there were very many. */
  begin(): LabelValues {
    if (!this.values.areMany) return this.values;
    this.#isVaried = this.#uses < FEW_USES * this.values.texts.length;
    this.#uses = 0;
    this.values = new LabelValues();
    return this.values;
  }

  /** Returns the id of a value, which is valid until the next one. */
  idOf(text: string): number {
    if (this.#isVaried) {
      this.values.setOnly(text);
      return 0;
    }
    this.#uses++;
    return this.values.intern(text);
  }
}
