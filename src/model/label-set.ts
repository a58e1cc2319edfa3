import type { LabelValues } from './label-values.ts';
import { seriesKey } from './labels.ts';

/** Label names and the ids of their values. Two sets with the same array of names have the same names. */
export interface LabelSet {
  /** Names of the labels. */
  readonly names: readonly string[];
  /** Possible values of each label. While a family is encoded, the same array holds the same objects. */
  readonly values: readonly LabelValues[];
  /** For each label, the id of its value in `values`. */
  readonly ids: Int32Array;
}

/** The label set without labels. */
export const NO_LABELS: LabelSet = { names: [], values: [], ids: new Int32Array(0) };

/** Returns the labels as pairs of name and value. */
export function labelPairs({ names, values, ids }: LabelSet): [name: string, value: string][] {
  return names.map((name, index) => [name, values[index]!.texts[ids[index]!]!]);
}

/** Returns the {@link seriesKey} of a label set. */
export function labelKey(labels: LabelSet): string {
  return seriesKey(labelPairs(labels));
}

/** Rows of series whose values are numbers, as a metric keeps them, for encoders that write many at once. */
export interface NumberRows {
  /** Names of the labels. */
  readonly names: readonly string[];
  /** Possible values of each label. */
  readonly values: readonly LabelValues[];
  /** For each row from row 0, an id for each label. The first is negative if the row is empty. */
  readonly ids: Int32Array;
  /** Value of each row. */
  readonly numbers: Float64Array;
  /** Unix seconds at which the series of each row started, if known. */
  readonly startTimestamps: Float64Array | undefined;
}
