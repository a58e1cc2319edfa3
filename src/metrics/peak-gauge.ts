import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import { Metric } from './metric.ts';
import type { MetricOptions } from './metric-options.ts';
import { PeakWindow } from './quantiles/peak-window.ts';
import { type WindowOptions, windowOptionsOf } from './quantiles/sliding-window.ts';
import { ObjectColumn } from './series/column.ts';
import type { LabelName, LabelSchema, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import type { Handle, SeriesTable } from './series/series-table.ts';

export interface PeakGaugeOptions<S extends LabelSchema = readonly []>
  extends MetricOptions<S, PeakGauge<S>>,
    WindowOptions {}

/** The largest value of the last while, ten minutes by default. Any number of scrapers see the same; NaN at rest. */
export class PeakGauge<const S extends LabelSchema = readonly []> extends Metric<S, PeakGaugeChild> {
  protected readonly series: PeakSeries;

  constructor(options: PeakGaugeOptions<S>) {
    super({ type: 'gauge' }, options);
    this.series = new PeakSeries(this.name, this.table, options);
    this.start(options);
  }

  observe(...values: WithLabels<S, [value: number]>): void;
  observe(first: Labels | number, second?: number): void {
    if (typeof first === 'object') this.series.observe(this.finder.row(first), second);
    else this.series.observe(this.onlyRow || this.row(), first);
  }

  /** This gauge with some of the labels given: calls on what it returns give the others. */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): PeakGauge<Without<S, Names>> {
    // It is this gauge; its labels are those that are left.
    return this.curried(labels) as unknown as PeakGauge<Without<S, Names>>;
  }

  protected override get shape(): unknown {
    return ['peak', this.series.options];
  }

  protected override makeChild(row: number): PeakGaugeChild {
    return new PeakGaugeChild(this.series, row);
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.gauge(point, this.series.max(row));
  }
}

/** One series of a peak gauge. */
export class PeakGaugeChild implements Handle {
  row: number;
  readonly #series: PeakSeries;

  constructor(series: PeakSeries, row: number) {
    this.row = row;
    this.#series = series;
  }

  observe(value: number): void {
    this.#series.observe(this.row, value);
  }
}

/** What a peak gauge does to a row. */
class PeakSeries {
  readonly options: ReturnType<typeof windowOptionsOf>;
  readonly #windows: ObjectColumn<PeakWindow>;
  readonly #name: string;
  readonly #table: SeriesTable;

  constructor(name: string, table: SeriesTable, options: WindowOptions) {
    this.options = windowOptionsOf(options, name);
    this.#windows = table.addColumn(new ObjectColumn<PeakWindow>());
    this.#name = name;
    this.#table = table;
  }

  observe(row: number, value: number | undefined): void {
    if (typeof value !== 'number') throw new TypeError(`Gauge ${this.#name} takes a number, not ${typeof value}.`);
    const now = performance.now();
    const window = this.#windows.data[row] ?? new PeakWindow(this.options, now);
    this.#windows.data[row] = window;
    window.observe(value, now);
    this.#table.touch(row);
  }

  max(row: number): number {
    return this.#windows.data[row]?.max(performance.now()) ?? Number.NaN;
  }
}
