import type { LabelValues } from './label-values.ts';

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
