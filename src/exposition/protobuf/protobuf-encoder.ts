import type { Descriptor, Exemplar, HistogramValue, Point, StateSetValue, SummaryValue } from '../../model/family.ts';
import type { LabelSet, NumberRows } from '../../model/label-set.ts';
import { openMetricsName } from '../../model/sample-names.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { EncodedLabels, labelEncoding } from '../bytes/encoded-labels.ts';
import { millisecondsOf } from '../bytes/number-text.ts';
import type { EncoderOptions, FormatEncoder, OmissionListener } from '../encoding/format.ts';
import { suffixUnit } from '../encoding/shown-unit.ts';
import { writeHistogram } from './histogram-writer.ts';
import { MeasuredRows } from './measured-rows.ts';
import { COUNTER, FAMILY, HISTOGRAM, METRIC, TYPE_NUMBERS } from './message-fields.ts';
import {
  stringLength,
  TimestampField,
  writeExemplar,
  writeLabelPair,
  writePadding,
  writeString,
} from './message-writer.ts';
import { type NumberMessages, numbersLength, writeNumbers } from './number-rows.ts';
import { writeSummary } from './summary-writer.ts';
import { WholeHistogram } from './whole-histogram.ts';

/** Number of bytes of the lengths of nearly all histograms. */
const LENGTH_BYTES = 2;
/** Labels of metrics as LabelPair fields. */
const LABEL_PAIRS = labelEncoding((writer, name, value) => writeLabelPair(writer, METRIC.label, name, value));

/**
 * PrometheusProto: length-prefixed io.prometheus.client.MetricFamily messages. A family is one message, whose length
 * comes first: rows of numbers are measured before they are written; other long families are set aside until their end.
 */
export class ProtobufEncoder implements FormatEncoder {
  readonly #writer: ByteWriter;
  readonly #labels = new EncodedLabels(LABEL_PAIRS);
  readonly #whole = new WholeHistogram();
  readonly #histogramStart = new TimestampField(HISTOGRAM.startTimestamp);
  readonly #counterStart = new TimestampField(COUNTER.startTimestamp);
  /** Position of the first metric of the family; undefined before the first family. */
  #firstMetric: number | undefined = undefined;
  /** The rows of the family, if they were measured. */
  #measured = new MeasuredRows();
  /** Position of the end of the metrics, if the length of the family was written before them. */
  #end: number | undefined = undefined;
  #isGauge = false;
  #descriptor: Descriptor = { name: '', help: '', type: 'unknown' };
  #unit: string | undefined;
  #listener: OmissionListener;

  constructor(writer: ByteWriter, options: EncoderOptions = {}) {
    this.#writer = writer;
    this.#listener = options;
  }

