import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import type { NativeOptions } from './buckets/native-options.ts';
import { type ExemplarSource, Exemplars } from './exemplars/exemplars.ts';
import { HistogramSeries } from './histogram-series.ts';
import type { MetricOptions } from './metric-options.ts';
import type { LabelName, LabelSchema, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import { TimedChild, TimedMetric } from './timed-metric.ts';

/** Samples that a series keeps where no classic buckets tell observations apart. */
const NATIVE_SAMPLES = 4;

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
export class Histogram<const S extends LabelSchema = readonly []> extends TimedMetric<S, HistogramChild> {
  protected readonly series: HistogramSeries;
  protected readonly exemplars: Exemplars;

  constructor(options: HistogramOptions<S>) {
    super({ type: 'histogram', reservedLabel: 'le', hasStart: true }, options);
    const { exemplarSource: source, native, buckets } = options;
    const isNativeAlone = native !== undefined && buckets === undefined;
    this.exemplars = new Exemplars(this.table, { source, samples: isNativeAlone ? NATIVE_SAMPLES : 1 });
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
    if (typeof first === 'object') this.series.observe(this.finder.row(first), second as number, third);
    else this.series.observe(this.onlyRow || this.row(), first, second as Labels | undefined);
  }

  /** Counts a value `count` times, a whole number from 0. */
  observeMany(...values: WithLabels<S, [value: number, count: number]>): void;
  observeMany(first: Labels | number, second: number, third?: number): void {
    // As in observe().
    if (typeof first === 'object') this.series.observeMany(this.row(first), second, third as number);
    else this.series.observeMany(this.row(), first, second);
  }

  /** This histogram with some of the labels given: calls on what it returns give the others. */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Histogram<Without<S, Names>> {
    // It is this histogram; its labels are those that are left.
    return this.curried(labels) as unknown as Histogram<Without<S, Names>>;
  }

  protected override settle(): void {
    super.settle();
    this.series.resetWhatIsDue();
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
export class HistogramChild extends TimedChild {
  readonly #series: HistogramSeries;

  constructor(series: HistogramSeries, row: number) {
    super(row);
    this.#series = series;
  }

  override observe(value: number, exemplarLabels?: Labels): void {
    this.#series.observe(this.row, value, exemplarLabels);
  }

  observeMany(value: number, count: number): void {
    this.#series.observeMany(this.row, value, count);
  }
}
