import type { Descriptor } from '../model/family.ts';
import type { SeriesTable } from './series/series-table.ts';

/** Version of {@link SharedMetric}. */
export const SHARING_VERSION = 1;

/** Plain data from which another thread builds a metric around the rows of this one. */
export interface MetricDefinition {
  readonly descriptor: Descriptor;
  readonly labelNames: readonly string[];
  readonly constLabels: Readonly<Record<string, string>>;
  /** The options of the metric's type. */
  readonly shape: MetricShape;
}

/** Options of a metric that only its type has, as plain data; `isPeak` tells a `PeakGauge` from a `Gauge`. */
export type MetricShape = Readonly<Record<string, unknown>>;

/** The part of a metric's values that its number columns cannot hold: exemplars, quantiles, exponential buckets. */
export interface Details {
  /** Whether the metric has such values so far. */
  readonly hasDetails: boolean;
  /** Returns those of a row as plain data. */
  detailOf(row: number): unknown;
  /** Shows these values, by row, which `detailOf()` of the same metric in another thread returned. */
  followDetails(byRow: readonly unknown[]): void;
}

/** A metric as other threads see it. */
export interface SharedMetric {
  /** Version of this interface: the metric may come from another copy of the package. */
  readonly version: typeof SHARING_VERSION;
  readonly definition: MetricDefinition;
  readonly table: SeriesTable;
  readonly details: Details | undefined;
}