  family(descriptor: Descriptor): void {
    const { name, help, type, unit } = descriptor;
    const writer = this.#writer;
    this.#closeFamily();
    this.#labels.begin();
    this.#measured = new MeasuredRows();
    this.#end = undefined;
    this.#descriptor = descriptor;
    // State sets are written as gauges.
    this.#unit = suffixUnit(
      openMetricsName(descriptor) ?? name,
      type === 'stateset' ? 'gauge' : type,
      unit,
      this.#listener,
    );
    this.#isGauge = type === 'gaugehistogram';
    writer.openMessage();
    writeString(writer, FAMILY.name, name);
    if (help !== '') writeString(writer, FAMILY.help, help);
    writer.byte(FAMILY.type);
    writer.varint(TYPE_NUMBERS[type]);
    this.#firstMetric = writer.position;
  }

  counter(point: Point, value: number, exemplar?: Exemplar): void {
    const writer = this.#writer;
    const metric = this.#open(point.labels);
    if (this.#end !== undefined) {
      this.#value(METRIC.counter, value); // It was measured without an exemplar, and perhaps with another start time.
    } else if (exemplar !== undefined) {
      const counter = writer.open(METRIC.counter);
      writer.doubleField(COUNTER.value, value);
      writeExemplar(writer, COUNTER.exemplar, exemplar);
      if (point.startTimestamp !== undefined) writer.fragment(this.#counterStart.of(point.startTimestamp));
      writer.close(counter);
    } else if (point.startTimestamp !== undefined) this.#startedCounter(value, point.startTimestamp);
    else this.#value(METRIC.counter, value);
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

  numbers(rows: NumberRows, first: number, end: number): boolean {
    const writer = this.#writer;
    writer.putAside();
    const messages = this.#messagesOf(rows);
    const { position } = writer;
    writeNumbers(writer, messages, first, end);
    if (this.#end !== undefined && writer.position - position !== this.#measured.lengthAt(first)) {
      // Rows were removed or reset meanwhile. Without start times they cannot be longer than before.
      writer.rewind(position);
      writeNumbers(writer, { ...messages, start: undefined }, first, end);
    }
    return true;
  }

  /** The length of a family is needed only if its bytes are taken in pieces. After the last rows, it is written. */
  measure(rows: NumberRows, first: number, end: number, isLast: boolean): boolean {
    const writer = this.#writer;
    if (!writer.setsAside) return false;
    this.#measured.add(first, numbersLength(this.#messagesOf(rows), first, end));
    if (isLast && this.#measured.total > 0) {
      writer.closeMessage(this.#measured.total + (this.#unit === undefined ? 0 : stringLength(this.#unit)));
      this.#end = writer.position + this.#measured.total;
    }
    return true;
  }

  #messagesOf(rows: NumberRows): NumberMessages {
    const { type } = this.#descriptor;
    const isCounter = type === 'counter';
    return {
      rows,
      labels: this.#labels.of(rows.names, rows.values),
      key: isCounter ? METRIC.counter : type === 'gauge' ? METRIC.gauge : METRIC.untyped,
      start: isCounter ? this.#counterStart : undefined,
    };
  }

  histogram(point: Point, value: HistogramValue): void {
    const startTimestamp = this.#isGauge ? undefined : point.startTimestamp;
    if (point.timestamp === undefined && this.#wholeHistogram(point.labels, value, startTimestamp)) return;
    const metric = this.#open(point.labels);
    writeHistogram(this.#writer, METRIC.histogram, value, startTimestamp);
    this.#close(metric, point);
  }

  /** Returns false, and leaves nothing behind, if the histogram has to be written field by field. */
  #wholeHistogram(
    { names, values, ids }: LabelSet,
    value: HistogramValue,
    startTimestamp: number | undefined,
  ): boolean {
    const writer = this.#writer;
    writer.putAside();
    const before = writer.position;
    const metric = writer.open(FAMILY.metric, LENGTH_BYTES);
    writer.values(this.#labels.of(names, values), ids, 0);
    const histogram = writer.open(METRIC.histogram, LENGTH_BYTES);
    const longest = this.#whole.longest(value);
    const start = writer.claim(longest);
    const end = this.#whole.write(writer.memory, start, value);
    if (end < 0) {
      writer.rewind(before);
      return false;
    }
    writer.rewind(histogram + end - start);
    if (startTimestamp !== undefined) writer.fragment(this.#histogramStart.of(startTimestamp));
    writer.close(histogram, 0, LENGTH_BYTES);
    writer.close(metric, 0, LENGTH_BYTES);
    return true;
  }

  summary(point: Point, value: SummaryValue): void {
    const metric = this.#open(point.labels);
    writeSummary(this.#writer, METRIC.summary, value, point.startTimestamp);
    this.#close(metric, point);
  }

  /** This format does not support infos: as in text, they are gauges of 1. */
  info(point: Point): void {
    this.gauge(point, 1);
  }

  /** This format does not support state sets: each state is a gauge with a label named like the family. */
  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    for (const [index, state] of states.entries()) {
      const metric = index === 0 ? this.#open(point.labels) : this.#openNext(point.labels);
      writeLabelPair(this.#writer, METRIC.label, this.#descriptor.name, state);
      this.#value(METRIC.gauge, enabled[index] ? 1 : 0);
      this.#close(metric, point);
    }
  }

  end(): void {
    this.#closeFamily();
    this.#listener = {}; // It may reference a request, and encoders are kept.
  }

  /** Servers skip families without metrics, and other readers reject them. */
  #closeFamily(): void {
    const writer = this.#writer;
    if (this.#end === undefined && writer.position === this.#firstMetric) {
      writer.dropMessage();
      return;
    }
    if (this.#end !== undefined) writePadding(writer, this.#end - writer.position);
    if (this.#unit !== undefined) writeString(writer, FAMILY.unit, this.#unit);
    writer.closeMessage();
  }

  /** Starts the metric of a point. */
  #open(labels: LabelSet): number {
    this.#writer.putAside();
    return this.#openNext(labels);
  }

  /** Starts another metric of the point. If it fails, those before it are rewound too. */
  #openNext({ names, values, ids }: LabelSet): number {
    const writer = this.#writer;
    const metric = writer.open(FAMILY.metric);
    writer.values(this.#labels.of(names, values), ids, 0);
    return metric;
  }

  #close(metric: number, { timestamp }: Point): void {
    const writer = this.#writer;
    const milliseconds = timestamp === undefined ? undefined : millisecondsOf(timestamp);
    if (milliseconds !== undefined) {
      writer.byte(METRIC.timestampMs);
      writer.varint(milliseconds);
    }
    writer.close(metric);
  }

  #startedCounter(value: number, startTimestamp: number): void {
    const writer = this.#writer;
    const start = this.#counterStart.of(startTimestamp);
    writer.byte(METRIC.counter);
    writer.byte(9 + start.length);
    writer.doubleField(COUNTER.value, value);
    writer.fragment(start);
  }

  /** Writes a Gauge, Untyped or Counter message with only a value. */
  #value(key: number, value: number): void {
    const writer = this.#writer;
    writer.byte(key);
    writer.byte(9);
    writer.doubleField(COUNTER.value, value);
  }
}
