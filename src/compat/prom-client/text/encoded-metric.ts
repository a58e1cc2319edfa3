import type { SeriesRows } from '../series/series-rows.ts';
import type { RowLines } from './row-lines.ts';
import type { MetricValue } from './samples.ts';

/** Where metrics keep what writes their text. All copies of the package in a process know it. */
export const ENCODE = Symbol.for('zeroprom.prom-client.encode.1');

/** Writes the lines of a metric from its table, without an object for each sample. */
export interface MetricEncoder {
  readonly rows: SeriesRows;
  /** Prepares what the lines have in common, and gives the function that writes those of a row. */
  begin(lines: RowLines): (row: number) => void;
  /** The samples of a row, for the few cases in which lines are written one by one. */
  values(row: number): readonly MetricValue[];
}
