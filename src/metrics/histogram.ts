import type { Encoder } from '../model/encoder.ts';
import type { Point } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import type { OptionNames } from '../model/option-names.ts';
import type { NativeOptions } from './buckets/native-options.ts';
import { type ExemplarSource, Exemplars } from './exemplars/exemplars.ts';
import { HistogramSeries } from './histogram-series.ts';
import type { Details, MetricShape } from './metric-definition.ts';
import { METRIC_OPTIONS, type MetricOptions } from './metric-options.ts';
import { overriddenBuckets } from './overridden-shape.ts';
import type { LabelName, LabelSchema, SomeLabels, WithLabels, Without } from './series/label-schema.ts';
import { TimedChild, TimedMetric } from './timed-metric.ts';

/** Number of sampled exemplars per series of a histogram without classic buckets. */
const NATIVE_SAMPLES = 4;

/** Options of a {@link Histogram}. */
export interface HistogramOptions<S extends LabelSchema = readonly []> extends MetricOptions<S, Histogram<S>> {
  /**
   * Inclusive upper bounds of the classic buckets, increasing. The bucket up to +Inf is implied.
   *
   * @defaultValue `defaultBuckets`, which suit durations of requests in seconds; with `native` none
   */
  readonly buckets?: readonly number[];
  /**
   * Keeps exponential buckets, as a native histogram: instead of classic buckets, or in addition if `buckets` are
   * given. `{}` uses the defaults.
   *
   * @defaultValue none
   */
  readonly native?: NativeOptions;
  /**
   * Returns exemplar labels for observations without any, such as `openTelemetryExemplars`. Each series asks it at most
   * once every 90 ms.
   *
   * @defaultValue none
   */
  readonly exemplarSource?: ExemplarSource;
}

const HISTOGRAM_OPTIONS: OptionNames<HistogramOptions> = {
  ...METRIC_OPTIONS,
  buckets: true,
  native: true,
  exemplarSource: true,
};

/**
 * Counts observations in buckets: durations, sizes. An observation of NaN belongs to no bucket, but is counted and
 * makes the sum NaN (native histograms specification).
 *
 * @example
 * ```ts
 * import { Histogram } from 'zeroprom';
 *
 * const durations = new Histogram({
 *   name: 'job_duration_seconds',
 *   help: 'Duration of jobs in seconds.',
 *   labelNames: ['queue'],
 *   buckets: [0.1, 1, 10, 60],
 * });
 * durations.observe({ queue: 'mail' }, 2.5);
 * await durations.time({ queue: 'mail' }, async () => {
 *   // Observes the seconds until this promise settles.
 * });
 * ```
 */
export class Histogram<const S extends LabelSchema = readonly []> extends TimedMetric<S, HistogramChild> {
  /** @internal */
  protected readonly series: HistogramSeries;
  /** @internal */
  protected readonly exemplars: Exemplars;

  /**
   * Creates the histogram and registers it, unless `registry` is `null`.
   *
   * @throws {TypeError | RangeError} if an option is invalid.
   * @throws {Error} if the registry has a metric with a conflicting name.
   */
  constructor(options: HistogramOptions<S>) {
    super({ type: 'histogram', optionNames: HISTOGRAM_OPTIONS, reservedLabel: 'le', hasStart: true }, options);
    const { exemplarSource: source } = options;
    const bucketOptions = overriddenBuckets(this.name, options);
    const { native, buckets } = bucketOptions;
    const isNativeAlone = native !== undefined && buckets === undefined;
    this.exemplars = new Exemplars(this.table, { source, samples: isNativeAlone ? NATIVE_SAMPLES : 1 });
    this.series = new HistogramSeries(this.name, this.table, this.exemplars, bucketOptions);
    this.start(options);
  }

  /** Inclusive upper bounds of the classic buckets, without +Inf. */
  get upperBounds(): readonly number[] {
    return this.series.upperBounds;
  }

  /**
   * Counts one value: `observe(value)`, or with labels `observe(labels, value)`. `exemplarLabels`, such as `{ trace_id
   * }`, identify the observed event; they are dropped if they are too long.
   *
   * @throws {TypeError} if `value` is not a number, or the labels are not those of the histogram.
   */
  observe(...values: WithLabels<S, [value: number, exemplarLabels?: Labels]>): void;
  observe(first: Labels | number, second?: number | Labels, third?: Labels): void {
    // The types follow from the signature above.
    if (typeof first === 'object') this.series.observe(this.finder.row(first), second as number, third);
    else this.series.observe(this.onlyRow || this.row(), first, second as Labels | undefined);
  }

  /**
   * Counts a value `count` times: `observeMany(value, count)`, or with labels `observeMany(labels, value, count)`.
   *
   * @throws {RangeError} if `count` is not a whole number of at least 0.
   * @throws {TypeError} if `value` or `count` is not a number, or the labels are not those of the histogram.
   */
  observeMany(...values: WithLabels<S, [value: number, count: number]>): void;
  observeMany(first: Labels | number, second: number, third?: number): void {
    // As in observe().
    if (typeof first === 'object') this.series.observeMany(this.row(first), second, third as number);
    else this.series.observeMany(this.row(), first, second);
  }

  /**
   * Returns this histogram with some of its labels bound. Calls on the result give only the others.
   *
   * @throws {TypeError | RangeError} if the histogram does not have such labels or values, or they are bound already.
   */
  curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Histogram<Without<S, Names>> {
    // The result is this histogram, seen with the remaining labels.
    return this.curried(labels) as unknown as Histogram<Without<S, Names>>;
  }

  /** @internal */
  protected override settle(): void {
    super.settle();
    this.series.resetDue();
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
  protected override makeChild(row: number): HistogramChild {
    return new HistogramChild(this.series, row);
  }

  /** @internal */
  protected override encodeRow(encoder: Encoder, point: Point, row: number): void {
    encoder.histogram(point, this.series.read(row));
  }
}

/**
 * One series of a {@link Histogram}, as `labels()` returns it.
 *
 * @example
 * ```ts
 * import { Histogram } from 'zeroprom';
 *
 * const seconds = new Histogram({ name: 'job_seconds', help: 'Duration of jobs.', labelNames: ['queue'] });
 * const mails = seconds.labels('mail');
 * mails.observe(0.25);
 * ```
 */
export class HistogramChild extends TimedChild {
  readonly #series: HistogramSeries;

  /** @internal */
  constructor(series: HistogramSeries, row: number) {
    super(row);
    this.#series = series;
  }

  /**
   * Counts one value. `exemplarLabels`, such as `{ trace_id }`, identify the observed event; they are dropped if they
   * are too long.
   *
   * @throws {TypeError} if `value` is not a number.
   */
  override observe(value: number, exemplarLabels?: Labels): void {
    this.#series.observe(this.row, value, exemplarLabels);
  }

  /**
   * Counts a value `count` times.
   *
   * @throws {RangeError} if `count` is not a whole number of at least 0.
   * @throws {TypeError} if `value` or `count` is not a number.
   */
  observeMany(value: number, count: number): void {
    this.#series.observeMany(this.row, value, count);
  }
}
