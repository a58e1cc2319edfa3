import type { LabelSet } from './label-set.ts';
import type { Labels } from './labels.ts';

export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown';

/** What all series of a family share. */
export interface Descriptor {
  /** The full sample name, `http_requests_total`; formats that want it without the suffix take it off themselves. */
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  /** `seconds`, `bytes`, ...; a suffix of the name. */
  readonly unit?: string | undefined;
}

/** Which series a value belongs to and when. Valid during the call that it is passed to: encoders copy what they keep. */
export interface Point {
  readonly labels: LabelSet;
  /** Unix seconds; most points have none, and the scraper's clock counts. */
  readonly timestamp: number | undefined;
  /** Unix seconds at which a counter, histogram or summary began at zero. */
  readonly startTimestamp: number | undefined;
}

/** A trace, or whatever else, that stands for the observations around it. */
export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  /** Unix seconds. */
  readonly timestamp?: number | undefined;
}

/** The distribution of one series. `count` may exceed the buckets' total only by observations of NaN. */
export interface HistogramValue {
  /** Finite and increasing, inclusive; the last bucket, up to +Inf, is implied. */
  readonly upperBounds: readonly number[];
  /** Observations in each bucket, not cumulative: one more entry than `upperBounds`. */
  readonly bucketCounts: ArrayLike<number>;
  /** That of the buckets where `hasCount` is false. */
  readonly count: number;
  /** NaN where `hasSum` is false. */
  readonly sum: number;
  /** Whether a document told the count. Default true; only parsed histograms may lack it. */
  readonly hasCount?: boolean | undefined;
  /** Whether a document told the sum. Default true; only parsed histograms may lack it. */
  readonly hasSum?: boolean | undefined;
  /** The latest exemplar of each bucket. */
  readonly exemplars?: ArrayLike<Exemplar | undefined> | undefined;
  /** The same distribution in exponential buckets. Without classic buckets beside it, `upperBounds` is empty. */
  readonly native?: NativeHistogramValue | undefined;
}

/** Exponential buckets: bucket i ends, inclusively, at (2 ** 2 ** -schema) ** i (native histograms specification). */
export interface NativeHistogramValue {
  /** -4 to 8; one more doubles the resolution. */
  readonly schema: number;
  /** Observations that are no further from zero than `zeroThreshold` are counted in `zeroCount`. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: NativeBucketCounts;
  /** By the absolute value of what was observed. */
  readonly negative: NativeBucketCounts;
  /** Each with a timestamp. */
  readonly exemplars?: readonly Exemplar[] | undefined;
}

/** Buckets that hold something, by increasing index; two arrays of the same length. */
export interface NativeBucketCounts {
  readonly indexes: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

export interface SummaryValue {
  /** NaN where `hasCount` is false. */
  readonly count: number;
  /** NaN where `hasSum` is false. */
  readonly sum: number;
  /** Whether a document told the count. Default true; only parsed summaries may lack it. */
  readonly hasCount?: boolean | undefined;
  /** Whether a document told the sum. Default true; only parsed summaries may lack it. */
  readonly hasSum?: boolean | undefined;
  /** By increasing quantile; a value is NaN where nothing was observed. */
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
}

export interface StateSetValue {
  readonly states: readonly string[];
  /** For each state 1 (or true) or 0 (or false). */
  readonly enabled: ArrayLike<number | boolean>;
}

/** What a point of each type holds. */
interface Values {
  readonly counter: number;
  readonly gauge: number;
  readonly histogram: HistogramValue;
  readonly gaugehistogram: HistogramValue;
  readonly summary: SummaryValue;
  readonly info: 1;
  readonly stateset: StateSetValue;
  readonly unknown: number;
}

/** One series of a plain family. */
export interface Sample<T extends MetricType = MetricType> {
  readonly labels?: Labels | undefined;
  readonly value: Values[T];
  /** Unix seconds. */
  readonly timestamp?: number | undefined;
  /** Unix seconds. */
  readonly startTimestamp?: number | undefined;
  /** Of a value that is a number; a histogram's exemplars stand in its value. Only those of counters are written. */
  readonly exemplar?: Exemplar | undefined;
  /** All exemplars of a parsed line that has more of them than `exemplar` or the value have room for. */
  readonly exemplars?: readonly Exemplar[] | undefined;
}

type FamilyOf<T extends MetricType> = T extends MetricType
  ? Descriptor & { readonly type: T; readonly points: Iterable<Sample<T>> }
  : never;

/** A family as plain data: what custom collectors return. Narrow it by `type`. */
export type MetricFamily<T extends MetricType = MetricType> = FamilyOf<T>;
