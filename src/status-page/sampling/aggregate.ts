import type { HistogramValue, StateSetValue, SummaryValue } from '../../model/family.ts';
import type { LabelSet } from '../../model/label-set.ts';
import type { Family, FamilyValues } from '../protocol.ts';
import type { TrackedSeries } from './family-series.ts';

/** Properties of a family besides its name, help, type, unit and values. */
export type Shape = Pick<Family, 'aggregate' | 'upperBounds' | 'states' | 'facts'>;

/** Lines in this order: the line of the family, three quantiles, buckets, states. */
export interface LineCounts {
  readonly quantiles: number;
  readonly buckets: number;
  readonly states: number;
}

/**
 * Combines the series of one family. Its methods are called for each sample: `begin()`, then the method of the family's
 * type for each series, then `end()`. A series that is not tracked is passed as undefined.
 */
export interface Aggregate {
  /** `seconds` have passed since the sample before; undefined if there was none, or too long ago. */
  begin(seconds: number | undefined): void;
  number?(series: TrackedSeries | undefined, value: number): void;
  histogram?(series: TrackedSeries | undefined, value: HistogramValue): void;
  summary?(series: TrackedSeries | undefined, value: SummaryValue): void;
  info?(labels: LabelSet): void;
  stateSet?(series: TrackedSeries | undefined, value: StateSetValue): void;
  /** Returns the values of this sample, with the number of series. */
  end(series: number): FamilyValues;
  shape(): Shape;
  readonly lines: LineCounts;
  /** The latest points of the lines, in the order of `LineCounts`. */
  readonly points: readonly number[];
}

export const NO_LINES: LineCounts = { quantiles: 0, buckets: 0, states: 0 };
