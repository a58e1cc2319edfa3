import type { FormatEncoder } from '../../exposition/encoding/format.ts';
import type { Rewindable } from '../../exposition/encoding/guarded-encoder.ts';
import { suffixUnit } from '../../exposition/encoding/shown-unit.ts';
import type { Descriptor, Exemplar, HistogramValue, Point, StateSetValue, SummaryValue } from '../../model/family.ts';
import { labelPairs } from '../../model/label-set.ts';
import { openMetricsName } from '../../model/sample-names.ts';
import { type Baseline, CLASSIC, type Delta, deltaOf, EXPONENTIAL, type Kind, NUMBER } from './delta.ts';
import { denseOf, exponentialOf, totalOf } from './exponential.ts';
import {
  BUCKETS,
  EXPONENTIAL_POINT,
  type Field,
  HISTOGRAM_POINT,
  NUMBER_POINT,
  QUANTILE,
  SUMMARY_POINT,
} from './fields.ts';
import type { MessageWriter } from './message-writer.ts';
import { hasDeltas, MetricBuilder } from './metric-builder.ts';
import type { EncodedMetric } from './otlp-requests.ts';
import { type FamilySeries, type OtlpSeries, type SeriesTable, type Shape, seriesOf } from './otlp-series.ts';
import { PointWriter, type StateLabel } from './point-writer.ts';
import { scopeOf } from './scope.ts';

/** The family whose labels describe the process rather than a series (OpenMetrics: target info). */
const TARGET_INFO = 'target_info';
/** Number of series that are looked at in a step. */
const SERIES_PER_STEP = 512;

export interface OtlpEncoderOptions {
  readonly newWriter: () => MessageWriter;
  readonly table: SeriesTable;
  /** Number of the gathering, from 1. */
  readonly gathering: number;
  /** Time of the gathering in Unix seconds. */
  readonly time: number;
  readonly isDelta: boolean;
  readonly nativeHistograms: boolean;
  readonly maxPoints: number;
}

/**
 * Converts a gathering to metrics of OTLP (OpenTelemetry: Prometheus and OpenMetrics compatibility). A point is written apart,
 * and copied once it is complete: the output never has to be rewound.
 */
export class OtlpEncoder implements FormatEncoder, Rewindable {
  readonly position = 0;
  readonly metrics: EncodedMetric[] = [];
  /** Labels of the target info, which are attributes of the resource. */
  readonly resource = new Map<string, string>();
  readonly #options: OtlpEncoderOptions;
  readonly #point: PointWriter;
  #family: FamilySeries | undefined;
  #isTarget = false;
  /** Builders of the family by shape and scope. */
  readonly #builders = new Map<string, MetricBuilder>();

  constructor(options: OtlpEncoderOptions) {
    this.#options = options;
    this.#point = new PointWriter(options.newWriter(), options);
  }

  rewind(): void {}

