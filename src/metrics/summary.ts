import type { Encoder } from '../model/encoder.ts';
import type { Point, SummaryValue } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import type { OptionNames } from '../model/option-names.ts';
import type { Details, MetricShape } from './metric-definition.ts';
import { METRIC_OPTIONS, type MetricOptions } from './metric-options.ts';
import {
  type QuantileOptions,
  type QuantileSettings,
  QuantileWindow,
  quantileOptionsOf,
} from './quantiles/quantile-window.ts';
import { NumberColumn, ObjectColumn } from './series/column.ts';
import type { LabelName, LabelSchema, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import type { SeriesTable } from './series/series-table.ts';
import { TimedChild, TimedMetric } from './timed-metric.ts';

/** Options of a {@link Summary}. */
export interface SummaryOptions<S extends LabelSchema = readonly []>
  extends MetricOptions<S, Summary<S>>,
    QuantileOptions {
  /**
   * Quantiles to expose, each from 0 to 1. Prefer a histogram: the quantiles of several summaries cannot be aggregated.
   *
   * @defaultValue none
   */
  readonly quantiles?: readonly number[];
}

const SUMMARY_OPTIONS: OptionNames<SummaryOptions> = {
  ...METRIC_OPTIONS,
  quantiles: true,
  relativeError: true,
  maxAgeMs: true,
  ageBuckets: true,
};

/**
 * Count and sum of observations, and optionally quantiles over a sliding time window. Quantiles are within
 * `relativeError` of the true value and use bounded memory (DDSketch: Masson, Rim and Lee, 2019).
 *
 * @example
 * ```ts
 * import { Summary } from 'zeroprom';
 *
 * const sizes = new Summary({ name: 'mail_size_bytes', help: 'Size of mails in bytes.', quantiles: [0.5, 0.99] });
 * sizes.observe(1830);
 * ```
 */
export class Summary<const S extends LabelSchema = readonly []> extends TimedMetric<S, SummaryChild> {
  /** @internal */
  protected readonly series: SummarySeries;

  /**
   * Creates the summary and registers it, unless `registry` is `null`.
   *
   * @throws {TypeError | RangeError} if an option is invalid.
   * @throws {Error} if the registry has a metric with a conflicting name.
   */
  constructor(options: SummaryOptions<S>) {
    super({ type: 'summary', optionNames: SUMMARY_OPTIONS, reservedLabel: 'quantile', hasStart: true }, options);
    this.series = new SummarySeries(this.name, this.table, options);
    this.start(options);
  }

  /**
   * Counts one value: `observe(value)`, or with labels `observe(labels, value)`.
   *
   * @throws {TypeError} if `value` is not a number, or the labels are not those of the summary.
   */
  observe(...values: WithLabels<S, [value: number]>): void;
  observe(first: Labels | number, second?: number): void {
    if (typeof first === 'object') this.series.observe(this.finder.row(first), second);
    else this.series.observe(this.onlyRow || this.row(), first);
  }

  /**
   * Returns this summary with some of its labels bound. Calls on the result give only the others.
   *
   * @throws {TypeError | RangeError} if the summary does not have such labels or values, or they are bound already.
   */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Summary<Without<S, Names>> {
    // The result is this summary, seen with the remaining labels.
    return this.curried(labels) as unknown as Summary<Without<S, Names>>;
  }

  /** @internal */
  protected override get shape(): MetricShape {
    return this.series.shape;
  }

  /** @internal */
  protected override get details(): Details {
    return this.series;
  }

  /** @internal */
  protected override makeChild(row: number): SummaryChild {
    return new SummaryChild(this.series, row);
  }

  /** @internal */
  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.summary(point, this.series.read(row));
  }
}

/**
 * One series of a {@link Summary}, as `labels()` returns it.
 *
 * @example
 * ```ts
 * import { Summary } from 'zeroprom';
 *
 * const sizes = new Summary({ name: 'job_bytes', help: 'Size of jobs.', labelNames: ['queue'] });
 * const mails = sizes.labels('mail');
 * mails.observe(1830);
 * ```
 */
