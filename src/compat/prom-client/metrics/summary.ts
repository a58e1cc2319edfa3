import { NumberColumn, ObjectColumn } from '../../../metrics/series/column.ts';
import { quantileOf } from '../quantiles/digest.ts';
import { SlidingDigest } from '../quantiles/sliding-digest.ts';
import { BoundSeries } from '../series/bound-series.ts';
import { isObject, type LabelObject, NO_LABELS } from '../series/label-arguments.ts';
import type { SeriesRows } from '../series/series-rows.ts';
import type { RowLines } from '../text/row-lines.ts';
import type { MetricValue } from '../text/samples.ts';
import { Metric, type MetricObject } from './metric.ts';
import { bothLabels, startTimer } from './timer.ts';
import { finite } from './values.ts';

const DEFAULT_PERCENTILES: readonly number[] = [0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999];
const DEFAULT_COMPRESS_COUNT = 1000;

/** One series of a summary. Its methods do not need `this`. */
export interface SummaryChild {
  observe(value: unknown): void;
  startTimer(): (labels?: LabelObject) => number;
}

export class Summary extends Metric {
  declare percentiles: readonly number[];
  declare compressCount: number;
  declare maxAgeSeconds?: number;
  declare ageBuckets?: number;
  declare pruneAgedBuckets?: boolean;
  readonly #rows: SeriesRows;
  /** Count and sum of each series. */
  readonly #values = new NumberColumn(2);
  readonly #digests = new ObjectColumn<SlidingDigest>();

  constructor(config: unknown) {
    super('summary', config, { percentiles: DEFAULT_PERCENTILES, compressCount: DEFAULT_COMPRESS_COUNT });
    if (this.labelNames.includes('quantile')) throw new Error('quantile is a reserved label keyword');
    this.#rows = this.rows;
    this.#rows.table.addColumn(this.#values);
    this.#rows.table.addColumn(this.#digests);
    // The window of a series starts with the series.
    if (!this.#rows.hasLabels) this.#digestOf(this.#rows.bareRow());
    this.register();
  }

  /** Observes a value, in the series with the labels if there are some. */
  observe(first?: unknown, second?: unknown): void {
    const labels = isObject(first) ? first : NO_LABELS;
    this.#rows.check(labels, this.labelNames);
    const value = finite(second === undefined ? first : second);
    this.#add(this.#rows.row(labels, this.labelNames), value);
  }

  startTimer(labels?: unknown): (labels?: LabelObject) => number {
    return startTimer((seconds, endLabels?: LabelObject) => this.observe(bothLabels(labels, endLabels), seconds));
  }

  /** Sets all series back to zero. */
  reset(): void {
    for (const row of this.#rows.rows()) {
      this.#values.clear(row);
      this.#digests.data[row]?.reset();
    }
  }

  labels(...values: readonly unknown[]): SummaryChild {
    const series = new BoundSeries(this.#rows, values, this.labelNames);
    series.check();
    return {
      observe: (given) => {
        const value = finite(given);
        this.#add(series.handle.row || series.find(), value);
      },
      startTimer: () => this.startTimer(series.labels),
    };
  }

  protected override shown(valuesOf: (row: number) => readonly MetricValue[]): MetricObject {
    this.#prune();
    return super.shown(valuesOf);
  }

  protected override begin(lines: RowLines): (row: number) => void {
    this.#prune();
    const quantiles = this.percentiles.map((quantile) => lines.template(lines.name, `quantile="${quantile}",`));
    const sum = lines.template(`${lines.name}_sum`);
    const count = lines.template(`${lines.name}_count`);
    return (row) => {
      lines.goTo(row);
      const values = this.#quantiles(row);
      for (const [index, template] of quantiles.entries()) lines.line(template, values[index]!);
      lines.line(sum, this.#values.data[row * 2 + 1]!);
      lines.line(count, this.#values.data[row * 2]!);
    };
  }

  protected override values(row: number): readonly MetricValue[] {
    const labels = this.#rows.labels(row);
    const quantiles = this.#quantiles(row);
    const samples: MetricValue[] = this.percentiles.map((quantile, index) => ({
      labels: { quantile, ...labels },
      value: quantiles[index],
    }));
    samples.push({ metricName: `${this.name}_sum`, labels, value: this.#values.data[row * 2 + 1]! });
    samples.push({ metricName: `${this.name}_count`, labels, value: this.#values.data[row * 2]! });
    return samples;
  }

  protected override entry(row: number): object {
    const { data } = this.#values;
    return { labels: this.#rows.labels(row), count: data[row * 2]!, sum: data[row * 2 + 1]! };
  }

  #add(row: number, value: number): void {
    const { data } = this.#values;
    const count = data[row * 2]! + 1;
    data[row * 2] = count;
    data[row * 2 + 1]! += value;
    const digest = this.#digestOf(row);
    digest.push(value);
    if (count % this.compressCount === 0) digest.compress();
  }

  #digestOf(row: number): SlidingDigest {
    this.#digests.data[row] ??= new SlidingDigest(this.maxAgeSeconds, this.ageBuckets);
    return this.#digests.data[row];
  }

  /** The values at the percentiles, 0 where the window is empty. */
  #quantiles(row: number): number[] {
    const { centroids } = this.#digestOf(row);
    return this.percentiles.map((quantile) => quantileOf(centroids, quantile) || 0);
  }

  /** Drops series whose window is empty, if `pruneAgedBuckets` is set. */
  #prune(): void {
    if (!this.pruneAgedBuckets) return;
    const isEmpty = (row: number) => this.#digestOf(row).centroids.means.length === 0;
    this.#rows.table.removeWhere(isEmpty);
  }
}
