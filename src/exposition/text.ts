import type { Descriptor, Exemplar, HistogramValue, MetricType, Point, SummaryValue } from '../model/family.ts';
import { goFloat } from './float-layout.ts';
import { LineEncoder } from './line-encoder.ts';

/** The types that the text format 0.0.4 has, for those that the model has. */
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

/** Prometheus text format 0.0.4. */
export class TextFormatEncoder extends LineEncoder {
  override family({ name, help, type }: Descriptor): void {
    this.begin(name);
    this.comment('HELP', name, help.toWellFormed().replaceAll('\\', '\\\\').replaceAll('\n', '\\n'));
    this.comment('TYPE', name, TYPE_NAMES[type]);
  }

  /** This format has no exemplars. */
  override counter(point: Point, value: number, _exemplar?: Exemplar): void {
    this.sample('', point, value);
  }

  override histogram(point: Point, { upperBounds, bucketCounts, count, sum }: HistogramValue): void {
    let cumulative = 0;
    for (const [index, upperBound] of upperBounds.entries()) {
      cumulative += bucketCounts[index] ?? 0;
      this.sample('_bucket', point, cumulative, 'le', goFloat(upperBound));
    }
    this.sample('_bucket', point, count, 'le', '+Inf');
    this.sample('_sum', point, sum);
    this.sample('_count', point, count);
  }

  override summary(point: Point, { count, sum, quantiles }: SummaryValue): void {
    for (const { quantile, value } of quantiles) this.sample('', point, value, 'quantile', goFloat(quantile));
    this.sample('_sum', point, sum);
    this.sample('_count', point, count);
  }

  override end(): void {}

  /** Milliseconds. The server's lexer knows no sign: a negative time would fail the whole scrape. */
  protected override timestamp(seconds: number): void {
    const milliseconds = Math.round(seconds * 1000);
    if (milliseconds < 0 || !Number.isSafeInteger(milliseconds)) return;
    this.writer.ascii(` ${milliseconds}`);
  }
}