export class SummaryChild extends TimedChild {
  readonly #series: SummarySeries;

  /** @internal */
  constructor(series: SummarySeries, row: number) {
    super(row);
    this.#series = series;
  }

  override observe(value: number): void {
    this.#series.observe(this.row, value);
  }
}

/** The series of a summary and the operations on them: count and sum since the start, quantiles of the window. */
class SummarySeries implements Details {
  readonly #name: string;
  readonly #table: SeriesTable;
  readonly #values: NumberColumn;
  readonly #quantiles: readonly number[];
  readonly #options: QuantileSettings;
  readonly #windows: ObjectColumn<QuantileWindow> | undefined;
  /** By row: values of the quantiles of a summary in another thread. */
  #followed: readonly (readonly number[] | undefined)[] = [];

  constructor(name: string, table: SeriesTable, options: QuantileOptions & { readonly quantiles?: readonly number[] }) {
    this.#name = name;
    this.#table = table;
    this.#quantiles = quantilesOf(options.quantiles ?? [], name);
    this.#options = quantileOptionsOf(options, name);
    this.#values = table.addColumn(new NumberColumn(2));
    this.#windows = this.#quantiles.length > 0 ? table.addColumn(new ObjectColumn<QuantileWindow>()) : undefined;
  }

  get shape(): MetricShape {
    return { quantiles: this.#quantiles, ...this.#options };
  }

  get hasDetails(): boolean {
    return this.#windows !== undefined;
  }

  detailOf(row: number): readonly number[] | undefined {
    const now = this.#now();
    const window = this.#windows?.data[row];
    return window && this.#quantiles.map((quantile) => window.quantile(quantile, now));
  }

  followDetails(byRow: readonly unknown[]): void {
    this.#followed = byRow as readonly ReturnType<SummarySeries['detailOf']>[]; // From detailOf() of another thread.
  }

  observe(row: number, value: number | undefined): void {
    if (typeof value !== 'number') throw new TypeError(`${this.#name}: observe() takes a number, got ${typeof value}.`);
    const { data } = this.#values;
    data[row * 2]! += 1;
    data[row * 2 + 1]! += value;
    this.#table.touch(row);
    if (this.#windows !== undefined) this.#windowOf(row, this.#windows).observe(value, this.#now());
  }

  read(row: number): SummaryValue {
    const values = this.#followed[row] ?? this.detailOf(row);
    return {
      count: this.#values.data[row * 2] ?? 0,
      sum: this.#values.data[row * 2 + 1] ?? 0,
      quantiles: this.#quantiles.map((quantile, index) => ({ quantile, value: values?.[index] ?? Number.NaN })),
    };
  }

  #windowOf(row: number, windows: ObjectColumn<QuantileWindow>): QuantileWindow {
    const known = windows.data[row];
    if (known !== undefined) return known;
    const window = new QuantileWindow(this.#options, this.#now());
    windows.data[row] = window;
    return window;
  }

  /**
   * The current time for windows. An infinite window needs none: reading the clock would take longer than all the rest.
   */
  #now(): number {
    return this.#options.maxAgeMs === Number.POSITIVE_INFINITY ? 0 : performance.now();
  }
}

/** Checks quantiles and returns a sorted copy. */
function quantilesOf(quantiles: readonly number[], metricName: string): readonly number[] {
  const seen = new Set<number>();
  for (const quantile of quantiles) {
    if (typeof quantile !== 'number')
      throw new TypeError(`${metricName}: a quantile must be a number, got ${typeof quantile}.`);
    if (!(quantile >= 0 && quantile <= 1) || seen.has(quantile)) {
      throw new RangeError(`${metricName}: quantiles must be from 0 to 1 and unique, got ${quantile}.`);
    }
    seen.add(quantile);
  }
  return [...quantiles].sort((a, b) => a - b);
}
