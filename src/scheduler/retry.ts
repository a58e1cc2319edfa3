import { type Duration, parseDuration } from '../model/duration.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';

/** Retries of a failed function within the same run and its timeout. */
export interface RetryOptions {
  /**
   * Maximum number of retries after the first failure.
   *
   * @defaultValue `0`
   */
  readonly attempts?: number;
  /**
   * Wait before the first retry.
   *
   * @defaultValue `'1s'`
   */
  readonly min?: Duration;
  /**
   * Longest wait before a retry.
   *
   * @defaultValue `'1m'`
   */
  readonly max?: Duration;
  /**
   * Factor by which each wait is longer than the one before; at least 1.
   *
   * @defaultValue `2`
   */
  readonly factor?: number;
  /**
   * `'full'` waits for a random fraction of the time, so that many processes do not retry at once; `'none'` waits for all of
   * it.
   *
   * @defaultValue `'full'`
   */
  readonly jitter?: 'full' | 'none';
}

const RETRY_OPTIONS: OptionNames<RetryOptions> = {
  attempts: true,
  min: true,
  max: true,
  factor: true,
  jitter: true,
};

/** Decides whether and when a failed run is tried again. */
export interface Retries {
  /** Returns how long to wait after this many failed attempts; undefined if no retry is left. */
  delayMs(failures: number): number | undefined;
}

export class RetryPolicy implements Retries {
  readonly #attempts: number;
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #factor: number;
  readonly #fraction: () => number;

  constructor(taskName: string, options: RetryOptions, random: () => number) {
    checkOptionNames(`retry of task ${taskName}`, options, RETRY_OPTIONS);
    const { attempts = 0, min = '1s', max = '1m', factor = 2, jitter = 'full' } = options;
    this.#attempts = checkAtLeast(0, attempts, `retry.attempts of task ${taskName}`);
    this.#minMs = parseDuration(min, { name: `retry.min of task ${taskName}` });
    this.#maxMs = parseDuration(max, { name: `retry.max of task ${taskName}` });
    this.#factor = checkAtLeast(1, factor, `retry.factor of task ${taskName}`);
    this.#fraction = jitter === 'full' ? () => fractionFrom(random) : () => 1;
  }

  delayMs(failures: number): number | undefined {
    if (failures > this.#attempts) return undefined;
    return this.#fraction() * Math.min(this.#maxMs, this.#minMs * this.#factor ** (failures - 1));
  }
}

/** Shared by all tasks without the option `retry`. A bundle without a scheduler drops it, unlike an instance of a class. */
export const noRetries: Retries = { delayMs: () => undefined };

/** Waits for all of the time if `random` fails, which must not prevent the next attempt. */
function fractionFrom(random: () => number): number {
  try {
    const fraction = random();
    return fraction >= 0 && fraction <= 1 ? fraction : 1;
  } catch {
    return 1;
  }
}

/** Longer intervals while a task keeps failing. */
export interface BackoffOptions {
  /**
   * Number of consecutive failures from which on the interval grows.
   *
   * @defaultValue `3`
   */
  readonly after?: number;
  /**
   * Factor by which each interval is longer than the one before; at least 1.
   *
   * @defaultValue `2`
   */
  readonly factor?: number;
  /**
   * Longest interval; a task whose own interval is longer keeps it.
   *
   * @defaultValue `'10m'`
   */
  readonly max?: Duration;
}

const BACKOFF_OPTIONS: OptionNames<BackoffOptions> = {
  after: true,
  factor: true,
  max: true,
};

export class BackoffPolicy {
  readonly #after: number;
  readonly #factor: number;
  readonly #maxMs: number;

  constructor(taskName: string, options: BackoffOptions) {
    checkOptionNames(`backoff of task ${taskName}`, options, BACKOFF_OPTIONS);
    const { after = 3, factor = 2, max = '10m' } = options;
    this.#after = checkAtLeast(1, after, `backoff.after of task ${taskName}`);
    this.#factor = checkAtLeast(1, factor, `backoff.factor of task ${taskName}`);
    this.#maxMs = parseDuration(max, { name: `backoff.max of task ${taskName}` });
  }

  /** Returns the interval after this many consecutive failures; undefined while the task keeps its grid. */
  delayMs(failures: number, intervalMs: number): number | undefined {
    if (failures < this.#after) return undefined;
    const stretched = intervalMs * this.#factor ** (failures - this.#after + 1);
    return Math.max(intervalMs, Math.min(stretched, this.#maxMs));
  }
}

function checkAtLeast(least: number, value: number, name: string): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new RangeError(`The ${name} must be a number of at least ${least}, got ${value}.`);
}
