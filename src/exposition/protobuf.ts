import type {
  Descriptor,
  Exemplar,
  HistogramValue,
  MetricType,
  Point,
  StateSetValue,
  SummaryValue,
} from '../model/family.ts';
import type { Fragment, LabelSet } from '../model/labels.ts';
import { ByteWriter, bytesOfVarint } from './byte-writer.ts';
import type { FormatEncoder } from './format.ts';
import { FragmentPool, plainFragment } from './fragment.ts';
import { millisecondsOf } from './milliseconds.ts';
import { writeHistogram } from './protobuf-histogram.ts';
import { writeExemplar, writeLabelPair, writeString, writeTimestamp } from './protobuf-messages.ts';

/** The numbers of io.prometheus.client.MetricType, for the types that the model has. */
const TYPE_NUMBERS: { readonly [T in MetricType]: number } = {
  counter: 0,
  gauge: 1,
  summary: 2,
  unknown: 3,
  histogram: 4,
  gaugehistogram: 5,
  info: 1,
  stateset: 1,
};

/** Keys of fields: number * 8 + wire type (0 varint, 1 eight bytes, 2 with a length). */
const FAMILY = { name: 0x0a, help: 0x12, type: 0x18, metric: 0x22, unit: 0x2a };
const METRIC = {
  label: 0x0a,
  gauge: 0x12,
  counter: 0x1a,
  summary: 0x22,
  untyped: 0x2a,
  timestampMs: 0x30,
  histogram: 0x3a,
};
const LABEL_PAIR = { name: 0x0a, value: 0x12 };
const COUNTER = { value: 0x09, exemplar: 0x12, startTimestamp: 0x1a };
const SUMMARY = { sampleCount: 0x08, sampleSum: 0x11, quantile: 0x1a, startTimestamp: 0x22 };
const QUANTILE = { quantile: 0x09, value: 0x11 };

/**
 * PrometheusProto: io.prometheus.client.MetricFamily messages, each after its length. A family is one message, so the
 * writer has nothing to take until all of its metrics are in: a family of a million series is in memory whole.
 */
export class ProtobufEncoder implements FormatEncoder {
  readonly #writer: ByteWriter;
  readonly #pool = new FragmentPool();
  /** The open message of a family. */
  #family: number | undefined;
  #isEmpty = true;
  #isGauge = false;
  #descriptor: Descriptor = { name: '', help: '', type: 'unknown' };
  /** The names that `#nameFields` was made for. Metrics pass the same array for all their series. */
  #names: readonly string[] | undefined;
  #nameFields: Fragment[] = [];

  constructor(writer: ByteWriter) {
    this.#writer = writer;
  }

  family(descriptor: Descriptor): void {
    const { name, help, type } = descriptor;
    const writer = this.#writer;
    this.#closeFamily();
    this.#descriptor = descriptor;
    this.#isEmpty = true;
    this.#names = undefined;
    this.#family = writer.open();
    writeString(writer, FAMILY.name, name);
    if (help !== '') writeString(writer, FAMILY.help, help);
    writer.byte(FAMILY.type);
    writer.varint(TYPE_NUMBERS[type]);
    this.#isGauge = type === 'gaugehistogram';
  }

  counter(point: Point, value: number, exemplar?: Exemplar): void {
    const writer = this.#writer;
    const metric = this.#open(point.labels);
    writer.byte(METRIC.counter);
    const counter = writer.open();
    writer.byte(COUNTER.value);
    writer.double(value);
    if (exemplar !== undefined) writeExemplar(writer, COUNTER.exemplar, exemplar);
    if (point.startTimestamp !== undefined) writeTimestamp(writer, COUNTER.startTimestamp, point.startTimestamp);
    writer.close(counter);
    this.#close(metric, point);
  }

  gauge(point: Point, value: number): void {
    const metric = this.#open(point.labels);
    this.#value(METRIC.gauge, value);
    this.#close(metric, point);
  }

