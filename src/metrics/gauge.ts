import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import { NumberColumn } from './column.ts';
import type { LabelSchema, WithLabels } from './label-schema.ts';
import { Metric, type MetricOptions } from './metric.ts';
import type { Handle } from './series-table.ts';
import { during, startTimer, type Timer } from './timer.ts';

export type GaugeOptions<S extends LabelSchema = readonly []> = MetricOptions<S>;

/** A number that goes up and down: temperatures, queue lengths, requests in progress. NaN and infinities are values. */
export class Gauge<const S extends LabelSchema = readonly []> extends Metric<S, GaugeChild> {
  readonly #values: NumberColumn;

  constructor(options: GaugeOptions<S>) {
    super('gauge', options);
    this.#values = this.table.addColumn(new NumberColumn(1));
    this.start(options.registry);
  }

  set(...values: WithLabels<S, [value: number]>): void;
  set(first: Labels | number, second?: number): void {
    if (typeof first === 'object') set(this.name, this.#values, this.row(first), second);
    else set(this.name, this.#values, this.onlyRow(), first);
  }

  /** Adds 1 or `value`. */
  inc(...values: WithLabels<S, [value?: number]>): void;
  inc(first?: Labels | number, second?: number): void {
    if (typeof first === 'object') add(this.name, this.#values, this.row(first), 1, second);
    else add(this.name, this.#values, this.onlyRow(), 1, first);
  }

  /** Takes away 1 or `value`. */
  dec(...values: WithLabels<S, [value?: number]>): void;
  dec(first?: Labels | number, second?: number): void {
    if (typeof first === 'object') add(this.name, this.#values, this.row(first), -1, second);
    else add(this.name, this.#values, this.onlyRow(), -1, first);
  }

  /** Sets the Unix time in seconds. */
  setToCurrentTime(...labels: WithLabels<S, []>): void;
  setToCurrentTime(labels?: Labels): void {
    this.#childOf(labels).setToCurrentTime();
  }

  /** A timer that sets the gauge to the seconds it ran. */
  startTimer(...labels: WithLabels<S, []>): Timer;
  startTimer(labels?: Labels): Timer {
    return this.#childOf(labels).startTimer();
  }

  /** Calls `fn`, and counts it in the gauge until it has returned, thrown or, where asynchronous, settled. */
  trackInProgress<T>(...call: WithLabels<S, [fn: () => T]>): T;
  trackInProgress<T>(first: Labels | (() => T), second?: () => T): T {
    if (typeof first === 'function') return this.#childOf(undefined).trackInProgress(first);
    return this.#childOf(first).trackInProgress(second);
  }

  protected override child(row: number): GaugeChild {
    return new GaugeChild(this.name, this.#values, row);
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.gauge(point, this.#values.data[row] ?? 0);
  }

  #childOf(labels: Labels | undefined): GaugeChild {
    const row = labels === undefined ? this.onlyRow() : this.row(labels);
    return this.table.handle(row, (at) => this.child(at));
  }
}

/** One series of a gauge. Its methods are those of `Gauge`, without labels. */
export class GaugeChild implements Handle {
  row: number;
  readonly #name: string;
  readonly #values: NumberColumn;

  constructor(name: string, values: NumberColumn, row: number) {
    this.row = row;
    this.#name = name;
    this.#values = values;
  }

  set(value: number): void {
    set(this.#name, this.#values, this.row, value);
  }

  inc(value?: number): void {
    add(this.#name, this.#values, this.row, 1, value);
  }

  dec(value?: number): void {
    add(this.#name, this.#values, this.row, -1, value);
  }

  setToCurrentTime(): void {
    this.set(Date.now() / 1000);
  }

  startTimer(): Timer {
    return startTimer((seconds) => this.set(seconds));
  }

  trackInProgress<T>(fn: (() => T) | undefined): T {
    if (typeof fn !== 'function') {
      throw new TypeError(`Gauge ${this.#name}: trackInProgress() takes a function, not ${typeof fn}.`);
    }
    return during(
      fn,
      () => this.inc(),
      () => this.dec(),
    );
  }
}

function set(name: string, values: NumberColumn, row: number, value: number | undefined): void {
  values.data[row] = checked(name, value);
}

function add(name: string, values: NumberColumn, row: number, sign: 1 | -1, value = 1): void {
  values.data[row]! += sign * checked(name, value);
}

function checked(name: string, value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`Gauge ${name} takes a number, not ${typeof value}.`);
  return value;
}
