import type { NativeOptions } from '../metrics/buckets/native-options.ts';
import type { ExemplarSource } from '../metrics/exemplars/exemplars.ts';
import type { CollectorRegistry } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';

/** How durations are shown, and where. */
export interface DurationOptions {
  /** The default registry by default. */
  readonly registry?: CollectorRegistry;
  /** In front of all names; nothing by default. */
  readonly prefix?: string;
  /** On all series; none by default. */
  readonly labels?: Labels;
  /** Upper bounds in seconds; .005 to 10 by default. */
  readonly buckets?: readonly number[];
  /** Keeps durations in exponential buckets: instead of classic ones, or beside them if `buckets` are given too. */
  readonly native?: NativeOptions;
  /**
   * Gives the labels of exemplars, such as `openTelemetryExemplars`; none by default. It is asked when a request begins,
   * while what the caller's context says of the trace can still be read.
   */
  readonly exemplarSource?: ExemplarSource;
}

/** Those of the options that shape a histogram of durations. */
export function bucketsOf({ buckets, native }: DurationOptions): Pick<DurationOptions, 'buckets' | 'native'> {
  return { ...(buckets === undefined ? {} : { buckets }), ...(native === undefined ? {} : { native }) };
}
