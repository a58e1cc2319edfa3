import { type Duration, parseDuration } from '../model/duration.ts';
import { checkJitter, type Jitter } from './jitter.ts';
import type { BackoffOptions, RetryOptions } from './retry.ts';

/** What happens when a task is due while its last run is not done. */
export type Overlap = 'skip' | 'queue' | 'abort';

export interface TaskOptions {
  /** Unique in the scheduler; names the task in errors, logs and metrics. */
  readonly name: string;
  /** When the first run comes: at the start (true), after one interval (false, the default), or after a delay. */
  readonly immediate?: boolean | Duration;
  /** Due times are multiples of the interval since the epoch: `'1h'` runs at every full hour. Off by default. */
  readonly align?: boolean;
  /** Shifts due times by up to this share of the interval, drawn once; `'hash'` draws from the name and the host. */
  readonly jitter?: Jitter;
  /** How long a run may take: by default the interval, but at most 30 s; `'interval'`: the interval; false: for ever. */
  readonly timeout?: Duration | 'interval' | false;
  /**
   * `skip` (the default) leaves out due times that find the task busy, `queue` keeps one of them for later, `abort`
   * aborts the run and starts the next one when it is done.
   */
  readonly overlap?: Overlap;
  readonly retry?: RetryOptions;
  /** Stretches the interval while the task keeps failing. Off by default; true takes the defaults. */
  readonly backoff?: boolean | BackoffOptions;
  /** How long after its signal aborted a function that is still busy is given up on; `'5s'` by default. */
  readonly abandonAfter?: Duration;
  /** With so many functions given up on and still busy, no new run starts; 3 by default. */
  readonly maxAbandoned?: number;
  /** The task counts as ready only after its first success. Off by default. */
  readonly readyAfterFirstSuccess?: boolean;
  /** False adds the task paused. */
  readonly enabled?: boolean;
  /** Whether the process may exit while only this task is scheduled; as the scheduler by default. */
  readonly unref?: boolean;
}

/** Options with their defaults, checked. */
export interface TaskSettings {
  readonly name: string;
  readonly openingMs: number | undefined;
  readonly isAligned: boolean;
  readonly jitter: Jitter;
  readonly timeoutMs: (intervalMs: number) => number;
  readonly overlap: Overlap;
  readonly retry: RetryOptions;
  readonly backoff: BackoffOptions | undefined;
  readonly abandonAfterMs: number;
  readonly maxAbandoned: number;
  readonly readyAfterFirstSuccess: boolean;
  readonly isPaused: boolean;
  readonly unref: boolean | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const OVERLAPS: readonly Overlap[] = ['skip', 'queue', 'abort'];

export function checkTaskOptions(options: TaskOptions): TaskSettings {
  const name = checkName(options?.name);
  const { jitter = 0, backoff = false } = options;
  checkJitter(jitter, name);
  return {
    name,
    openingMs: openingMs(options.immediate ?? false, name),
    isAligned: options.align ?? false,
    jitter,
    timeoutMs: timeoutRule(options.timeout, name),
    overlap: checkOverlap(options.overlap ?? 'skip', name),
    retry: options.retry ?? {},
    backoff: backoff === true ? {} : backoff || undefined,
    abandonAfterMs: parseDuration(options.abandonAfter ?? '5s', {
      name: `abandonAfter of task ${name}`,
      allowZero: true,
    }),
    maxAbandoned: checkMaxAbandoned(options.maxAbandoned ?? 3, name),
    readyAfterFirstSuccess: options.readyAfterFirstSuccess ?? false,
    isPaused: !(options.enabled ?? true),
    unref: options.unref,
  };
}

export function parseInterval(interval: Duration, taskName: string): number {
  return parseDuration(interval, { name: `interval of task ${taskName}` });
}

function checkName(name: unknown): string {
  if (typeof name === 'string' && name !== '') return name;
  throw new TypeError("A task needs a name that is not empty: every('30s', fn, { name: 'count' }).");
}

function openingMs(immediate: boolean | Duration, name: string): number | undefined {
  if (typeof immediate === 'boolean') return immediate ? 0 : undefined;
  return parseDuration(immediate, { name: `immediate of task ${name}`, allowZero: true });
}

/** A rule and not a number, because the interval can change. */
function timeoutRule(timeout: TaskOptions['timeout'], name: string): (intervalMs: number) => number {
  if (timeout === undefined) return (intervalMs) => Math.min(intervalMs, DEFAULT_TIMEOUT_MS);
  if (timeout === 'interval') return (intervalMs) => intervalMs;
  if (timeout === false) return () => Number.POSITIVE_INFINITY;
  const timeoutMs = parseDuration(timeout, { name: `timeout of task ${name}` });
  return () => timeoutMs;
}

function checkOverlap(overlap: Overlap, name: string): Overlap {
  if (OVERLAPS.includes(overlap)) return overlap;
  throw new RangeError(`The overlap of task ${name} must be one of ${OVERLAPS.join(', ')}: ${String(overlap)}.`);
}

function checkMaxAbandoned(maxAbandoned: number, name: string): number {
  if (Number.isInteger(maxAbandoned) && maxAbandoned >= 1) return maxAbandoned;
  throw new RangeError(`The maxAbandoned of task ${name} must be a whole number of at least 1: ${maxAbandoned}.`);
}
