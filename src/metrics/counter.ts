import type { Encoder } from '../model/encoder.ts';
import type { Exemplar, Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import type { OptionNames } from '../model/option-names.ts';
import { type ExemplarSource, Exemplars } from './exemplars/exemplars.ts';
import { Metric } from './metric.ts';
import type { Details } from './metric-definition.ts';
import { METRIC_OPTIONS, type MetricOptions } from './metric-options.ts';
import { callThen } from './on-settled.ts';
import { NumberColumn } from './series/column.ts';
import type { LabelName, LabelSchema, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import type { Handle, SeriesTable } from './series/series-table.ts';

/** Options of a {@link Counter}. */
export interface CounterOptions<S extends LabelSchema = readonly []> extends MetricOptions<S, Counter<S>> {
  /**
   * Returns exemplar labels for increments without any, such as `openTelemetryExemplars`. Each series asks it at most
   * once every 90 ms.
   *
   * @defaultValue none
   */
  readonly exemplarSource?: ExemplarSource;
}

/** Decides whether an error is counted by `countErrors()`. If it throws itself, the error is not counted. */
export type ErrorFilter = (error: unknown) => boolean;

const COUNTER_OPTIONS: OptionNames<CounterOptions> = {
  ...METRIC_OPTIONS,
  exemplarSource: true,
};

/**
 * A value that only increases: requests, errors, bytes sent. Its name should end in `_total`.
 *
 * @example
 * ```ts
 * import { Counter } from 'zeroprom';
 *
 * const requests = new Counter({
 *   name: 'http_requests_total',
 *   help: 'Total number of HTTP requests.',
 *   labelNames: ['method', 'code'],
 * });
 * requests.inc({ method: 'GET', code: 200 });
 *
 * const created = requests.labels('POST', 201); // Keep children of hot series: updating one is far cheaper.
 * created.inc(3);
 * ```
 */
export class Counter<const S extends LabelSchema = readonly []> extends Metric<S, CounterChild> {
  /** @internal */
  protected readonly series: CounterSeries;

  /**
   * Creates the counter and registers it, unless `registry` is `null`.
   *
   * @throws {TypeError | RangeError} if an option is invalid.
   * @throws {Error} if the registry has a metric with a conflicting name.
   */
  constructor(options: CounterOptions<S>) {
    super({ type: 'counter', optionNames: COUNTER_OPTIONS, hasStart: true }, options);
    this.series = new CounterSeries(
      this.name,
      this.table,
      new Exemplars(this.table, { source: options.exemplarSource }),
    );
    this.start(options);
  }

  /**
   * Increases the counter: `inc()`, `inc(value)`, and with labels `inc(labels)`, `inc(labels, value)`. `value` is 1 by
   * default. `exemplarLabels`, such as `{ trace_id }`, identify the counted event; they are dropped if they are too
   * long.
   *
   * @throws {RangeError} if `value` is negative or not finite; the counter keeps its value.
   * @throws {TypeError} if `value` is not a number, or the labels are not those of the counter.
   */
  inc(...values: WithLabels<S, [value?: number, exemplarLabels?: Labels]>): void;
  inc(first?: Labels | number, second?: number | Labels, third?: Labels): void {
    // The types follow from the signature above.
    if (typeof first === 'object') this.series.add(this.finder.row(first), second as number | undefined, third);
    else this.series.add(this.onlyRow || this.row(), first, second as Labels | undefined);
  }

  /**
   * Follows a counter that is kept elsewhere: adds its increase since the last call. A `total` below the previous one
   * means that the other counter was reset, so all of it is added.
   *
   * @throws {RangeError} if `total` is negative or not finite.
   * @throws {TypeError} if `total` is not a number, or the labels are not those of the counter.
   */
  incTo(...values: WithLabels<S, [total: number]>): void;
  incTo(first: Labels | number, second?: number): void {
    // follow() rejects everything but numbers.
    if (typeof first === 'object') this.series.follow(this.row(first), second as number);
    else this.series.follow(this.row(), first);
  }

  /**
   * Calls `fn` and increases the counter if it throws, or if the promise that it returns is rejected. Returns and
   * throws what `fn` does.
   *
   * @param call the labels, if the counter has some; `fn`; and a filter of the errors to count, by default all.
   * @throws {TypeError} if `fn` is not a function, or the labels are not those of the counter.
   */
  countErrors<T>(...call: WithLabels<S, [fn: () => T, filter?: ErrorFilter]>): T;
  countErrors<T>(first: Labels | (() => T), second?: (() => T) | ErrorFilter, third?: ErrorFilter): T {
    if (typeof first === 'function') return this.target().countErrors(first, second as ErrorFilter | undefined);
    return this.target(first).countErrors(second as () => T, third);
  }

  /**
   * Returns this counter with some of its labels bound. Calls on the result give only the others.
   *
   * @throws {TypeError | RangeError} if the counter does not have such labels or values, or they are bound already.
   */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Counter<Without<S, Names>> {
    // The result is this counter, seen with the remaining labels.
    return this.curried(labels) as unknown as Counter<Without<S, Names>>;
  }

  /** @internal */
  protected override get details(): CounterSeries {
    return this.series;
  }

  /** @internal */
  protected override get numbers(): NumberColumn | undefined {
    return this.series.exemplars.isEmpty ? this.series : undefined;
  }

  /** @internal */
  protected override makeChild(row: number): CounterChild {
    return new CounterChild(this.series, row);
  }

  /** @internal */
  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.counter(point, this.series.data[row] ?? 0, this.series.exemplars.read(row, 0));
  }
}

/**
 * One series of a {@link Counter}, as `labels()` returns it.
 *
 * @example
 * ```ts
 * import { Counter } from 'zeroprom';
 *
 * const jobs = new Counter({ name: 'jobs_total', help: 'Finished jobs.', labelNames: ['queue'] });
 * const mails = jobs.labels('mail');
 * mails.inc();
 * ```
 */
export class CounterChild implements Handle {
  /** @internal */
  row: number;
  readonly #series: CounterSeries;

  /** @internal */
  constructor(series: CounterSeries, row: number) {
    this.row = row;
    this.#series = series;
  }

  /**
   * Increases the counter by `value`, 1 by default. `exemplarLabels`, such as `{ trace_id }`, identify the counted
   * event; they are dropped if they are too long.
   *
   * @throws {RangeError} if `value` is negative or not finite; the counter keeps its value.
   * @throws {TypeError} if `value` is not a number.
   */
  inc(value?: number, exemplarLabels?: Labels): void {
    this.#series.add(this.row, value, exemplarLabels);
  }

  /**
   * Follows a counter that is kept elsewhere: adds its increase since the last call, or all of `total` after a reset.
   *
   * @throws {RangeError} if `total` is negative or not finite.
   * @throws {TypeError} if `total` is not a number.
   */
  incTo(total: number): void {
    this.#series.follow(this.row, total);
  }

  /**
   * Calls `fn` and increases the counter if it throws, or if the promise that it returns is rejected. Returns and
   * throws what `fn` does. Counts all errors, or those that `filter` accepts.
   *
   * @throws {TypeError} if `fn` is not a function.
   */
  countErrors<T>(fn: () => T, filter: ErrorFilter = () => true): T {
    return callThen(fn, (error) => {
      if (error !== undefined && counts(filter, error.thrown)) this.inc();
    });
  }
}

/** Whether the filter accepts an error. An error of the filter must not replace the one that it examines. */
function counts(filter: ErrorFilter, thrown: unknown): boolean {
  try {
    return filter(thrown);
  } catch {
    return false;
  }
}

// Extends the column rather than holding it: each indirection on the way to a value is measurable.
/** The values of a counter's series, and the operations on them. */
class CounterSeries extends NumberColumn implements Details {
  readonly exemplars: Exemplars;
  readonly #name: string;
  readonly #table: SeriesTable;
  /** Fast path: neither expiry nor sampled exemplars. */
  readonly #isPlain: boolean;
  /** The last totals that were followed; created on first use. */
  #followed: NumberColumn | undefined = undefined;

  constructor(name: string, table: SeriesTable, exemplars: Exemplars) {
    super(1);
    table.addColumn(this);
    this.exemplars = exemplars;
    this.#name = name;
    this.#table = table;
    this.#isPlain = !table.tracksUse && !exemplars.isSampling;
  }

  // One condition for all that is unusual: this is the most frequent call.
  add(row: number, value = 1, exemplarLabels?: Labels): void {
    const isRight = value >= 0 && value < Number.POSITIVE_INFINITY && typeof value === 'number';
    if (isRight && this.#isPlain && exemplarLabels === undefined) this.data[row]! += value;
    else this.#addChecked(row, value, exemplarLabels);
  }

  #addChecked(row: number, value: number, exemplarLabels: Labels | undefined): void {
    this.#check(value, 'inc');
    this.data[row]! += value;
    this.#table.touch(row);
    if (exemplarLabels !== undefined || this.exemplars.isSampling) {
      this.exemplars.record(row, 0, value, exemplarLabels);
    }
  }

  follow(row: number, total: number): void {
    this.#check(total, 'incTo');
    this.#followed ??= this.#table.addColumn(new NumberColumn(1));
    const last = this.#followed.data[row] ?? 0;
    this.add(row, total < last ? total : total - last);
    this.#followed.data[row] = total;
  }

  get hasDetails(): boolean {
    return !this.exemplars.isEmpty;
  }

  detailOf(row: number): readonly [Exemplar] | undefined {
    const exemplar = this.exemplars.read(row, 0);
    return exemplar && [exemplar];
  }

  followDetails(byRow: readonly unknown[]): void {
    this.exemplars.follow(byRow as ReturnType<CounterSeries['detailOf']>[]); // From detailOf() of another thread.
  }

  #check(value: unknown, method: string): void {
    if (typeof value !== 'number') {
      throw new TypeError(`Counter ${this.#name}: ${method}() takes a number, got ${typeof value}.`);
    }
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RangeError(
        `Counter ${this.#name} can only be increased by a finite number of at least 0, got ${method}(${value}).`,
      );
    }
  }
}
