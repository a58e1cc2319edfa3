import type { LabelValues } from './label-values.ts';
import { seriesKey } from './labels.ts';

/** Label names and, at the same index, their values. Names that are the same array are the same names. */
export interface LabelSet {
  readonly names: readonly string[];
  /** The values that each label may have. While a family is encoded, the same array goes on holding the same objects. */
  readonly values: readonly LabelValues[];
  /** Of each label the id of its value among those. */
  readonly ids: Int32Array;
}

export const NO_LABELS: LabelSet = { names: [], values: [], ids: new Int32Array(0) };

/** The labels as pairs of name and text. */
export function labelPairs({ names, values, ids }: LabelSet): [name: string, value: string][] {
  return names.map((name, index) => [name, values[index]!.texts[ids[index]!]!]);
}

/** Series that are a number each, in rows, as they are kept: for encoders that take many of them at a time. */
export interface NumberRows {
  readonly names: readonly string[];
  /** The values that each label may have. */
  readonly values: readonly LabelValues[];
  /** For each row, from row 0 on, an id for each label; the first is negative where there is no series. */
  readonly ids: Int32Array;
  /** By row. */
  readonly numbers: Float64Array;
  /** By row: Unix seconds at which the series began, where that is known. */
  readonly startTimestamps: Float64Array | undefined;
}

/** Returns the {@link seriesKey} of a label set. */
export function labelKey(labels: LabelSet): string {
  return seriesKey(labelPairs(labels));
}
