import type { Labels } from '../model/labels.ts';

/** Changes of an operator to one metric. Plain data, so that it can be passed to a thread. */
export interface MetricOverride {
  /** Name of the metric in the program. */
  readonly name: string;
  /** Line of the file, from 1. */
  readonly line: number;
  /** Whether the metric is not exposed. */
  readonly drop: boolean;
  /** New name. */
  readonly rename: string | undefined;
  /** Labels to add to all of its series. */
  readonly labels: Labels;
  /** Upper bounds of the classic buckets of a histogram. */
  readonly buckets: readonly number[] | undefined;
  /** Whether a histogram has native buckets. */
  readonly native: boolean | undefined;
  /** Maximum number of series. */
  readonly maxSeries: number | undefined;
}

/** The overrides of a process. */
export interface OverrideFile {
  /** Path of the file. */
  readonly path: string;
  /** Overrides in the order of the file. */
  readonly metrics: readonly MetricOverride[];
}
