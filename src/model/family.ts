import type { LabelSet } from './label-set.ts';
import type { Labels } from './labels.ts';

/** Type of a metric family, as OpenMetrics names it. `unknown` is `untyped` in the text format. */
export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown';

/**
 * How `collectWorkers()` shows a gauge that several workers have: each worker's value with a label `worker`, or one value
 * for all. `mostRecent` is the value that was set last. Modes that begin with `kept` also count the last values of workers that
 * have ended.
 */
export type AcrossWorkers =
  | 'perWorker'
  | 'sum'
  | 'min'
  | 'max'
  | 'mean'
  | 'mostRecent'
  | 'keptSum'
  | 'keptMin'
  | 'keptMax'
  | 'keptMostRecent';

/** Properties that all series of a family share. */
export interface Descriptor {
  /** Full name of the samples, such as `http_requests_total`. Formats that need it without the suffix remove the suffix. */
  readonly name: string;
  /** Help text. */
  readonly help: string;
  /** Metric type. */
  readonly type: MetricType;
  /** Unit, such as `seconds` or `bytes`; a suffix of the name. */
  readonly unit?: string | undefined;
  /**
   * How `collectWorkers()` merges the family, if it is a gauge, or a state set with `perWorker` or `mostRecent`.
   *
   * @defaultValue `'perWorker'`
   */
  readonly acrossWorkers?: AcrossWorkers | undefined;
}

/** Labels and times of a value. Valid only during the call that it is passed to: encoders copy what they keep. */
export interface Point {
  /** Labels of the series. */
  readonly labels: LabelSet;
  /** Time of the value in Unix seconds. Usually undefined; scrapers then use their own clock. */
  readonly timestamp: number | undefined;
  /** Unix seconds at which a counter, histogram or summary started at zero. */
  readonly startTimestamp: number | undefined;
  /** Unix seconds at which a gauge or state set was set, if it keeps that to find out which of several workers set it last. */
  readonly setTimestamp?: number | undefined;
}

/** An example of an observation, such as the trace of a request. */
export interface Exemplar {
  /** Labels that identify the example, such as `trace_id`. */
  readonly labels: Labels;
  /** Observed value. */
  readonly value: number;
  /** Time of the observation in Unix seconds. */
  readonly timestamp?: number | undefined;
}

/** The distribution of one series. `count` exceeds the total of the buckets only by observations of NaN. */
export interface HistogramValue {
  /** Inclusive upper bounds, finite and increasing. The last bucket, up to +Inf, is implied. */
  readonly upperBounds: readonly number[];
  /** Observations in each bucket, not cumulative: one more entry than `upperBounds`. */
  readonly bucketCounts: ArrayLike<number>;
  /** Number of observations; if `hasCount` is false, the total of the buckets. */
  readonly count: number;
  /** Sum of all observations; NaN if `hasSum` is false. */
  readonly sum: number;
  /**
   * Whether the parsed document has the count. False only for parsed histograms.
   *
   * @defaultValue `true`
   */
  readonly hasCount?: boolean | undefined;
  /**
   * Whether the parsed document has the sum. False only for parsed histograms.
   *
   * @defaultValue `true`
   */
  readonly hasSum?: boolean | undefined;
  /** Latest exemplar of each bucket. */
  readonly exemplars?: ArrayLike<Exemplar | undefined> | undefined;
  /** The same distribution in exponential buckets. `upperBounds` is empty unless the histogram also has classic buckets. */
  readonly native?: NativeHistogramValue | undefined;
}

/**
 * A distribution in exponential buckets: the inclusive upper bound of bucket i is (2 ** 2 ** -schema) ** i (native
 * histograms specification).
 */
export interface NativeHistogramValue {
  /** Resolution, -4 to 8; the next schema has twice as many buckets. */
  readonly schema: number;
  /** Observations within this distance from zero are counted in `zeroCount`. */
  readonly zeroThreshold: number;
  /** Observations close to zero. */
  readonly zeroCount: number;
  /** Buckets of positive observations. */
  readonly positive: NativeBucketCounts;
  /** Buckets of negative observations, by their absolute value. */
  readonly negative: NativeBucketCounts;
  /** Exemplars, each with a timestamp. */
  readonly exemplars?: readonly Exemplar[] | undefined;
}

/** Non-empty buckets by increasing index, as two lists of the same length. */
export interface NativeBucketCounts {
  /** Index of each bucket. */
  readonly indexes: ArrayLike<number>;
  /** Observations in each bucket. */
  readonly counts: ArrayLike<number>;
}

/** Count, sum and quantiles of the observations of one series. */
export interface SummaryValue {
  /** Number of observations; NaN if `hasCount` is false. */
  readonly count: number;
  /** Sum of all observations; NaN if `hasSum` is false. */
  readonly sum: number;
  /**
   * Whether the parsed document has the count. False only for parsed summaries.
   *
   * @defaultValue `true`
   */
  readonly hasCount?: boolean | undefined;
  /**
   * Whether the parsed document has the sum. False only for parsed summaries.
   *
   * @defaultValue `true`
   */
  readonly hasSum?: boolean | undefined;
  /** Quantiles in increasing order; a value is NaN if nothing was observed. */
  readonly quantiles: readonly QuantileValue[];
}

/** One quantile of a summary. */
export interface QuantileValue {
  /** From 0 to 1. */
  readonly quantile: number;
  /** Value at the quantile, in the unit of the family; NaN if nothing was observed. */
  readonly value: number;
}

/** States of one series, each enabled or not. */
export interface StateSetValue {
  /** Names of the states. */
  readonly states: readonly string[];
  /** For each state, 1 or true if it is enabled, otherwise 0 or false. */
  readonly enabled: ArrayLike<number | boolean>;
}

/** Value of a point of each type. */
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

/** One series of a family that is plain data. */
export interface Sample<T extends MetricType = MetricType> {
  /** Labels by name. */
  readonly labels?: Labels | undefined;
  /** Value of the family's type. */
  readonly value: Values[T];
  /** Time of the value in Unix seconds. */
  readonly timestamp?: number | undefined;
  /** Unix seconds at which a counter, histogram or summary started at zero. */
  readonly startTimestamp?: number | undefined;
  /** Exemplar of a value that is a number. Exemplars of histograms are part of the value. Written for counters only. */
  readonly exemplar?: Exemplar | undefined;
  /** All exemplars of a parsed line that has more than fit into `exemplar` or the value. */
  readonly exemplars?: readonly Exemplar[] | undefined;
}

type FamilyOf<T extends MetricType> = T extends MetricType
  ? Descriptor & { readonly type: T; readonly points: Iterable<Sample<T>> }
  : never;

/** A family as plain data, as custom collectors return it and parsers read it. Narrow it by `type`. */
export type MetricFamily<T extends MetricType = MetricType> = FamilyOf<T>;
