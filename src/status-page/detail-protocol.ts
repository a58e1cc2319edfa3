/** Answers of the server to single questions of the page. Both sides import these types. */
import type { LabelList, Line, Value } from './protocol.ts';

/** Series of one family, sorted as they are exposed. */
export interface SeriesPage {
  readonly name: string;
  /** When the values were sampled. */
  readonly time: number;
  /** Number of series of the family. */
  readonly total: number;
  /** Position of the first one of `series`. */
  readonly offset: number;
  /** Series of the family without a history, which are not listed. */
  readonly untracked: number;
  /** Times of the points of `line`. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  /** Latest exemplars of the family. */
  readonly exemplars: readonly ExemplarRecord[];
}

export interface Series {
  readonly labels: LabelList;
  /** As in {@link FamilyValues}. A state set has the enabled states instead, and an info nothing. */
  readonly value?: Value | undefined;
  readonly rate?: number | undefined;
  readonly mean?: number | undefined;
  readonly enabled?: readonly string[] | undefined;
  /** As in {@link FamilyHistory}, with a point every ten seconds. */
  readonly line: Line;
}

export interface ExemplarRecord {
  /** Labels of the series. */
  readonly series: LabelList;
  /** Labels of the exemplar, such as `trace_id`. */
  readonly labels: LabelList;
  readonly value: Value;
  readonly time?: number | undefined;
}

/** Cost of the metrics. Computed when it is asked for, at most every five seconds. */
export interface CardinalityReport {
  readonly time: number;
  readonly series: number;
  /** Bytes of all families in the text format. */
  readonly bytes: number;
  /** By bytes, largest first. */
  readonly families: readonly FamilyCost[];
  /** By number of values, largest first. */
  readonly labels: readonly LabelCost[];
}

export interface FamilyCost {
  readonly name: string;
  readonly series: number;
  readonly bytes: number;
  /** Updates that went to the overflow series, because the metric has reached its `maxSeries`. */
  readonly overflowed: number;
  /** Series dropped because they were not updated for too long. */
  readonly expired: number;
}

export interface LabelCost {
  readonly family: string;
  readonly label: string;
  /** Number of values; 10,000 stands for more, too. */
  readonly values: number;
  /** A few of the values. */
  readonly examples: readonly string[];
}
