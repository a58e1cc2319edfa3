import { type Duration, parseDuration } from '../model/duration.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { checkJitter, drawOffset, type Jitter } from './jitter.ts';
import {
  type BackoffOptions,
  BackoffPolicy,
  noRetries,
  type Retries,
  type RetryOptions,
  RetryPolicy,
} from './retry.ts';

/**
 * Policy for a task that is due while its last run has not finished: `skip` leaves the new run out, `queue` keeps one run
 * for later, `abort` aborts the last run and starts the new one when it has ended.
 */
export type Overlap = 'skip' | 'queue' | 'abort';

/** Options of a task. */
export interface TaskOptions {
  /** Name of the task in errors, logs and metrics; unique in the scheduler. */
  readonly name: string;
  /**
   * When the first run is due: when the scheduler starts (`true`), after one interval (`false`) or after this delay.
   *
   * @defaultValue `false`
   */
  readonly immediate?: boolean | Duration;
  /**
   * Whether due times are multiples of the interval since the epoch: `'1h'` then runs on every full hour.
   *
   * @defaultValue `false`
   */
  readonly align?: boolean;
  /**
   * Offset of all due times: up to this fraction of the interval, drawn once at random, or `'hash'` to derive it from the
   * name of the task and the `instance` of the scheduler.
   *
   * @defaultValue `0`
   */
  readonly jitter?: Jitter;
  /**
   * Maximum duration of a run. `'interval'`: the interval. `false`: no limit.
   *
   * @defaultValue the interval, at most `'30s'`
   */
  readonly timeout?: Duration | 'interval' | false;
  /**
   * Policy for a task that is due while its last run has not finished.
   *
   * @defaultValue `'skip'`
   */
  readonly overlap?: Overlap;
  /**
   * Retries within a run.
   *
   * @defaultValue no retries
   */
  readonly retry?: RetryOptions;
  /**
   * Longer intervals while the task keeps failing; `true` for the defaults.
   *
   * @defaultValue `false`
   */
  readonly backoff?: boolean | BackoffOptions;
  /**
   * How long a function may stay busy after its signal has aborted before it is abandoned and the next run may start.
   *
   * @defaultValue `'5s'`
   */
  readonly abandonAfter?: Duration;
  /**
   * Number of abandoned functions that are still busy with which the task is stuck and starts no more runs; at least 1.
   *
   * @defaultValue `3`
   */
  readonly maxAbandoned?: number;
  /**
   * Whether the task is not ready (`TaskStatus.isReady`) before its first success.
   *
   * @defaultValue `false`
   */
  readonly readyAfterFirstSuccess?: boolean;
  /**
   * Whether the task is scheduled; `false` adds it paused.
   *
   * @defaultValue `true`
   */
  readonly enabled?: boolean;
  /**
   * Whether the process may exit while this task is scheduled.
   *
   * @defaultValue `unref` of the scheduler
   */
  readonly unref?: boolean;
}

const TASK_OPTIONS: OptionNames<TaskOptions> = {
  name: true,
  immediate: true,
  align: true,
  jitter: true,
  timeout: true,
  overlap: true,
  retry: true,
  backoff: true,
  abandonAfter: true,
  maxAbandoned: true,
  readyAfterFirstSuccess: true,
  enabled: true,
  unref: true,
};

/** Options of the scheduler that its tasks use. */
export interface TaskDefaults {
  readonly random: () => number;
  /** For `jitter: 'hash'`. */
  readonly instance: string | undefined;
  readonly unref: boolean;
}

