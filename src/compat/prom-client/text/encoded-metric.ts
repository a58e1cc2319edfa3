import type { SeriesRows } from '../series/series-rows.ts';
import type { RowLines } from './row-lines.ts';
import type { MetricValue } from './samples.ts';

/** The property of a metric that holds its encoder. All copies of the package in a process know it. */
export const ENCODE = Symbol.for('zeroprom.prom-client.encode.1');

/** Writes the lines of a metric from its table, without an object for each sample. */
export interface MetricEncoder {
  readonly rows: SeriesRows;
  /** Prepares the constant parts of the lines, and returns the function that writes the lines of a row. */
  begin(lines: RowLines): (row: number) => void;
  /** The samples of a row, for the few cases in which lines are written one by one. */
  values(row: number): readonly MetricValue[];
}
