import { NumberColumn } from '../../../metrics/series/column.ts';
import { BoundSeries } from '../series/bound-series.ts';
import { isObject, type LabelObject, NO_LABELS } from '../series/label-arguments.ts';
import type { SeriesRows } from '../series/series-rows.ts';
import type { RowLines } from '../text/row-lines.ts';
import type { MetricValue } from '../text/samples.ts';
import { Metric, type MetricObject } from './metric.ts';
import { bothLabels, startTimer } from './timer.ts';
import { notNumber } from './values.ts';

/** One series of a gauge. Its methods do not need `this`. */
export interface GaugeChild {
  inc(value?: unknown): void;
  dec(value?: unknown): void;
  set(value: unknown): void;
  setToCurrentTime(): void;
  startTimer(): (labels?: LabelObject) => number;
}

export class Gauge extends Metric {
  readonly #rows: SeriesRows;
  readonly #values = new NumberColumn(1);
  readonly #setShowsLabels: boolean;

  constructor(config: unknown) {
    super('gauge', config);
    this.#rows = this.rows;
    this.#rows.table.addColumn(this.#values);
    this.#setShowsLabels = this.dialect.setShowsLabels;
    if (!this.#rows.hasLabels) this.#rows.bareRow();
    this.register();
  }

  set(first: unknown, second?: unknown): void {
    const hasLabels = isObject(first);
    const value = hasLabels ? second : first;
    if (typeof value !== 'number') throw notNumber(value);
    const labels = hasLabels ? first : NO_LABELS;
    const row = this.#rowOf(labels);
    if (this.#setShowsLabels) this.#rows.show(row, labels);
    this.#values.data[row] = value;
  }

  inc(first?: unknown, second?: unknown): void {
    if (isObject(first)) this.#add(first, second, 1);
    else this.#add(NO_LABELS, first, 1);
  }

  dec(first?: unknown, second?: unknown): void {
    if (isObject(first)) this.#add(first, second, -1);
    else this.#add(NO_LABELS, first, -1);
  }

  setToCurrentTime(labels?: unknown): void {
    const now = Date.now() / 1000;
    if (labels === undefined) this.set(now);
    else this.set(labels, now);
  }

  startTimer(labels?: unknown): (labels?: LabelObject) => number {
    return startTimer((seconds, endLabels?: LabelObject) => this.set(bothLabels(labels, endLabels), seconds));
  }

  reset(): void {
    this.#rows.clear();
    if (!this.#rows.hasLabels) this.#rows.bareRow();
  }

  labels(...values: readonly unknown[]): GaugeChild {
    const series = new BoundSeries(this.#rows, values, this.labelNames);
    series.check();
    const column = this.#values;
    const { nullIsOne } = this.dialect;
    const add = (given: unknown, sign: 1 | -1) => {
      const delta = deltaOf(given, sign, nullIsOne);
      const row = series.handle.row || series.find();
      column.data[row]! += delta;
    };
    const set = (value: unknown) => {
      if (typeof value !== 'number') throw notNumber(value);
      const row = series.handle.row || series.find();
      if (this.#setShowsLabels) this.#rows.show(row, series.labels);
      column.data[row] = value;
    };
    return {
      inc: (value) => add(value, 1),
      dec: (value) => add(value, -1),
      set,
      setToCurrentTime: () => set(Date.now() / 1000),
      startTimer: () => this.startTimer(series.labels),
    };
  }

  /** Returns the value of a series, or 0 if it does not exist. */
  _getValue(labels?: unknown): number {
    const row = this.#rows.known(isObject(labels) ? labels : NO_LABELS);
    return row === 0 ? 0 : this.#values.data[row]!;
  }

  protected override shown(valuesOf: (row: number) => readonly MetricValue[]): MetricObject {
    const { help, name, type, values, aggregator } = super.shown(valuesOf);
    return { help, name, type, values, aggregator };
  }

  protected override begin(lines: RowLines): (row: number) => void {
    const template = lines.template(lines.name);
    return (row) => {
      lines.goTo(row);
      lines.line(template, this.#values.data[row]!);
    };
  }

  protected override values(row: number): readonly MetricValue[] {
    return [this.entry(row)];
  }

  protected override entry(row: number): MetricValue {
    return { value: this.#values.data[row]!, labels: this.#rows.labels(row) };
  }

  #add(labels: LabelObject, given: unknown, sign: 1 | -1): void {
    const delta = deltaOf(given, sign, this.dialect.nullIsOne);
    const row = this.#rowOf(labels);
    this.#values.data[row]! += delta;
  }

  #rowOf(labels: LabelObject): number {
    return labels === NO_LABELS ? this.#rows.bareRow() : this.#rows.row(labels, this.labelNames);
  }
}

/** The amount to add. As in prom-client, `dec()` accepts everything that converts to a number, and `inc()` only numbers. */
function deltaOf(given: unknown, sign: 1 | -1, nullIsOne: boolean): number {
  if (given === undefined || (given === null && nullIsOne)) return sign;
  if (typeof given === 'number') return sign * given;
  const delta = sign < 0 && typeof given !== 'bigint' ? -Number(given) : Number.NaN;
  if (Number.isNaN(delta)) throw notNumber(given, 'Delta');
  return delta;
}
