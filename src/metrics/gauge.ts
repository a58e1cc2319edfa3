import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import { Metric } from './metric.ts';
import type { MetricOptions } from './metric-options.ts';
import { callThen } from './on-settled.ts';
import { NumberColumn } from './series/column.ts';
import type { LabelName, LabelSchema, LabelsOf, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import type { Handle, SeriesTable } from './series/series-table.ts';
import { startTimer, type Timer } from './timer.ts';

export interface GaugeOptions<S extends LabelSchema = readonly []> extends MetricOptions<S, Gauge<S>> {}

/** A number that goes up and down: temperatures, queue lengths, requests in progress. NaN and infinities are values. */
export class Gauge<const S extends LabelSchema = readonly []> extends Metric<S, GaugeChild> {
  protected readonly series: GaugeSeries;

  constructor(options: GaugeOptions<S>) {
    super({ type: 'gauge' }, options);
    this.series = new GaugeSeries(this.name, this.table);
    this.start(options);
  }

  set(...values: WithLabels<S, [value: number]>): void;
  set(first: Labels | number, second?: number): void {
    if (typeof first === 'object') this.series.set(this.finder.row(first), second);
    else this.series.set(this.onlyRow || this.row(), first);
  }

  /** Adds 1 or `value`. */
  inc(...values: WithLabels<S, [value?: number]>): void;
  inc(first?: Labels | number, second?: number): void {
    if (typeof first === 'object') this.series.add(this.finder.row(first), 1, second);
    else this.series.add(this.onlyRow || this.row(), 1, first);
  }

  /** Takes away 1 or `value`. */
  dec(...values: WithLabels<S, [value?: number]>): void;
  dec(first?: Labels | number, second?: number): void {
    if (typeof first === 'object') this.series.add(this.finder.row(first), -1, second);
    else this.series.add(this.onlyRow || this.row(), -1, first);
  }

  /** Sets the Unix time in seconds. */
  setToCurrentTime(...labels: WithLabels<S, []>): void;
  setToCurrentTime(labels?: Labels): void {
    this.target(labels).setToCurrentTime();
  }

  /** A timer that sets the gauge to the seconds it ran. */
  startTimer(...labels: WithLabels<S, []>): Timer;
  startTimer(labels?: Labels): Timer {
    return this.target(labels).startTimer();
  }

  /** Calls `fn`, and counts it in the gauge until it has returned, thrown or, where asynchronous, settled. */
  trackInProgress<T>(...call: WithLabels<S, [fn: () => T]>): T;
  trackInProgress<T>(first: Labels | (() => T), second?: () => T): T {
    if (typeof first === 'function') return this.target().trackInProgress(first);
    // The signature above asks for a function; callThen() says so where there is none.
    return this.target(first).trackInProgress(second as () => T);
  }

  /**
   * Makes these the series, in one step: those that are there get their new values, those that are not given are dropped,
   * and no scrape sees something between. Nothing changes where a row is refused. Of rows with the same labels the last
   * one counts.
   */
  replace(rows: Iterable<readonly [labels: LabelsOf<S>, value: number]>): void {
    const checked = [...rows].map(([labels, value]) => ({
      texts: this.finder.texts(labels),
      value: this.series.check(value),
    }));
    this.replaceRows(
      checked.map(({ texts }) => texts),
      (row, index) => this.series.set(row, checked[index]?.value),
    );
  }

  /** This gauge with some of the labels given: calls on what it returns give the others. */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Gauge<Without<S, Names>> {
    // It is this gauge; its labels are those that are left.
    return this.curried(labels) as unknown as Gauge<Without<S, Names>>;
  }

  protected override get numbers(): NumberColumn {
    return this.series;
  }

  protected override makeChild(row: number): GaugeChild {
    return new GaugeChild(this.series, row);
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.gauge(point, this.series.data[row] ?? 0);
  }
}

/** One series of a gauge. Its methods are those of `Gauge`, without labels. */
export class GaugeChild implements Handle {
  row: number;
  readonly #series: GaugeSeries;

  constructor(series: GaugeSeries, row: number) {
    this.row = row;
    this.#series = series;
  }

  set(value: number): void {
    this.#series.set(this.row, value);
  }

  inc(value?: number): void {
    this.#series.add(this.row, 1, value);
  }

  dec(value?: number): void {
    this.#series.add(this.row, -1, value);
  }

  setToCurrentTime(): void {
    this.set(Date.now() / 1000);
  }

  startTimer(): Timer {
    return startTimer((seconds) => this.set(seconds));
  }

  trackInProgress<T>(fn: () => T): T {
    this.inc();
    return callThen(fn, () => this.dec());
  }
}

/** The column of a gauge's values, and what the gauge does to a row: one object, as each step to the value counts. */
class GaugeSeries extends NumberColumn {
  readonly #name: string;
  readonly #table: SeriesTable;

  constructor(name: string, table: SeriesTable) {
    super(1);
    table.addColumn(this);
    this.#name = name;
    this.#table = table;
  }

  set(row: number, value: number | undefined): void {
    this.data[row] = this.check(value);
    this.#table.touch(row);
  }

  add(row: number, sign: 1 | -1, value = 1): void {
    this.data[row]! += sign * this.check(value);
    this.#table.touch(row);
  }

  check(value: unknown): number {
    if (typeof value !== 'number') throw new TypeError(`Gauge ${this.#name} takes a number, not ${typeof value}.`);
    return value;
  }
}
