import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import type { OptionNames } from '../model/option-names.ts';
import { Metric } from './metric.ts';
import type { Details, MetricShape } from './metric-definition.ts';
import { METRIC_OPTIONS, type MetricOptions } from './metric-options.ts';
import { PeakWindow } from './quantiles/peak-window.ts';
import { type WindowOptions, type WindowSettings, windowOptionsOf } from './quantiles/sliding-window.ts';
import { ObjectColumn } from './series/column.ts';
import type { LabelName, LabelSchema, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import type { Handle, SeriesTable } from './series/series-table.ts';

/** Options of a {@link PeakGauge}. */
export interface PeakGaugeOptions<S extends LabelSchema = readonly []>
  extends MetricOptions<S, PeakGauge<S>>,
    WindowOptions {
  /**
   * How `collectWorkers()` shows the gauge if several workers have it: each peak with a label `worker`, or `max` for the
   * largest.
   *
   * @defaultValue `'perWorker'`
   */
  readonly acrossWorkers?: 'perWorker' | 'max';
}

const PEAK_GAUGE_OPTIONS: OptionNames<PeakGaugeOptions> = {
  ...METRIC_OPTIONS,
  acrossWorkers: true,
  maxAgeMs: true,
  ageBuckets: true,
};

/**
 * The largest value observed within a sliding time window, ten minutes by default. It is NaN if nothing was observed. A
 * scrape does not reset it, so all scrapers see the same value.
 *
 * @example
 * ```ts
 * import { PeakGauge } from 'zeroprom';
 *
 * const longest = new PeakGauge({ name: 'queue_length_peak', help: 'Largest queue length.', maxAgeMs: 60_000 });
 * longest.observe(17);
 * ```
 */
export class PeakGauge<const S extends LabelSchema = readonly []> extends Metric<S, PeakGaugeChild> {
  /** @internal */
  protected readonly series: PeakSeries;

  /**
   * Creates the gauge and registers it, unless `registry` is `null`.
   *
   * @throws {TypeError | RangeError} if an option is invalid.
   * @throws {Error} if the registry has a metric with a conflicting name.
   */
  constructor(options: PeakGaugeOptions<S>) {
    super({ type: 'gauge', optionNames: PEAK_GAUGE_OPTIONS, acrossWorkers: options?.acrossWorkers }, options);
    this.series = new PeakSeries(this.name, this.table, options);
    this.start(options);
  }

  /**
   * Observes a value, which becomes the peak if it is larger: `observe(value)`, or with labels `observe(labels,
   * value)`. Ignores NaN.
   *
   * @throws {TypeError} if `value` is not a number, or the labels are not those of the gauge.
   */
  observe(...values: WithLabels<S, [value: number]>): void;
  observe(first: Labels | number, second?: number): void {
    if (typeof first === 'object') this.series.observe(this.finder.row(first), second);
    else this.series.observe(this.onlyRow || this.row(), first);
  }

  /**
   * Returns this gauge with some of its labels bound. Calls on the result give only the others.
   *
   * @throws {TypeError | RangeError} if the gauge does not have such labels or values, or they are bound already.
   */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): PeakGauge<Without<S, Names>> {
    // The result is this gauge, seen with the remaining labels.
    return this.curried(labels) as unknown as PeakGauge<Without<S, Names>>;
  }

  /** @internal */
  protected override get shape(): MetricShape {
    return { isPeak: true, ...this.series.options };
  }

  /** @internal */
  protected override get details(): Details {
    return this.series;
  }

  /** @internal */
  protected override makeChild(row: number): PeakGaugeChild {
    return new PeakGaugeChild(this.series, row);
  }

  /** @internal */
  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.gauge(point, this.series.max(row));
  }
}

/**
 * One series of a {@link PeakGauge}, as `labels()` returns it.
 *
 * @example
 * ```ts
 * import { PeakGauge } from 'zeroprom';
 *
 * const peak = new PeakGauge({ name: 'queue_peak', help: 'Largest length.', labelNames: ['queue'] });
 * const mails = peak.labels('mail');
 * mails.observe(17);
 * ```
 */
export class PeakGaugeChild implements Handle {
  /** @internal */
  row: number;
  readonly #series: PeakSeries;

  /** @internal */
  constructor(series: PeakSeries, row: number) {
    this.row = row;
    this.#series = series;
  }

  /**
   * Observes a value, which becomes the peak if it is larger. Ignores NaN.
   *
   * @throws {TypeError} if `value` is not a number.
   */
  observe(value: number): void {
    this.#series.observe(this.row, value);
  }
}

/** The series of a peak gauge and the operations on them. */
class PeakSeries implements Details {
  readonly options: WindowSettings;
  readonly #windows: ObjectColumn<PeakWindow>;
  /** By row: peaks of a gauge in another thread. */
  #followed: readonly (number | undefined)[] = [];
  readonly #name: string;
  readonly #table: SeriesTable;

  constructor(name: string, table: SeriesTable, options: WindowOptions) {
    this.options = windowOptionsOf(options, name);
    this.#windows = table.addColumn(new ObjectColumn<PeakWindow>());
    this.#name = name;
    this.#table = table;
  }

  observe(row: number, value: number | undefined): void {
    if (typeof value !== 'number') throw new TypeError(`Gauge ${this.#name} takes a number, got ${typeof value}.`);
    const now = performance.now();
    const window = this.#windows.data[row] ?? new PeakWindow(this.options, now);
    this.#windows.data[row] = window;
    window.observe(value, now);
    this.#table.touch(row);
  }

  max(row: number): number {
    return this.#followed[row] ?? this.#windows.data[row]?.max(performance.now()) ?? Number.NaN;
  }

  get hasDetails(): boolean {
    return true;
  }

  detailOf(row: number): number {
    return this.max(row);
  }

  followDetails(byRow: readonly unknown[]): void {
    this.#followed = byRow as readonly number[]; // From detailOf() of another thread.
  }
}
