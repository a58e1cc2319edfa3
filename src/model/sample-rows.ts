import type { Exemplar } from './family.ts';

/** A sample whose value is a number, with its labels as lists. Valid only until the next one is read. */
export interface SampleRow {
  readonly labelNames: readonly string[];
  readonly labelValues: readonly string[];
  readonly value: number;
  readonly timestamp: number | undefined;
  readonly startTimestamp: number | undefined;
  readonly exemplar: Exemplar | undefined;
}

/** Points that are read one after the other, without creating anything for each: it is the row that was read last. */
export interface SampleRows extends SampleRow {
  /** The label values in UTF-8. Unlike `labelValues`, they take no time. */
  readonly labelTexts: readonly Utf8Text[];
  /** Reads the next point; false if there is none. */
  next(): boolean;
}

/** A text of the first `length` bytes. */
export interface Utf8Text {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/**
 * Key of a method that reads points as rows. Points have it if each iteration would create them anew: creating the object
 * of its labels takes most of the time of a point.
 */
export const ROWS = Symbol('rows');

/** Points that can be read as rows. */
export interface RowSource {
  [ROWS](): SampleRows;
}

/** Returns the points as rows; undefined if they are objects, which are faster to read as they are. */
export function rowsOf(points: Iterable<unknown> & Partial<RowSource>): SampleRows | undefined {
  return points[ROWS]?.();
}
