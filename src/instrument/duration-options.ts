import type { NativeOptions } from '../metrics/buckets/native-options.ts';
import type { ExemplarSource } from '../metrics/exemplars/exemplars.ts';
import type { CollectorRegistry } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import type { OptionNames } from '../model/option-names.ts';
import type { HttpNames } from './semantic-conventions.ts';

/** Options of all metrics of HTTP servers and clients. */
export interface DurationOptions {
  /**
   * Registry to use.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: CollectorRegistry;
  /**
   * Prefix of all metric names.
   *
   * @defaultValue `''`
   */
  readonly prefix?: string;
  /**
   * Labels of all series.
   *
   * @defaultValue `{}`
   */
  readonly labels?: Labels;
  /**
   * Upper bounds of the buckets for durations, in seconds.
   *
   * @defaultValue `defaultBuckets`, from 0.005 to 10; no classic buckets if `native` is set
   */
  readonly buckets?: readonly number[];
  /**
   * Options of a native histogram for durations, which then has classic buckets only if `buckets` are set too.
   *
   * @defaultValue no native histogram
   */
  readonly native?: NativeOptions;
  /**
   * Returns the labels of exemplars, such as `openTelemetryExemplars`. Called when a request starts, while the context
   * of its trace is active.
   *
   * @defaultValue no exemplars
   */
  readonly exemplarSource?: ExemplarSource;
  /**
   * Names of the metrics: `classic`, such as `http_request_duration_seconds`; `semconv` for the stable names of OpenTelemetry's
   * semantic conventions, such as `http.server.request.duration_seconds`, which only replaces the durations; or `both`.
   *
   * @defaultValue `'classic'`
   */
  readonly names?: HttpNames;
}

export const DURATION_OPTIONS: OptionNames<DurationOptions> = {
  registry: true,
  prefix: true,
  labels: true,
  buckets: true,
  native: true,
  exemplarSource: true,
  names: true,
};

/** Selects the options that shape a histogram of durations. */
export function bucketsOf({ buckets, native }: DurationOptions): Pick<DurationOptions, 'buckets' | 'native'> {
  return { ...(buckets === undefined ? {} : { buckets }), ...(native === undefined ? {} : { native }) };
}