  family(descriptor: Descriptor): void {
    this.#endFamily();
    const { name, type, unit } = descriptor;
    this.#point.beginFamily();
    this.#isTarget = type === 'info' && name === TARGET_INFO;
    // Receivers of Prometheus append other units to the name.
    const shown = suffixUnit(openMetricsName(descriptor) ?? name, type, unit, {});
    if (!this.#isTarget) this.#family = this.#options.table.family({ ...descriptor, unit: shown });
  }

  counter(point: Point, value: number, exemplar?: Exemplar): void {
    const series = this.#seriesOf('counter', point);
    const shown = this.#sinceBaseline(NUMBER, series, point, value);
    if (shown === undefined) return;
    this.#point.openNumber(point, shown.value, shown.startTimestamp);
    if (exemplar !== undefined) this.#point.exemplars(NUMBER_POINT.exemplars, [exemplar], shown.startTimestamp);
    this.#add(series, point, value);
  }

  gauge(point: Point, value: number): void {
    const series = this.#seriesOf('gauge', point);
    this.#point.openNumber(point, value, undefined);
    this.#add(series, point);
  }

  unknown(point: Point, value: number): void {
    this.gauge(point, value);
  }

  info(point: Point): void {
    if (this.#isTarget) for (const [name, value] of labelPairs(point.labels)) this.resource.set(name, value);
    else this.#state(point, 1);
  }

  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    const name = this.#family?.descriptor.name ?? '';
    for (const [index, state] of states.entries()) this.#state(point, Number(enabled[index]), [name, state]);
  }

  histogram(point: Point, value: HistogramValue): void {
    const { native } = value;
    if (this.#family?.descriptor.type === 'gaugehistogram') {
      throw new RangeError('Gauge histograms must be left out of OTLP, which has no type for them.');
    }
    if (native !== undefined && this.#options.nativeHistograms) this.#exponential(point, { ...value, native });
    else this.#classic(point, value);
  }

  summary(point: Point, { count, sum, quantiles, hasCount, hasSum }: SummaryValue): void {
    const series = this.#seriesOf('summary', point);
    const writer = this.#point.open(SUMMARY_POINT, point, point.startTimestamp);
    if (hasCount !== false) writer.count(SUMMARY_POINT.count, checkedCount(count));
    if (hasSum !== false) writer.double(SUMMARY_POINT.sum, sum);
    writer.openList(SUMMARY_POINT.quantileValues);
    for (const { quantile, value } of quantiles) {
      writer.openItem(SUMMARY_POINT.quantileValues);
      writer.double(QUANTILE.quantile, quantile);
      writer.double(QUANTILE.value, value);
      writer.close();
    }
    writer.closeList();
    this.#add(series, point);
  }

  end(): void {
    this.#endFamily();
  }

  /** Steps that add the ends of series that are no longer there. */
  *endedSeries(): Generator<void, void, void> {
    for (const family of [...this.#options.table.families]) {
      const isComplete = family.seen === family.byKey.size;
      family.seen = 0;
      // Usually. Looking at 100,000 series takes several milliseconds.
      if (!isComplete) yield* this.#endSeries(family);
      this.#endFamily();
    }
  }

  #state(point: Point, value: number, label?: StateLabel): void {
    const series = this.#seriesOf('state', point, label);
    this.#point.openNumber(point, value, undefined, label);
    this.#add(series, point);
  }

  #classic(point: Point, { upperBounds, bucketCounts, count, sum, hasSum, exemplars }: HistogramValue): void {
    const series = this.#seriesOf('histogram', point);
    const counts = Array.from(bucketCounts, checkedCount);
    // As in an exposition, the last bucket also counts observations of NaN.
    const last = counts.length - 1;
    counts[last] = checkedCount(count) - counts.slice(0, last).reduce((total, each) => total + each, 0);
    const value = { upperBounds, counts, sum };
    const shown = this.#sinceBaseline(CLASSIC, series, point, value);
    if (shown === undefined) return;
    const writer = this.#point.open(HISTOGRAM_POINT, point, shown.startTimestamp);
    writer.count(
      HISTOGRAM_POINT.count,
      shown.value.counts.reduce((total, each) => total + each, 0),
    );
    if (hasSum !== false) writer.double(HISTOGRAM_POINT.sum, shown.value.sum);
    writer.counts(HISTOGRAM_POINT.bucketCounts, shown.value.counts);
    writer.doubles(HISTOGRAM_POINT.explicitBounds, upperBounds);
    this.#point.exemplars(HISTOGRAM_POINT.exemplars, Array.from(exemplars ?? []), shown.startTimestamp);
    this.#add(series, point, value);
  }

  #exponential(point: Point, value: Parameters<typeof exponentialOf>[0]): void {
    const series = this.#seriesOf('exponentialHistogram', point);
    const now = exponentialOf(value);
    const shown = this.#sinceBaseline(EXPONENTIAL, series, point, now);
    if (shown === undefined) return;
    const { scale, sum, zeroCount, zeroThreshold, positive, negative } = shown.value;
    const writer = this.#point.open(EXPONENTIAL_POINT, point, shown.startTimestamp);
    writer.count(EXPONENTIAL_POINT.count, totalOf(shown.value));
    writer.double(EXPONENTIAL_POINT.sum, sum);
    writer.signed(EXPONENTIAL_POINT.scale, scale);
    writer.count(EXPONENTIAL_POINT.zeroCount, zeroCount);
    writeBuckets(writer, EXPONENTIAL_POINT.positive, positive);
    writeBuckets(writer, EXPONENTIAL_POINT.negative, negative);
    this.#point.exemplars(EXPONENTIAL_POINT.exemplars, value.native.exemplars ?? [], shown.startTimestamp);
    writer.double(EXPONENTIAL_POINT.zeroThreshold, zeroThreshold);
    this.#add(series, point, now);
  }

