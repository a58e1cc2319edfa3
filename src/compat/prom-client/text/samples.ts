import type { LabelObject } from '../series/label-arguments.ts';

/** A sample as `get()` shows it. */
export interface MetricValue {
  readonly labels?: LabelObject | undefined;
  readonly value: unknown;
  readonly metricName?: string;
  /** Labels that come last, as those of a histogram's series do. */
  readonly sharedLabels?: LabelObject;
  readonly exemplar?: unknown;
}

/** An exemplar as prom-client keeps it: the time in seconds. */
export interface Exemplar {
  readonly labelSet: LabelObject;
  readonly value: number;
  readonly timestamp: number;
}