/** Validated arguments and options with their defaults. */
export interface TaskSettings {
  readonly name: string;
  /** The first interval; `reschedule()` sets another one. */
  readonly intervalMs: number;
  readonly openingMs: number | undefined;
  readonly isAligned: boolean;
  /** Offset of the due times, as a fraction of the interval. */
  readonly offset: number;
  /** A function, because the interval can change. */
  readonly timeoutMs: (intervalMs: number) => number;
  readonly overlap: Overlap;
  readonly retry: Retries;
  readonly backoff: BackoffPolicy | undefined;
  readonly abandonAfterMs: number;
  readonly maxAbandoned: number;
  readonly readyAfterFirstSuccess: boolean;
  readonly isPaused: boolean;
  readonly holdsProcess: boolean;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_ABANDON_AFTER_MS = 5_000;
const OVERLAPS: readonly Overlap[] = ['skip', 'queue', 'abort'];

export function checkTask(interval: Duration, options: TaskOptions, defaults: TaskDefaults): TaskSettings {
  const name = checkName(options?.name);
  checkOptionNames(`Task ${name}`, options, TASK_OPTIONS);
  const { jitter = 0, backoff = false } = options;
  checkJitter(jitter, name);
  return {
    name,
    intervalMs: parseInterval(interval, name),
    openingMs: openingMs(options.immediate ?? false, name),
    isAligned: options.align ?? false,
    offset: drawOffset(jitter, name, defaults),
    timeoutMs: timeoutRule(options.timeout, name),
    overlap: checkOverlap(options.overlap ?? 'skip', name),
    retry: retries(options.retry ?? undefined, name, defaults.random),
    backoff: backoff ? new BackoffPolicy(name, backoff === true ? {} : backoff) : undefined,
    abandonAfterMs: abandonAfterMs(options.abandonAfter ?? undefined, name),
    maxAbandoned: checkMaxAbandoned(options.maxAbandoned ?? 3, name),
    readyAfterFirstSuccess: options.readyAfterFirstSuccess ?? false,
    isPaused: !(options.enabled ?? true),
    holdsProcess: !(options.unref ?? defaults.unref),
  };
}

export function parseInterval(interval: Duration, taskName: string): number {
  return parseDuration(interval, { name: `interval of task ${taskName}` });
}

function checkName(name: unknown): string {
  if (typeof name === 'string' && name !== '') return name;
  throw new TypeError("A task must have a name that is not empty: every('30s', fn, { name: 'count' }).");
}

function openingMs(immediate: boolean | Duration, name: string): number | undefined {
  if (typeof immediate === 'boolean') return immediate ? 0 : undefined;
  return parseDuration(immediate, { name: `immediate of task ${name}`, allowZero: true });
}

function retries(retry: RetryOptions | undefined, name: string, random: () => number): Retries {
  return retry === undefined ? noRetries : new RetryPolicy(name, retry, random);
}

function abandonAfterMs(abandonAfter: Duration | undefined, name: string): number {
  if (abandonAfter === undefined) return DEFAULT_ABANDON_AFTER_MS;
  return parseDuration(abandonAfter, { name: `abandonAfter of task ${name}`, allowZero: true });
}

function timeoutRule(timeout: TaskOptions['timeout'], name: string): (intervalMs: number) => number {
  if (timeout === undefined) return defaultTimeout;
  if (timeout === 'interval') return (intervalMs) => intervalMs;
  if (timeout === false) return () => Number.POSITIVE_INFINITY;
  const timeoutMs = parseDuration(timeout, { name: `timeout of task ${name}` });
  return () => timeoutMs;
}

function defaultTimeout(intervalMs: number): number {
  return Math.min(intervalMs, DEFAULT_TIMEOUT_MS);
}

function checkOverlap(overlap: Overlap, name: string): Overlap {
  if (OVERLAPS.includes(overlap)) return overlap;
  throw new RangeError(`The overlap of task ${name} must be one of ${OVERLAPS.join(', ')}, got ${String(overlap)}.`);
}

function checkMaxAbandoned(maxAbandoned: number, name: string): number {
  if (Number.isInteger(maxAbandoned) && maxAbandoned >= 1) return maxAbandoned;
  throw new RangeError(`The maxAbandoned of task ${name} must be an integer of at least 1, got ${maxAbandoned}.`);
}
