import { BucketFinder } from '../../../metrics/buckets/bucket-finder.ts';
import { defaultBuckets } from '../../../metrics/buckets/buckets.ts';
import { NumberColumn, ObjectColumn } from '../../../metrics/series/column.ts';
import type { LabelIndex } from '../../../metrics/series/label-index.ts';
import { BoundSeries } from '../series/bound-series.ts';
import { isObject, type LabelObject, NO_LABELS } from '../series/label-arguments.ts';
import type { IndexLabels, SeriesRows } from '../series/series-rows.ts';
import type { RowLines } from '../text/row-lines.ts';
import { ENCODE, type MetricEncoder } from '../text/row-lines.ts';
import type { Exemplar, MetricValue } from '../text/samples.ts';
import { exemplarCallOf, exemplarOf } from './exemplars.ts';
import { Metric, type MetricObject } from './metric.ts';
import { bothLabels, startTimer } from './timer.ts';
import { upperBoundsOf } from './upper-bounds.ts';
import { finite } from './values.ts';

/** Exemplars of a series by bucket, the last one up to +Inf. */
type BucketExemplars = (Exemplar | undefined)[];

/** Stops a timer and observes the seconds. */
type EndTimer = (labels?: LabelObject, exemplarLabels?: LabelObject) => number;

/** One series of a histogram. Its methods do not need `this`. */
export interface HistogramChild {
  observe(value: unknown, exemplarLabels?: LabelObject): void;
  startTimer(exemplarLabels?: LabelObject): EndTimer;
}

export class Histogram extends Metric {
  declare buckets: readonly number[];
  readonly upperBounds: readonly number[];
  /** A zero for each bound. */
  readonly bucketValues: Readonly<Record<string, number>>;
  readonly #rows: SeriesRows;
  readonly #index: LabelIndex;
  readonly #finder: BucketFinder;
  /** For each series, the counts of its buckets, with +Inf last, and the sum of the observed values. */
  readonly #values: NumberColumn;
  readonly #exemplars: ObjectColumn<BucketExemplars> | undefined;

