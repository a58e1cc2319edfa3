import type { FormatEncoder } from '../../exposition/encoding/format.ts';
import type { Rewindable } from '../../exposition/encoding/guarded-encoder.ts';
import type { Descriptor, Exemplar, HistogramValue, Point, StateSetValue, SummaryValue } from '../../model/family.ts';
import { openMetricsFloat } from '../../model/float-layout.ts';
import { customBucketsOf } from './custom-buckets.ts';
import { encodeHistogram } from './histogram-message.ts';
import type { SampleExtra, Samples, SentExemplar } from './samples.ts';
import type { AddedLabel, SeriesTable } from './write-series.ts';

export interface SampleEncoderOptions {
  /** Sends histograms that have native buckets as native histograms, instead of their classic buckets. */
  readonly nativeHistograms: boolean;
  /** Makes one sample of all other histograms, unless a part of them is missing. */
  readonly customBuckets: boolean;
}

/**
 * Collects the samples of a gathering: those that a scrape of OpenMetrics would store, or of protobuf for native
 * histograms. The encoder of remote write: both versions of the protocol are written from the result.
 */
export class SampleEncoder implements FormatEncoder, Rewindable {
  readonly #samples: Samples;
  readonly #table: SeriesTable;
  readonly #gathering: number;
  readonly #options: SampleEncoderOptions;
  #family: Descriptor = { name: '', help: '', type: 'unknown' };

  /** Adds to `samples`, and marks the series in `table` as seen in this gathering. */
  constructor(samples: Samples, table: SeriesTable, gathering: number, options: SampleEncoderOptions) {
    this.#samples = samples;
    this.#table = table;
    this.#gathering = gathering;
    this.#options = options;
  }

  get position(): number {
    return this.#samples.length;
  }

  rewind(position: number): void {
    const { series } = this.#samples;
    for (let index = position; index < series.length; index++) series[index]!.seenIn = series[index]!.seenBefore;
    this.#samples.truncate(position);
  }

  family({ name, help, type, unit }: Descriptor): void {
    this.#family = { name, help, type, unit };
  }

  counter(point: Point, value: number, exemplar?: Exemplar): void {
    const { name } = this.#family;
    this.#add(
      name,
      point,
      value,
      undefined,
      exemplar === undefined ? undefined : { exemplars: [this.#sent(exemplar)] },
    );
  }

  gauge(point: Point, value: number): void {
    this.#add(this.#family.name, point, value);
  }

  unknown(point: Point, value: number): void {
    this.#add(this.#family.name, point, value);
  }

  info(point: Point): void {
    this.#add(this.#family.name, point, 1);
  }

  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    const { name } = this.#family;
    for (const [index, state] of states.entries()) {
      this.#add(name, point, Number(enabled[index]), { name, value: state });
    }
  }

  histogram(point: Point, value: HistogramValue): void {
    const { native } = value;
    // Without classic buckets there is only the last one, up to +Inf.
    if (native !== undefined && this.#options.nativeHistograms) {
      const exemplars = native.exemplars?.map((exemplar) => this.#sent(exemplar));
      const histogram = encodeHistogram({ ...value, native }, this.#family.type === 'gaugehistogram');
      this.#add(this.#family.name, point, 0, undefined, { histogram, exemplars });
      return;
    }
    if (this.#options.customBuckets && value.hasCount !== false && value.hasSum !== false) {
      const custom = customBucketsOf(value, this.#family.type === 'gaugehistogram');
      const exemplars = Array.from(value.exemplars ?? []).filter((exemplar) => exemplar !== undefined);
      const sent = exemplars.map((exemplar) => this.#sent(exemplar));
      this.#add(this.#family.name, point, 0, undefined, { custom, exemplars: sent });
      return;
    }
    this.#buckets(point, value);
    this.#totals(point, value);
  }

  summary(point: Point, value: SummaryValue): void {
    for (const { quantile, value: observed } of value.quantiles) {
      this.#add(this.#family.name, point, observed, { name: 'quantile', value: openMetricsFloat(quantile) });
    }
    this.#totals(point, value);
  }

  end(): void {}

  #buckets(point: Point, { upperBounds, bucketCounts, count, exemplars }: HistogramValue): void {
    const name = `${this.#family.name}_bucket`;
    let cumulative = 0;
    for (let index = 0; index <= upperBounds.length; index++) {
      const isLast = index === upperBounds.length;
      cumulative = isLast ? count : cumulative + bucketCounts[index]!;
      const le = isLast ? '+Inf' : openMetricsFloat(upperBounds[index]!);
      const exemplar = exemplars?.[index];
      const extra = exemplar === undefined ? undefined : { exemplars: [this.#sent(exemplar)] };
      this.#add(name, point, cumulative, { name: 'le', value: le }, extra);
    }
  }

  #totals(point: Point, { sum, count, hasSum, hasCount }: HistogramValue | SummaryValue): void {
    const { name, type } = this.#family;
    const prefix = type === 'gaugehistogram' ? `${name}_g` : `${name}_`;
    if (hasCount !== false) this.#add(`${prefix}count`, point, count);
    if (hasSum !== false) this.#add(`${prefix}sum`, point, sum);
  }

  #add(name: string, point: Point, value: number, added?: AddedLabel, extra?: SampleExtra): void {
    const series = this.#table.find(name, point.labels, added, this.#family);
    if (series.seenIn === this.#gathering) {
      throw new Error(`A series must occur once in a gathering, got ${name} with the same labels twice.`);
    }
    const timestampMs = millisecondsOf(point.timestamp);
    series.seenBefore = series.seenIn;
    series.seenIn = this.#gathering;
    series.histogram = extra?.histogram === undefined ? extra?.custom : 'native';
    series.hasOwnTimestamp = timestampMs !== undefined;
    const startMs = Math.max(0, millisecondsOf(point.startTimestamp) ?? 0);
    this.#samples.add(series, value, startMs, timestampMs === undefined ? extra : { ...extra, timestampMs });
  }

  #sent({ labels, value, timestamp }: Exemplar): SentExemplar {
    const flat = Object.entries(labels).flatMap(([name, text]) => [name, String(text)]);
    return { labels: flat, value, timestampMs: millisecondsOf(timestamp) ?? this.#samples.timestampMs };
  }
}

/** Returns undefined for times that receivers cannot store, as if there were none. */
function millisecondsOf(seconds: number | undefined): number | undefined {
  const milliseconds = seconds === undefined ? Number.NaN : Math.round(seconds * 1000);
  return Number.isSafeInteger(milliseconds) ? milliseconds : undefined;
}
