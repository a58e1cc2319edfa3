import { checkedDescriptor } from '../../model/checked-descriptor.ts';
import type { Descriptor, Exemplar, HistogramValue, Point, StateSetValue, SummaryValue } from '../../model/family.ts';
import type { NumberRows } from '../../model/label-set.ts';
import { checkLabelName } from '../../model/naming.ts';
import { reservedLabelOf } from '../../model/sample-names.ts';
import { checkHistogram, checkStates, checkSummary } from '../../model/soundness.ts';
import { thrownText } from '../../model/thrown.ts';
import type { FormatEncoder } from './format.ts';

/** Output of an encoder that can be rewound. */
export interface Rewindable {
  readonly position: number;
  rewind(position: number): void;
}

/**
 * Keeps an exposition readable: a family or point that cannot be shown, because its names are invalid, the format
 * forbids it or it throws, is removed from the output and reported once per family. All others are shown.
 */
export class GuardedEncoder implements FormatEncoder {
  readonly #encoder: FormatEncoder;
  readonly #writer: Rewindable;
  #onProblem: (problem: Error) => void;
  #name = '';
  #reservedLabel: string | undefined;
  #isShown = false;
  #isReported = false;
  #names: readonly string[] | undefined;

  /** `encoder` writes to `writer`. */
  constructor(encoder: FormatEncoder, writer: Rewindable, onProblem: (problem: Error) => void) {
    this.#encoder = encoder;
    this.#writer = writer;
    this.#onProblem = onProblem;
  }

  family(descriptor: Descriptor): void {
    this.#name = descriptor.name;
    this.#reservedLabel = reservedLabelOf(descriptor);
    this.#names = undefined;
    this.#isReported = false;
    try {
      checkedDescriptor(descriptor);
      this.#encoder.family(descriptor);
      this.#isShown = true;
    } catch (problem) {
      this.#isShown = false;
      this.#report(problem);
    }
  }

  counter(point: Point, value: number, exemplar?: Exemplar): void {
    this.#show(counter, point, value, exemplar);
  }

  gauge(point: Point, value: number): void {
    this.#show(gauge, point, value);
  }

  unknown(point: Point, value: number): void {
    this.#show(unknown, point, value);
  }

  histogram(point: Point, value: HistogramValue): void {
    this.#show(histogram, point, value);
  }

  summary(point: Point, value: SummaryValue): void {
    this.#show(summary, point, value);
  }

  info(point: Point): void {
    this.#show(info, point, 1);
  }

  stateSet(point: Point, value: StateSetValue): void {
    this.#show(stateSet, point, value);
  }

  /** If one of them cannot be shown, they are written as points, which finds out which one. */
  numbers(rows: NumberRows, first: number, end: number): boolean {
    if (!this.#isShown) return true;
    const { position } = this.#writer;
    try {
      if (rows.names !== this.#names) this.#checkLabels(rows.names);
      return this.#encoder.numbers?.(rows, first, end) ?? false;
    } catch {
      this.#writer.rewind(position);
      return false;
    }
  }

  measure(rows: NumberRows, first: number, end: number, isLast: boolean): boolean {
    if (!this.#isShown) return false;
    try {
      if (rows.names !== this.#names) this.#checkLabels(rows.names);
      return this.#encoder.measure?.(rows, first, end, isLast) ?? false;
    } catch {
      return false; // It is reported when the rows are written.
    }
  }

  failed({ name }: Descriptor, problem: unknown): void {
    if (name !== this.#name) this.#isReported = false;
    this.#name = name;
    this.#report(problem);
  }

  end(): void {
    this.#encoder.end();
    this.#onProblem = () => {}; // It may reference a request, and encoders are kept.
  }

  /** Writes a point. All points pass through here, so that errors are caught in one place. */
  #show<V>(write: Write<V>, point: Point, value: V, exemplar?: Exemplar): void {
    if (!this.#isShown) return;
    const { position } = this.#writer;
    try {
      if (point.labels.names !== this.#names) this.#checkLabels(point.labels.names);
      write(this.#encoder, point, value, exemplar);
    } catch (problem) {
      this.#writer.rewind(position);
      this.#report(problem);
    }
  }

  #checkLabels(names: readonly string[]): void {
    this.#names = undefined;
    for (const name of names) {
      checkLabelName(name, this.#name);
      if (name === this.#reservedLabel) {
        throw new RangeError(`${this.#name}: label name "${name}" is reserved for the samples of this type.`);
      }
    }
    this.#names = names;
  }

  #report(problem: unknown): void {
    if (this.#isReported) return;
    this.#isReported = true;
    this.#onProblem(
      new Error(`${this.#name} is not shown, or not all of it: ${thrownText(problem)}`, { cause: problem }),
    );
  }
}

type Write<V> = (encoder: FormatEncoder, point: Point, value: V, exemplar: Exemplar | undefined) => void;

const counter: Write<number> = (encoder, point, value, exemplar) => encoder.counter(point, value, exemplar);
const gauge: Write<number> = (encoder, point, value) => encoder.gauge(point, value);
const unknown: Write<number> = (encoder, point, value) => encoder.unknown(point, value);
const histogram: Write<HistogramValue> = (encoder, point, value) => {
  checkHistogram(value);
  encoder.histogram(point, value);
};
const summary: Write<SummaryValue> = (encoder, point, value) => {
  checkSummary(value);
  encoder.summary(point, value);
};
const info: Write<1> = (encoder, point) => encoder.info(point);
const stateSet: Write<StateSetValue> = (encoder, point, value) => {
  checkStates(value);
  encoder.stateSet(point, value);
};