  constructor(config: unknown) {
    super('histogram', config, { buckets: defaultBuckets });
    if (this.labelNames.includes('le')) throw new Error('le is a reserved label keyword');
    const upperBounds = upperBoundsOf(this.buckets);
    this.buckets = upperBounds;
    this.upperBounds = upperBounds;
    this.bucketValues = Object.freeze(Object.fromEntries(upperBounds.map((bound) => [bound, 0])));
    this.#rows = this.rows;
    this.#index = this.#rows.index;
    this.#finder = new BucketFinder(upperBounds);
    this.#values = this.#rows.table.addColumn(new NumberColumn(upperBounds.length + 2));
    this.#exemplars = this.enableExemplars
      ? this.#rows.table.addColumn(new ObjectColumn<BucketExemplars>())
      : undefined;
    if (!this.#rows.hasLabels) this.#rows.bareRow();
    this.register();
  }

  override get [ENCODE](): MetricEncoder | undefined {
    return this.getForPromString === Histogram.prototype.getForPromString ? super[ENCODE] : undefined;
  }

  /** Counts a value, in the series with the labels if there are some. */
  observe(first?: unknown, second?: unknown): void {
    // Fast path: an existing series, a finite number, no exemplars.
    if (this.#exemplars === undefined) {
      const hasLabels = typeof first === 'object' && first !== null;
      const row = hasLabels ? this.#index.find(first as IndexLabels) : this.#rows.bare.row;
      const value = hasLabels ? second : first;
      if (row !== 0 && typeof value === 'number' && value - value === 0) {
        this.#add(row, value);
        return;
      }
    }
    this.#observe(first, second);
  }

  /** Creates the series with these labels, or sets it back to zero. */
  zero(labels?: unknown): void {
    const given = isObject(labels) ? labels : NO_LABELS;
    const row = this.#rows.make(given);
    this.#rows.show(row, given);
    this.#values.clear(row);
    this.#exemplars?.clear(row);
  }

  startTimer(labels?: unknown, exemplarLabels?: unknown): EndTimer {
    return startTimer((seconds, endLabels?: LabelObject, endExemplarLabels?: LabelObject) => {
      const all = bothLabels(labels, endLabels);
      if (this.#exemplars === undefined) this.observe(all, seconds);
      else this.observe({ labels: all, value: seconds, exemplarLabels: bothLabels(exemplarLabels, endExemplarLabels) });
    });
  }

  /** Drops all series, including the one without labels. */
  reset(): void {
    this.#rows.clear();
  }

  labels(...values: readonly unknown[]): HistogramChild {
    const series = new BoundSeries(this.#rows, values, this.labelNames);
    series.check();
    return {
      observe: (given, exemplarLabels) => {
        const value = finite(given);
        const row = series.handle.row || series.find();
        this.#add(row, value);
        if (isObject(exemplarLabels)) this.#exemplify(row, value, exemplarLabels);
      },
      startTimer: (exemplarLabels) => this.startTimer(series.labels, exemplarLabels),
    };
  }

  /** As `get()`, with the labels of the series in `sharedLabels`. */
  async getForPromString(): Promise<MetricObject> {
    await this.updated();
    return this.shown((row) => this.values(row));
  }

  protected override begin(lines: RowLines): (row: number) => void {
    const { upperBounds } = this;
    const bounds = [...upperBounds, '+Inf'];
    const buckets = bounds.map((bound) => lines.templateWithDefaultsFirst(`${lines.name}_bucket`, `le="${bound}",`));
    const sum = lines.templateWithDefaultsFirst(`${lines.name}_sum`);
    const count = lines.templateWithDefaultsFirst(`${lines.name}_count`);
    return (row) => {
      const { data, width } = this.#values;
      const exemplars = this.#exemplars?.data[row];
      const start = row * width;
      lines.goTo(row);
      let cumulative = 0;
      for (let index = 0; index < buckets.length; index++) {
        cumulative += data[start + index]!;
        lines.line(buckets[index]!, cumulative, exemplars?.[index]);
      }
      lines.line(sum, data[start + width - 1]!);
      lines.line(count, cumulative);
    };
  }

  protected override values(row: number): readonly MetricValue[] {
    const { data, width } = this.#values;
    const start = row * width;
    const sharedLabels = this.#rows.labels(row);
    const sample = (labels: LabelObject, value: number, suffix: string, exemplar: unknown): MetricValue => {
      return { labels, sharedLabels, value, metricName: `${this.name}_${suffix}`, exemplar };
    };
    let cumulative = 0;
    const samples = [...this.upperBounds, '+Inf'].map((le, index) => {
      cumulative += data[start + index]!;
      // Without an exemplar, prom-client shows null, but undefined in the last bucket of metrics with exemplars.
      const none = this.#exemplars !== undefined && le === '+Inf' ? undefined : null;
      const exemplar = this.#exemplars?.data[row]?.[index];
      return sample({ le }, cumulative, 'bucket', exemplar ? { ...exemplar } : none);
    });
    samples.push(sample({}, data[start + width - 1]!, 'sum', undefined), sample({}, cumulative, 'count', undefined));
    return samples;
  }

  protected override jsonValues(row: number): readonly MetricValue[] {
    // Each property by its name: with rest properties, this takes three times as long.
    return this.values(row).map(({ labels, sharedLabels, value, metricName = this.name, exemplar }) => {
      return { value, metricName, exemplar, labels: { ...labels, ...sharedLabels } };
    });
  }

  protected override entry(row: number): object {
    const { data, width } = this.#values;
    const counts = data.subarray(row * width, (row + 1) * width - 1);
    const bucketValues = Object.fromEntries(this.upperBounds.map((bound, index) => [bound, counts[index]!]));
    const count = counts.reduce((sum, value) => sum + value, 0);
    return { labels: this.#rows.labels(row), bucketValues, sum: data[(row + 1) * width - 1]!, count };
  }

  #observe(first: unknown, second: unknown): void {
    const isExemplar = this.#exemplars !== undefined;
    const {
      labels: given,
      value: rest,
      exemplarLabels,
    } = isExemplar ? exemplarCallOf(first, second) : { labels: first, value: second, exemplarLabels: undefined };
    const labels = isObject(given) ? given : NO_LABELS;
    this.#rows.check(labels, this.labelNames);
    // An argument that is neither labels nor a value is ignored, as in `observe(undefined, 5)`.
    const isValue = !isObject(given) && (given || given === 0);
    const value = finite(isValue ? given : rest);
    const row = this.#rows.row(labels, this.labelNames);
    this.#add(row, value);
    if (exemplarLabels !== undefined) this.#exemplify(row, value, exemplarLabels);
  }

  #add(row: number, value: number): void {
    const { data, width } = this.#values;
    const start = row * width;
    data[start + this.#finder.find(value)]! += 1;
    data[start + width - 1]! += value;
  }

  #exemplify(row: number, value: number, labels: LabelObject): void {
    if (this.#exemplars === undefined || Object.keys(labels).length === 0) return;
    const exemplars = this.#exemplars.data[row] ?? [];
    exemplars[this.#finder.find(value)] = exemplarOf(labels, value);
    this.#exemplars.data[row] = exemplars;
  }
}