  unknown(point: Point, value: number): void {
    const metric = this.#open(point.labels);
    this.#value(METRIC.untyped, value);
    this.#close(metric, point);
  }

  histogram(point: Point, value: HistogramValue): void {
    const metric = this.#open(point.labels);
    writeHistogram(this.#writer, METRIC.histogram, value, this.#isGauge ? undefined : point.startTimestamp);
    this.#close(metric, point);
  }

  summary(point: Point, { count, sum, quantiles }: SummaryValue): void {
    if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`A summary has no count of ${count}.`);
    const writer = this.#writer;
    const metric = this.#open(point.labels);
    writer.byte(METRIC.summary);
    const summary = writer.open();
    writer.byte(SUMMARY.sampleCount);
    writer.varint(count);
    writer.byte(SUMMARY.sampleSum);
    writer.double(sum);
    for (const { quantile, value } of quantiles) {
      writer.byte(SUMMARY.quantile);
      writer.byte(18);
      writer.byte(QUANTILE.quantile);
      writer.double(quantile);
      writer.byte(QUANTILE.value);
      writer.double(value);
    }
    if (point.startTimestamp !== undefined) writeTimestamp(writer, SUMMARY.startTimestamp, point.startTimestamp);
    writer.close(summary);
    this.#close(metric, point);
  }

  /** This format has no infos: as in text, a gauge of 1. */
  info(point: Point): void {
    this.gauge(point, 1);
  }

  /** Nor state sets: a gauge for each state, with a label of the family's name. */
  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    for (const [index, state] of states.entries()) {
      const metric = this.#open(point.labels);
      writeLabelPair(this.#writer, METRIC.label, this.#descriptor.name, state);
      this.#value(METRIC.gauge, enabled[index] ? 1 : 0);
      this.#close(metric, point);
    }
  }

  end(): void {
    this.#closeFamily();
  }

  /** Servers skip families without metrics, and other readers fail on them. */
  #closeFamily(): void {
    if (this.#family === undefined) return;
    const { unit } = this.#descriptor;
    if (this.#isEmpty) {
      this.#writer.drop(this.#family);
    } else {
      if (unit) writeString(this.#writer, FAMILY.unit, unit);
      this.#writer.close(this.#family);
    }
    this.#family = undefined;
  }

  /** Begins a metric with these labels. */
  #open({ names, values }: LabelSet): number {
    const writer = this.#writer;
    writer.byte(FAMILY.metric);
    const metric = writer.open();
    if (names !== this.#names) this.#useLabels(names);
    for (let index = 0; index < names.length; index++) {
      const nameField = this.#nameFields[index]!;
      const value = plainFragment(values[index]!);
      writer.byte(METRIC.label);
      writer.varint(nameField.length + bytesOfVarint(value.length) + value.length);
      writer.fragment(nameField);
      writer.varint(value.length);
      writer.fragment(value);
    }
    return metric;
  }

  #close(metric: number, { timestamp }: Point): void {
    const milliseconds = timestamp === undefined ? undefined : millisecondsOf(timestamp);
    if (milliseconds !== undefined) {
      this.#writer.byte(METRIC.timestampMs);
      this.#writer.varint(milliseconds);
    }
    this.#writer.close(metric);
    this.#isEmpty = false;
  }

  /** A Gauge or an Untyped message: just the value. */
  #value(key: number, value: number): void {
    const writer = this.#writer;
    writer.byte(key);
    writer.byte(9);
    writer.byte(COUNTER.value);
    writer.double(value);
  }

  /** Each name's field, and the key of the value that follows it. */
  #useLabels(names: readonly string[]): void {
    this.#names = names;
    this.#nameFields = names.map((name) => {
      const field = new ByteWriter(64);
      writeString(field, LABEL_PAIR.name, name);
      field.byte(LABEL_PAIR.value);
      return this.#pool.ofBytes(field.take());
    });
  }
}