  #seriesOf(shape: Shape, point: Point, label?: StateLabel): OtlpSeries {
    if (this.#family === undefined) throw new Error('A point must belong to a family.');
    const series = seriesOf(this.#family, shape, point.labels, scopeOf, label);
    if (series.seenIn === this.#options.gathering) {
      throw new Error(`A series must occur once in a gathering, got ${this.#family.descriptor.name} twice.`);
    }
    return series;
  }

  /** Returns the value to send; undefined if there is none yet. */
  #sinceBaseline<V extends Baseline['value']>(
    kind: Kind<V>,
    series: OtlpSeries,
    point: Point,
    value: V,
  ): Delta<V> | undefined {
    const { startTimestamp } = point;
    if (!this.#options.isDelta) return { value, startTimestamp };
    const delta = deltaOf(kind, series, { value, startTimestamp, time: this.#point.timeOf(point) });
    if (delta === undefined) this.#markSeen(series, point);
    return delta;
  }

  /** Ends the point in the writer, and adds it to its metric. `value` is the baseline of the next delta. */
  #add(series: OtlpSeries, point: Point, value?: Baseline['value']): void {
    const builder = this.#builderOf(series);
    builder.add(this.#point.complete());
    if (this.#options.isDelta && value !== undefined) {
      builder.change(series, { value, startTimestamp: point.startTimestamp, time: this.#point.timeOf(point) });
    }
    this.#markSeen(series, point);
    this.#endIfFull(series, builder);
  }

  #markSeen(series: OtlpSeries, point: Point): void {
    series.seenIn = this.#options.gathering;
    series.family.seen++;
    series.hasOwnTimestamp = point.timestamp !== undefined;
  }

  #builderOf({ shape, scope, family }: OtlpSeries): MetricBuilder {
    const key = shape + scope.key;
    const known = this.#builders.get(key);
    if (known !== undefined) return known;
    const { table, gathering, newWriter } = this.#options;
    const isDelta = this.#options.isDelta && hasDeltas(shape);
    const options = { descriptor: family.descriptor, shape, scope, isDelta, table, gathering };
    const builder = new MetricBuilder(options, newWriter());
    this.#builders.set(key, builder);
    return builder;
  }

  #endIfFull({ shape, scope }: OtlpSeries, builder: MetricBuilder): void {
    if (!builder.isFull(this.#options.maxPoints)) return;
    this.metrics.push(builder.end(this.#options.newWriter()));
    this.#builders.delete(shape + scope.key);
  }

  #endFamily(): void {
    for (const builder of this.#builders.values()) this.metrics.push(builder.end(this.#options.newWriter()));
    this.#builders.clear();
    this.#family = undefined;
  }

  /** Writes a point without a value for each series of a family that is no longer there. */
  *#endSeries({ byKey }: FamilySeries): Generator<void, void, void> {
    const { table, gathering, isDelta } = this.#options;
    let looked = 0;
    for (const series of byKey.values()) {
      if (++looked % SERIES_PER_STEP === 0) yield;
      if (series.seenIn === gathering) continue;
      const isSilent = series.seenIn === 0 || series.hasOwnTimestamp || (isDelta && hasDeltas(series.shape));
      if (isSilent) table.remove(series, gathering);
      else this.#endOf(series);
    }
  }

  #endOf(series: OtlpSeries): void {
    const builder = this.#builderOf(series);
    builder.add(this.#point.end(series));
    builder.change(series, undefined);
    this.#endIfFull(series, builder);
  }
}

function writeBuckets(writer: MessageWriter, field: Field, buckets: ReadonlyMap<number, number>): void {
  const dense = denseOf(buckets);
  if (dense === undefined) return;
  writer.open(field);
  writer.signed(BUCKETS.offset, dense.offset);
  writer.varints(BUCKETS.bucketCounts, dense.counts);
  writer.close();
}

function checkedCount(count: number): number {
  if (Number.isInteger(count) && count >= 0 && count < 2 ** 64) return count;
  throw new RangeError(`A count must be a whole number in OTLP, got ${count}.`);
}
