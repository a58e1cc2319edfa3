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

/**
 * Key of a method that returns points as rows. Points have it if each iteration would create them anew: creating the object
 * of its labels takes most of the time of a point.
 */
export const ROWS = Symbol('rows');

/** Points that can be read as rows. */
export interface RowSource {
  [ROWS](): Iterable<SampleRow>;
}

/** Returns the points as rows; undefined if they are objects, which are faster to read as they are. */
export function rowsOf(points: Iterable<unknown> & Partial<RowSource>): Iterable<SampleRow> | undefined {
  return points[ROWS]?.();
}
