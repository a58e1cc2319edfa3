import type { Encoder } from '../model/encoder.ts';
import type { AcrossWorkers, Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import type { OptionNames } from '../model/option-names.ts';
import { GaugeSeries, RecentGaugeSeries } from './gauge-series.ts';
import { Metric } from './metric.ts';
import { METRIC_OPTIONS, type MetricOptions } from './metric-options.ts';
import { callThen } from './on-settled.ts';
import type { NumberColumn } from './series/column.ts';
import type { LabelName, LabelSchema, LabelsOf, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import { replaceSeries } from './series/replace-series.ts';
import type { Handle } from './series/series-table.ts';
import { startTimer, type Timer } from './timer.ts';

/** Options of a {@link Gauge}. */
export interface GaugeOptions<S extends LabelSchema = readonly []> extends MetricOptions<S, Gauge<S>> {
  /**
   * How `collectWorkers()` shows the gauge if several workers have it: each value with a label `worker`, or one value for
   * all. With `mostRecent`, the gauge can be set, but not increased or decreased. `keptSum`, `keptMin`, `keptMax` and
   * `keptMostRecent` also count the last values of processes and threads that have ended.
   *
   * @defaultValue `'perWorker'`
   */
  readonly acrossWorkers?: AcrossWorkers;
}

const GAUGE_OPTIONS: OptionNames<GaugeOptions> = {
  ...METRIC_OPTIONS,
  acrossWorkers: true,
};

/**
 * A value that goes up and down: temperatures, queue lengths, requests in progress. It may be any number, also NaN and
 * infinities.
 *
 * @example
 * ```ts
 * import { Gauge } from 'zeroprom';
 *
 * const queued = new Gauge({ name: 'queue_length', help: 'Jobs waiting in the queue.', labelNames: ['queue'] });
 * queued.set({ queue: 'mail' }, 3);
 *
 * // Read at scrape time instead of being set:
 * new Gauge({ name: 'heap_bytes', help: 'Heap in use.', collect: (gauge) => gauge.set(process.memoryUsage().heapUsed) });
 * ```
 */
export class Gauge<const S extends LabelSchema = readonly []> extends Metric<S, GaugeChild> {
  /** @internal */
  protected readonly series: GaugeSeries;

  /**
   * Creates the gauge and registers it, unless `registry` is `null`.
   *
   * @throws {TypeError | RangeError} if an option is invalid.
   * @throws {Error} if the registry has a metric with a conflicting name.
   */
  constructor(options: GaugeOptions<S>) {
    super({ type: 'gauge', optionNames: GAUGE_OPTIONS, acrossWorkers: options?.acrossWorkers }, options);
    const isRecent = options.acrossWorkers === 'mostRecent' || options.acrossWorkers === 'keptMostRecent';
    const Series = isRecent ? RecentGaugeSeries : GaugeSeries;
    this.series = new Series(this.name, this.table);
    this.start(options);
  }

  /**
   * Sets the gauge: `set(value)`, or with labels `set(labels, value)`.
   *
   * @throws {TypeError} if `value` is not a number, or the labels are not those of the gauge.
   */
  set(...values: WithLabels<S, [value: number]>): void;
  set(first: Labels | number, second?: number): void {
    if (typeof first === 'object') this.series.set(this.finder.row(first), second);
    else this.series.set(this.onlyRow || this.row(), first);
  }

  /**
   * Increases the gauge by 1 or `value`: `inc()`, `inc(value)`, and with labels `inc(labels)`, `inc(labels, value)`.
   *
   * @throws {TypeError} if `value` is not a number, or the labels are not those of the gauge.
   */
  inc(...values: WithLabels<S, [value?: number]>): void;
  inc(first?: Labels | number, second?: number): void {
    if (typeof first === 'object') this.series.add(this.finder.row(first), 1, second);
    else this.series.add(this.onlyRow || this.row(), 1, first);
  }

  /**
   * Decreases the gauge by 1 or `value`: `dec()`, `dec(value)`, and with labels `dec(labels)`, `dec(labels, value)`.
   *
   * @throws {TypeError} if `value` is not a number, or the labels are not those of the gauge.
   */
  dec(...values: WithLabels<S, [value?: number]>): void;
  dec(first?: Labels | number, second?: number): void {
    if (typeof first === 'object') this.series.add(this.finder.row(first), -1, second);
    else this.series.add(this.onlyRow || this.row(), -1, first);
  }

  /**
   * Sets the gauge to the current Unix time in seconds.
   *
   * @throws {TypeError} if the labels are not those of the gauge.
   */
  setToCurrentTime(...labels: WithLabels<S, []>): void;
  setToCurrentTime(labels?: Labels): void {
    this.target(labels).setToCurrentTime();
  }

  /**
   * Starts a timer that sets the gauge to the elapsed seconds when it is called.
   *
   * @throws {TypeError} if the labels are not those of the gauge.
   */
  startTimer(...labels: WithLabels<S, []>): Timer;
  startTimer(labels?: Labels): Timer {
    return this.target(labels).startTimer();
  }

  /**
   * Increases the gauge, calls `fn`, and decreases the gauge when `fn` has returned or thrown, or when the promise that
   * it returns has settled. Returns and throws what `fn` does.
   *
   * @throws {TypeError} if `fn` is not a function, or the labels are not those of the gauge.
   */
  trackInProgress<T>(...call: WithLabels<S, [fn: () => T]>): T;
  trackInProgress<T>(first: Labels | (() => T), second?: () => T): T {
    if (typeof first === 'function') return this.target().trackInProgress(first);
    // callThen() rejects everything but functions.
    return this.target(first).trackInProgress(second as () => T);
  }

  /**
   * Replaces all series in one step: sets or adds those in `rows` and removes all others. No scrape sees an
   * intermediate state, and nothing changes if it throws. Of rows with the same labels, the last one counts.
   *
   * @throws {TypeError | RangeError} if a value is not a number, or labels or their values are not those of the gauge.
   */
  replace(rows: Iterable<readonly [labels: LabelsOf<S>, value: number]>): void {
    const checked = [...rows].map(([labels, value]) => ({
      texts: this.finder.texts(labels),
      value: this.series.check(value),
    }));
    replaceSeries(
      this.table,
      this.finder,
      checked.map(({ texts }) => texts),
      (row, index) => this.series.set(row, checked[index]?.value),
    );
  }

  /**
   * Returns this gauge with some of its labels bound. Calls on the result give only the others.
   *
   * @throws {TypeError | RangeError} if the gauge does not have such labels or values, or they are bound already.
   */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Gauge<Without<S, Names>> {
    // The result is this gauge, seen with the remaining labels.
    return this.curried(labels) as unknown as Gauge<Without<S, Names>>;
  }

  /** @internal */
  protected override get numbers(): NumberColumn {
    return this.series;
  }

  /** @internal */
  protected override makeChild(row: number): GaugeChild {
    return new GaugeChild(this.series, row);
  }

  /** @internal */
  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    this.series.encode(encoder, point, row);
  }
}

/**
 * One series of a {@link Gauge}, as `labels()` returns it.
 *
 * @example
 * ```ts
 * import { Gauge } from 'zeroprom';
 *
 * const workers = new Gauge({ name: 'workers', help: 'Running workers.', labelNames: ['queue'] });
 * const mails = workers.labels('mail');
 * mails.inc();
 * mails.dec();
 * ```
 */
export class GaugeChild implements Handle {
  /** @internal */
  row: number;
  readonly #series: GaugeSeries;

  /** @internal */
  constructor(series: GaugeSeries, row: number) {
    this.row = row;
    this.#series = series;
  }

  /**
   * Sets the gauge.
   *
   * @throws {TypeError} if `value` is not a number.
   */
  set(value: number): void {
    this.#series.set(this.row, value);
  }

  /**
   * Increases the gauge by `value`, 1 by default.
   *
   * @throws {TypeError} if `value` is not a number.
   */
  inc(value?: number): void {
    this.#series.add(this.row, 1, value);
  }

  /**
   * Decreases the gauge by `value`, 1 by default.
   *
   * @throws {TypeError} if `value` is not a number.
   */
  dec(value?: number): void {
    this.#series.add(this.row, -1, value);
  }

  /** Sets the gauge to the current Unix time in seconds. */
  setToCurrentTime(): void {
    this.set(Date.now() / 1000);
  }

  /** Starts a timer that sets the gauge to the elapsed seconds when it is called. */
  startTimer(): Timer {
    return startTimer((seconds) => this.set(seconds));
  }

  /**
   * Increases the gauge, calls `fn`, and decreases the gauge when `fn` has returned or thrown, or when the promise that
   * it returns has settled. Returns and throws what `fn` does.
   *
   * @throws {TypeError} if `fn` is not a function.
   */
  trackInProgress<T>(fn: () => T): T {
    this.inc();
    return callThen(fn, () => this.dec());
  }
}
