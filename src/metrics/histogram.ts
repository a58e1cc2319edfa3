import type { CollectContext } from '../model/collector.ts';
import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import { type ExemplarSource, Exemplars } from './exemplars.ts';
import { HistogramSeries } from './histogram-series.ts';
import type { LabelSchema, LabelsOf, WithLabels, Without } from './label-schema.ts';
import { Metric, type MetricOptions } from './metric.ts';
import type { NativeOptions } from './native-options.ts';
import type { Handle } from './series-table.ts';
import { settled } from './settled.ts';
import { startTimer, type Timer } from './timer.ts';

export interface HistogramOptions<S extends LabelSchema = readonly []> extends MetricOptions<S, Histogram<S>> {
  /** Inclusive upper bounds, increasing; the bucket up to +Inf is implied. By default those for seconds of a request. */
  readonly buckets?: readonly number[];
  /** Keeps exponential buckets: instead of classic ones, or beside them if `buckets` are given too. */
  readonly native?: NativeOptions;
  /** Asked now and then for an exemplar, for observations that come without one. */
  readonly exemplarSource?: ExemplarSource;
}

/**
 * Counts observations in buckets: durations, sizes. An observation of NaN falls in no bucket, is counted, and makes the sum
 * NaN (native histograms specification).
 */
export class Histogram<const S extends LabelSchema = readonly []> extends Metric<S, HistogramChild> {
  protected readonly series: HistogramSeries;
  protected readonly exemplars: Exemplars;

  constructor(options: HistogramOptions<S>) {
    super({ type: 'histogram', reservedLabel: 'le', hasStart: true }, options);
    this.exemplars = new Exemplars(this.table, options.exemplarSource);
    this.series = new HistogramSeries(this.name, this.table, this.exemplars, options);
    this.start(options);
  }

  /** The inclusive upper bounds of the classic buckets, without +Inf. */
  get upperBounds(): readonly number[] {
    return this.series.upperBounds;
  }

  /** Counts one value. The exemplar's labels, such as `{ trace_id }`, lead to what was observed. */
  observe(...values: WithLabels<S, [value: number, exemplarLabels?: Labels]>): void;
  observe(first: Labels | number, second?: number | Labels, third?: Labels): void {
    // The signature above says what stands where.
    if (typeof first === 'object') this.series.observe(this.row(first), second as number, third);
    else this.series.observe(this.row(), first, second as Labels | undefined);
  }

  /** Counts a value `count` times, a whole number from 0. */
  observeMany(...values: WithLabels<S, [value: number, count: number]>): void;
  observeMany(first: Labels | number, second: number, third?: number): void {
    // As in observe().
    if (typeof first === 'object') this.series.observeMany(this.row(first), second, third as number);
    else this.series.observeMany(this.row(), first, second);
  }

  /** Begins to time; what it returns records the seconds, and may give the labels that were not known before. */
  startTimer(labels?: Partial<LabelsOf<S>>): Timer<Partial<LabelsOf<S>>> {
    return startTimer((seconds, moreLabels) => {
      const given = labels === undefined && moreLabels === undefined ? undefined : { ...labels, ...moreLabels };
      this.series.observe(this.row(given), seconds);
    });
  }

  /** Calls `fn` and observes the seconds until it has returned, thrown or, where it is asynchronous, settled. */
  time<T>(...call: WithLabels<S, [fn: () => T]>): T;
  time<T>(first: Labels | (() => T), second?: () => T): T {
    if (typeof first === 'function') return this.target().time(first);
    // The signature above asks for a function; settled() says so where there is none.
    return this.target(first).time(second as () => T);
  }

  /** This histogram with some of the labels given: calls on what it returns give the others. */
  curry<const B extends Partial<LabelsOf<S>>>(labels: B): Histogram<Without<S, B>> {
    // It is this histogram; its labels are those that are left.
    return this.curried(labels) as unknown as Histogram<Without<S, B>>;
  }

  override prepare(context: CollectContext): void | Promise<void> {
    this.series.resetWhatIsDue();
    return super.prepare(context);
  }

  protected override get shape(): unknown {
    return this.series.shape;
  }

  protected override get droppedExemplars(): number {
    return this.exemplars.dropped;
  }

  protected override makeChild(row: number): HistogramChild {
    return new HistogramChild(this.series, row);
  }

  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.histogram(point, this.series.read(row));
  }
}

/** One series of a histogram. Its methods are those of `Histogram`, without labels. */
export class HistogramChild implements Handle {
  row: number;
  readonly #series: HistogramSeries;

  constructor(series: HistogramSeries, row: number) {
    this.row = row;
    this.#series = series;
  }

  observe(value: number, exemplarLabels?: Labels): void {
    this.#series.observe(this.row, value, exemplarLabels);
  }

  observeMany(value: number, count: number): void {
    this.#series.observeMany(this.row, value, count);
  }

  startTimer(): Timer {
    return startTimer((seconds) => this.observe(seconds));
  }

  time<T>(fn: () => T): T {
    const end = this.startTimer();
    return settled(fn, () => void end());
  }
}
