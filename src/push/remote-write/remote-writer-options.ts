import { type Duration, parseDuration } from '../../model/duration.ts';
import { type LabelInput, labelText } from '../../model/labels.ts';
import type { Logger } from '../../model/logger.ts';
import { checkLabelName } from '../../model/naming.ts';
import { numberOption } from '../../model/number-option.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import type { Gatherer } from '../../registry/gathering.ts';
import type { Registry } from '../../registry/registry.ts';
import { CLIENT_OPTIONS, type ClientOptions } from '../delivery/client-options.ts';
import type { DeliveryRetryOptions } from '../delivery/retries.ts';
import type { RemoteWriteVersion } from './write-requests.ts';

/** Options of a {@link RemoteWriter}. */
export interface RemoteWriterOptions extends ClientOptions {
  /**
   * Registry whose metrics are sent.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: Gatherer | undefined;
  /**
   * Labels to add to all series. Receivers expect `job` and `instance`. A label that a series has itself takes precedence.
   *
   * @defaultValue none
   */
  readonly labels?: Readonly<Record<string, LabelInput>> | undefined;
  /**
   * Time between gatherings after `start()`.
   *
   * @defaultValue `'15s'`
   */
  readonly interval?: Duration | undefined;
  /**
   * Version of the protocol to begin with. With `2.0`, the writer falls back to `1.0` if the receiver does not support it.
   *
   * @defaultValue `'2.0'`
   */
  readonly version?: RemoteWriteVersion | undefined;
  /**
   * Whether to send histograms that have native buckets as native histograms. Otherwise, their classic buckets are sent.
   *
   * @defaultValue `true`
   */
  readonly nativeHistograms?: boolean | undefined;
  /**
   * Whether to send all other histograms as native histograms with custom buckets: one sample instead of one for each bucket,
   * its count and its sum. Receivers of version 1.0 get the buckets as series.
   *
   * @defaultValue `false`
   */
  readonly customBuckets?: boolean | undefined;
  /**
   * End of the series in `stop()`: `stale` ends them with staleness markers, `keep` leaves the last values visible
   * for the look-back time of the server, as is useful for short jobs.
   *
   * @defaultValue `'stale'`
   */
  readonly onStop?: 'stale' | 'keep' | undefined;
  /**
   * Number of concurrent requests. Each series belongs to one of the shards, so that its samples arrive in order.
   *
   * @defaultValue `1`
   */
  readonly shards?: number | undefined;
  /**
   * Maximum number of samples in a request.
   *
   * @defaultValue `2000`
   */
  readonly maxSamplesPerRequest?: number | undefined;
  /**
   * Maximum memory in bytes for samples that wait to be acknowledged. If there are more, gatherings between the oldest and
   * the newest are dropped.
   *
   * @defaultValue `67_108_864` (64 MiB)
   */
  readonly maxQueueBytes?: number | undefined;
  /**
   * Samples are dropped if they are not acknowledged within this time: receivers refuse old samples.
   *
   * @defaultValue `'1h'`
   */
  readonly maxSampleAge?: Duration | undefined;
  /**
   * Waits before requests are sent again that received no answer, or one with status 429 or 5xx.
   *
   * @defaultValue from 30 ms to 5 s, without a limit
   */
  readonly retry?: Omit<DeliveryRetryOptions, 'attempts'> | undefined;
  /**
   * Logger of failures.
   *
   * @defaultValue failures become process warnings
   */
  readonly logger?: Logger | undefined;
  /**
   * Registry for metrics about the writer, `zeroprom_remote_write_*`. It may be the one that is sent.
   *
   * @defaultValue no metrics
   */
  readonly selfMetrics?: Registry | undefined;
}

const REMOTE_WRITER_OPTIONS: OptionNames<RemoteWriterOptions> = {
  ...CLIENT_OPTIONS,
  registry: true,
  labels: true,
  interval: true,
  version: true,
  customBuckets: true,
  nativeHistograms: true,
  onStop: true,
  shards: true,
  maxSamplesPerRequest: true,
  maxQueueBytes: true,
  maxSampleAge: true,
  retry: true,
  logger: true,
  selfMetrics: true,
};

/** Valid options, with defaults. */
export interface CheckedOptions {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly intervalMs: number;
  readonly gatherTimeoutMs: number;
  readonly version: RemoteWriteVersion;
  readonly nativeHistograms: boolean;
  readonly customBuckets: boolean;
  readonly onStop: 'stale' | 'keep';
  readonly shards: number;
  readonly maxBatch: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

const MAX_GATHER_MS = 10_000;
const MAX_SHARDS = 100;

/** Throws a TypeError or a RangeError for an invalid option. */
export function checkOptions(options: RemoteWriterOptions): CheckedOptions {
  checkOptionNames('new RemoteWriter()', options, REMOTE_WRITER_OPTIONS);
  const {
    labels = {},
    interval = '15s',
    maxSampleAge = '1h',
    nativeHistograms = true,
    customBuckets = false,
  } = options;
  const intervalMs = parseDuration(interval, { name: 'interval' });
  return {
    labels: labelsOf(labels),
    intervalMs,
    gatherTimeoutMs: Math.min(intervalMs, MAX_GATHER_MS),
    version: choice('version', options.version, ['2.0', '1.0']),
    nativeHistograms,
    customBuckets,
    onStop: choice('onStop', options.onStop, ['stale', 'keep']),
    shards: integer('shards', options.shards, 1, MAX_SHARDS),
    maxBatch: integer('maxSamplesPerRequest', options.maxSamplesPerRequest, 2000, 1_000_000),
    maxBytes: integer('maxQueueBytes', options.maxQueueBytes, 64 * 1024 * 1024, Number.MAX_SAFE_INTEGER),
    maxAgeMs: parseDuration(maxSampleAge, { name: 'maxSampleAge' }),
  };
}

function labelsOf(labels: Readonly<Record<string, LabelInput>>): [string, string][] {
  return Object.entries(labels).map(([name, value]) => {
    checkLabelName(name, 'labels');
    return [name, labelText(value, name, 'labels')];
  });
}

function choice<const T extends string>(
  name: string,
  value: T | undefined,
  [first, ...others]: readonly [T, ...T[]],
): T {
  if (value === undefined || value === first) return first;
  const found = others.find((other) => other === value);
  if (found !== undefined) return found;
  throw new RangeError(`${name} must be '${[first, ...others].join("' or '")}', got ${JSON.stringify(value)}.`);
}

function integer(name: string, value: number | undefined, byDefault: number, most: number): number {
  const isAllowed = (number: number) => Number.isSafeInteger(number) && number >= 1 && number <= most;
  return numberOption(value, { name, byDefault, isAllowed, rule: `an integer from 1 to ${most}` });
}

/** Options of `flush()`. */
export interface RemoteWriteFlushOptions {
  /**
   * Maximum time to wait.
   *
   * @defaultValue `'30s'`
   */
  readonly timeout?: Duration | undefined;
  /**
   * Ends the wait.
   *
   * @defaultValue none
   */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `stop()`. */
export interface RemoteWriteStopOptions {
  /**
   * Maximum time to wait until all samples are acknowledged. The rest is dropped.
   *
   * @defaultValue `'10s'`
   */
  readonly timeout?: Duration | undefined;
}
