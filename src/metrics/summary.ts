import type { Encoder } from '../model/encoder.ts';
import type { Point, SummaryValue } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import type { MetricOptions } from './metric-options.ts';
import { type QuantileOptions, QuantileWindow, quantileOptionsOf } from './quantiles/quantile-window.ts';
import { NumberColumn, ObjectColumn } from './series/column.ts';
import type { LabelName, LabelSchema, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import type { SeriesTable } from './series/series-table.ts';
import { TimedChild, TimedMetric } from './timed-metric.ts';

export interface SummaryOptions<S extends LabelSchema = readonly []>
  extends MetricOptions<S, Summary<S>>,
    QuantileOptions {
  /** Which quantiles are shown, 0 to 1; none by default. Prefer a histogram: its quantiles can be added up. */
  readonly quantiles?: readonly number[];
}

/**
 * Count and sum of observations, and quantiles of a sliding window of time where they are asked for: within
 * `relativeError` of the true value, by DDSketch (Masson, Rim and Lee, 2019), in bounded memory.
 */
export class Summary<const S extends LabelSchema = readonly []> extends TimedMetric<S, SummaryChild> {
  protected readonly series: SummarySeries;

  constructor(options: SummaryOptions<S>) {
    super({ type: 'summary', reservedLabel: 'quantile', hasStart: true }, options);
    this.series = new SummarySeries(this.name, this.table, options);
    this.start(options);
  }

  observe(...values: WithLabels<S, [value: number]>): void;
  observe(first: Labels | number, second?: number): void {
    if (typeof first === 'object') this.series.observe(this.finder.row(first), second);
    else this.series.observe(this.onlyRow || this.row(), first);
  }

  /** This summary with some of the labels given: calls on what it returns give the others. */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Summary<Without<S, Names>> {
    // It is this summary; its labels are those that are left.
    return this.curried(labels) as unknown as Summary<Without<S, Names>>;
  }

  protected override get shape(): unknown {
    return this.series.shape;
  }

  protected override makeChild(row: number): SummaryChild {
    return new SummaryChild(this.series, row);
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.summary(point, this.series.read(row));
  }
}

/** One series of a summary. Its methods are those of `Summary`, without labels. */
export class SummaryChild extends TimedChild {
  readonly #series: SummarySeries;

  constructor(series: SummarySeries, row: number) {
    super(row);
    this.#series = series;
  }

  override observe(value: number): void {
    this.#series.observe(this.row, value);
  }
}

/** What a summary does to a row: count and sum for ever, quantiles of the window. */
class SummarySeries {
  readonly #name: string;
  readonly #table: SeriesTable;
  readonly #values: NumberColumn;
  readonly #quantiles: readonly number[];
  readonly #options: ReturnType<typeof quantileOptionsOf>;
  readonly #windows: ObjectColumn<QuantileWindow> | undefined;

  constructor(name: string, table: SeriesTable, options: QuantileOptions & { readonly quantiles?: readonly number[] }) {
    this.#name = name;
    this.#table = table;
    this.#quantiles = quantilesOf(options.quantiles ?? [], name);
    this.#options = quantileOptionsOf(options, name);
    this.#values = table.addColumn(new NumberColumn(2));
    this.#windows = this.#quantiles.length > 0 ? table.addColumn(new ObjectColumn<QuantileWindow>()) : undefined;
  }

  get shape(): unknown {
    return [this.#quantiles, this.#options];
  }

  observe(row: number, value: number | undefined): void {
    if (typeof value !== 'number') throw new TypeError(`${this.#name}: observe() takes a number, not ${typeof value}.`);
    const { data } = this.#values;
    data[row * 2]! += 1;
    data[row * 2 + 1]! += value;
    this.#table.touch(row);
    if (this.#windows !== undefined) this.#windowOf(row, this.#windows).observe(value, this.#now());
  }

  read(row: number): SummaryValue {
    const window = this.#windows?.data[row];
    const now = this.#now();
    return {
      count: this.#values.data[row * 2] ?? 0,
      sum: this.#values.data[row * 2 + 1] ?? 0,
      quantiles: this.#quantiles.map((quantile) => ({
        quantile,
        value: window?.quantile(quantile, now) ?? Number.NaN,
      })),
    };
  }

  #windowOf(row: number, windows: ObjectColumn<QuantileWindow>): QuantileWindow {
    const known = windows.data[row];
    if (known !== undefined) return known;
    const window = new QuantileWindow(this.#options, this.#now());
    windows.data[row] = window;
    return window;
  }

  /** A window without end needs no clock, and that takes longer than all else. */
  #now(): number {
    return this.#options.maxAgeMs === Number.POSITIVE_INFINITY ? 0 : performance.now();
  }
}

/** A copy, checked and sorted. */
function quantilesOf(quantiles: readonly number[], metricName: string): readonly number[] {
  const seen = new Set<number>();
  for (const quantile of quantiles) {
    if (typeof quantile !== 'number')
      throw new TypeError(`${metricName}: a quantile is a number, not ${typeof quantile}.`);
    if (!(quantile >= 0 && quantile <= 1) || seen.has(quantile)) {
      throw new RangeError(`${metricName}: quantiles are different numbers from 0 to 1; ${quantile} is not.`);
    }
    seen.add(quantile);
  }
  return [...quantiles].sort((a, b) => a - b);
}
