import type { Descriptor, HistogramValue, SummaryValue } from '../../model/family.ts';
import { rounded } from '../history/time-ring.ts';
import type { FamilyValues } from '../protocol.ts';
import { type Aggregate, type LineCounts, NO_LINES, type Shape } from './aggregate.ts';
import { BucketLayout, quantileOf } from './bucket-layout.ts';
import type { TrackedSeries } from './family-series.ts';
import { Increases } from './increases.ts';
import { shownValue } from './shown-text.ts';

const QUANTILES = [0.5, 0.9, 0.99] as const;

/** Observations of a histogram or summary: their number, rate and mean. */
abstract class ObservationAggregate implements Aggregate {
  abstract readonly lines: LineCounts;
  protected seconds: number | undefined;
  readonly #counts = new Increases();
  #sumIncrease = 0;
  #countIncrease = 0;

  begin(seconds: number | undefined): void {
    this.seconds = seconds;
    this.#counts.begin(seconds);
    this.#sumIncrease = 0;
    this.#countIncrease = 0;
  }

  protected observed(series: TrackedSeries | undefined, count: number, sum: number): void {
    const isReset = series !== undefined && count < series.last;
    const increase = this.#counts.add(series, count);
    if (series === undefined) return;
    const before = this.seconds === undefined ? Number.NaN : isReset ? 0 : series.sum;
    const sumIncrease = sum - before;
    series.sum = sum;
    series.mean = increase > 0 ? sumIncrease / increase : Number.NaN;
    if (Number.isNaN(series.mean)) return;
    this.#sumIncrease += sumIncrease;
    this.#countIncrease += increase;
  }

  end(series: number): FamilyValues {
    const { total, rate } = this.#counts;
    const mean = this.#sumIncrease / this.#countIncrease;
    return {
      series,
      value: shownValue(total),
      ...(rate === undefined ? {} : { rate: rounded(rate) }),
      ...(Number.isFinite(mean) ? { mean: rounded(mean) } : {}),
    };
  }

  shape(): Shape {
    return { aggregate: 'sum' };
  }

  get points(): readonly number[] {
    return [this.#counts.rate ?? Number.NaN];
  }
}

export class SummaryAggregate extends ObservationAggregate {
  override readonly lines = NO_LINES;

  summary(series: TrackedSeries | undefined, { count, sum }: SummaryValue): void {
    this.observed(series, count, sum);
  }
}

/** The buckets of all series of a histogram together, and quantiles of the latest observations. */
export class HistogramAggregate extends ObservationAggregate {
  readonly #isGauge: boolean;
  #layout: BucketLayout | undefined;
  #counts = new Float64Array(0);
  #before = new Float64Array(0);
  /** Observations since the sample before, or the current ones of a gauge histogram. */
  #shown: Float64Array = new Float64Array(0);

  constructor({ type }: Descriptor) {
    super();
    this.#isGauge = type === 'gaugehistogram';
  }

  override get lines(): LineCounts {
    return { quantiles: QUANTILES.length, buckets: this.#counts.length, states: 0 };
  }

  override begin(seconds: number | undefined): void {
    super.begin(seconds);
    [this.#before, this.#counts] = [this.#counts, this.#before.fill(0)];
  }

  histogram(series: TrackedSeries | undefined, value: HistogramValue): void {
    this.observed(series, value.count, value.sum);
    this.#layout ??= this.#start(value);
    this.#layout.add(value, this.#counts);
  }

  override end(series: number): FamilyValues {
    const isKnown = this.#isGauge || this.seconds !== undefined;
    // The counts of a series that was reset or removed are missing from the total, which then seems to decrease.
    this.#shown = this.#counts.map((count, index) =>
      this.#isGauge ? count : isKnown ? Math.max(0, count - this.#before[index]!) : 0,
    );
    if (!isKnown) return super.end(series);
    const quantiles = this.#quantiles.map((value) => (Number.isFinite(value) ? rounded(value) : null));
    return { ...super.end(series), quantiles, buckets: [...this.#shown] };
  }

  override shape(): Shape {
    return { ...super.shape(), upperBounds: this.#layout?.upperBounds ?? [] };
  }

  override get points(): readonly number[] {
    return [...super.points, ...this.#quantiles, ...this.#shown];
  }

  get #quantiles(): readonly number[] {
    const { upperBounds = [] } = this.#layout ?? {};
    return QUANTILES.map((quantile) => quantileOf(quantile, upperBounds, this.#shown));
  }

  #start(value: HistogramValue): BucketLayout {
    const layout = new BucketLayout(value);
    this.#counts = new Float64Array(layout.upperBounds.length + 1);
    this.#before = new Float64Array(layout.upperBounds.length + 1);
    return layout;
  }
}
