import { NumberColumn, ObjectColumn } from '../../../metrics/series/column.ts';
import type { LabelIndex } from '../../../metrics/series/label-index.ts';
import { thrownText } from '../../../model/thrown.ts';
import { BoundSeries } from '../series/bound-series.ts';
import { isObject, type LabelObject, NO_LABELS } from '../series/label-arguments.ts';
import type { IndexLabels, SeriesRows } from '../series/series-rows.ts';
import type { RowLines } from '../text/row-lines.ts';
import type { Exemplar, MetricValue } from '../text/samples.ts';
import { type ExemplarCall, exemplarCallOf, exemplarOf } from './exemplars.ts';
import { Metric, type MetricObject } from './metric.ts';
import { notNumber } from './values.ts';

/** One series of a counter. Its methods do not need `this`. */
export interface CounterChild {
  inc(value?: unknown): void;
}

export class Counter extends Metric {
  readonly #rows: SeriesRows;
  readonly #index: LabelIndex;
  readonly #values = new NumberColumn(1);
  readonly #exemplars: ObjectColumn<Exemplar> | undefined;

  constructor(config: unknown) {
    super('counter', config);
    this.#rows = this.rows;
    this.#index = this.#rows.index;
    this.#rows.table.addColumn(this.#values);
    this.#exemplars = this.enableExemplars ? this.#rows.table.addColumn(new ObjectColumn<Exemplar>()) : undefined;
    if (!this.#rows.hasLabels) this.#rows.bareRow();
    this.register();
  }

  /** Adds 1 or a number, to the series with the labels if there are some. */
  inc(first?: unknown, second?: unknown): void {
    // Fast path: an existing series, a valid number, no exemplars.
    if (this.#exemplars === undefined) {
      const hasLabels = typeof first === 'object' && first !== null;
      const row = hasLabels ? this.#index.find(first as IndexLabels) : this.#rows.bare.row;
      const value = hasLabels ? second : first;
      if (row !== 0 && value === undefined) {
        this.#values.data[row]! += 1;
        return;
      }
      if (row !== 0 && typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY) {
        this.#values.data[row]! += value;
        return;
      }
    }
    this.#inc(first, second);
  }

  reset(): void {
    this.#rows.clear();
    if (!this.#rows.hasLabels) this.#rows.bareRow();
  }

  labels(...values: readonly unknown[]): CounterChild {
    const series = new BoundSeries(this.#rows, values, this.labelNames);
    const column = this.#values;
    const isPlain = this.#exemplars === undefined;
    return {
      inc: (value) => {
        const { row } = series.handle;
        if (value === undefined && row !== 0 && isPlain) column.data[row]! += 1;
        else this.#incSeries(series, value);
      },
    };
  }

  protected override shown(valuesOf: (row: number) => readonly MetricValue[]): MetricObject {
    const { help, name, type, values, aggregator } = super.shown(valuesOf);
    return { help, name, type, values, aggregator };
  }

  protected override begin(lines: RowLines): (row: number) => void {
    const template = lines.template(lines.name);
    return (row) => {
      lines.goTo(row);
      lines.line(template, this.#values.data[row]!, this.#exemplars?.data[row]);
    };
  }

  protected override values(row: number): readonly MetricValue[] {
    return [this.entry(row)];
  }

  protected override entry(row: number): MetricValue {
    const value = { value: this.#values.data[row]!, labels: this.#rows.labels(row) };
    const exemplar = this.#exemplars?.data[row];
    return exemplar === undefined ? value : { ...value, exemplar: { ...exemplar } };
  }

  #inc(first: unknown, second: unknown): void {
    const call = this.#callOf(first, second);
    this.#contained(call.isPlain, () => {
      const labels = isObject(call.labels) ? call.labels : NO_LABELS;
      this.#rows.check(labels, this.labelNames);
      const amount = this.#amountOf(isObject(call.labels) ? call.value : call.labels);
      if (amount !== undefined) this.#add(this.#rows.row(labels, this.labelNames), amount, call.exemplarLabels);
    });
  }

  #incSeries(series: BoundSeries, given: unknown): void {
    const call = isObject(given) ? this.#callOf(given, undefined) : this.#callOf(NO_LABELS, given);
    this.#contained(true, () => {
      series.check();
      const amount = this.#amountOf(call.isPlain ? given : call.value);
      if (amount !== undefined) this.#add(series.find(), amount, call.exemplarLabels);
    });
  }

  #callOf(first: unknown, second: unknown): ExemplarCall {
    if (this.#exemplars !== undefined) return exemplarCallOf(first, second);
    return { labels: first, value: second, exemplarLabels: undefined, isPlain: true };
  }

  /** Calls a function. Ignores its errors if prom-client, with exemplars, would add 1 whatever the arguments are. */
  #contained(isIgnoredByPromClient: boolean, call: () => void): void {
    if (this.#exemplars === undefined || !isIgnoredByPromClient) {
      call();
      return;
    }
    try {
      call();
    } catch (error) {
      this.ignore(`an invalid argument of inc() (${thrownText(error)})`);
    }
  }

  #add(row: number, amount: number, exemplarLabels: LabelObject | undefined): void {
    this.#values.data[row]! += amount;
    // The value counts even if the exemplar is invalid.
    if (this.#exemplars !== undefined && exemplarLabels !== undefined) {
      this.#exemplars.data[row] = exemplarOf(exemplarLabels, amount);
    }
  }

  /** The amount to add; undefined for values that prom-client accepts and that would corrupt the counter. */
  #amountOf(value: unknown): number | undefined {
    if (value === undefined || value === null) return 1;
    if (typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
    if (value && !Number.isFinite(value)) throw notNumber(value);
    if (typeof value === 'number' && value < 0) throw new Error('It is not possible to decrease a counter');
    this.ignore(`inc(${typeof value === 'string' ? JSON.stringify(value) : String(value)})`);
    return undefined;
  }
}
