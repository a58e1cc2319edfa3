import type { Descriptor, Exemplar, HistogramValue, MetricType, Point, SummaryValue } from '../../model/family.ts';
import { goFloat } from '../../model/float-layout.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { millisecondsOf } from '../bytes/number-text.ts';
import { LineEncoder } from './line-encoder.ts';

/** Types of the text format 0.0.4 for the types of the model. */
const TYPE_NAMES: { readonly [T in MetricType]: string } = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  gaugehistogram: 'histogram',
  summary: 'summary',
  info: 'gauge',
  stateset: 'gauge',
  unknown: 'untyped',
};

/** Prometheus text format 0.0.4, and 1.0.0, which quotes names if necessary. */
export class TextFormatEncoder extends LineEncoder {
  #bucket = this.plain;
  #sum = this.plain;
  #count = this.plain;

  constructor(writer: ByteWriter) {
    super(writer, goFloat);
  }

  override family({ name, help, type }: Descriptor): void {
    this.begin(name);
    const typeName = TYPE_NAMES[type];
    if (typeName === 'histogram') this.#bucket = this.sampleName(`${name}_bucket`);
    if (typeName === 'histogram' || typeName === 'summary') {
      this.#sum = this.sampleName(`${name}_sum`);
      this.#count = this.sampleName(`${name}_count`);
    }
    // Unlike in OpenMetrics, quotes are not escaped.
    this.help(name, help, (text) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'));
    this.comment('TYPE', name, typeName);
  }

  override counter(point: Point, value: number): void {
    this.sample(this.plain, point, value);
  }

  /** This format supports only classic buckets: of a native histogram without them it shows the bucket up to +Inf. */
  override histogram(point: Point, value: HistogramValue): void {
    this.buckets(this.#bucket, point, value);
    this.#total(point, value);
  }

  override summary(point: Point, value: SummaryValue): void {
    this.quantiles(point, value);
    this.#total(point, value);
  }

  #total(point: Point, { sum, count, hasSum, hasCount }: HistogramValue | SummaryValue): void {
    if (hasSum !== false) this.sample(this.#sum, point, sum);
    if (hasCount !== false) this.count(this.#count, point, count);
  }

  override end(): void {}

  protected override timestamp(seconds: number): void {
    const milliseconds = millisecondsOf(seconds);
    if (milliseconds !== undefined) this.writer.ascii(` ${milliseconds}`);
  }

  /** This format has no exemplars. */
  protected override exemplar(_exemplar: Exemplar): void {}
}
