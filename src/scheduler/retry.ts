import { type Duration, parseDuration } from '../model/duration.ts';

/** How a run tries again when its function fails, all within the run's own deadline. */
export interface RetryOptions {
  /** How often to try again after the first failure. None by default. */
  readonly attempts?: number;
  /** The wait before the first retry; `'1s'` by default. */
  readonly min?: Duration;
  /** The longest wait; `'1m'` by default. */
  readonly max?: Duration;
  /** What each wait is longer than the one before; 2 by default. */
  readonly factor?: number;
  /** `'full'`, the default, waits a random part of the time, so that many processes do not retry together. */
  readonly jitter?: 'full' | 'none';
}

export class RetryPolicy {
  readonly #attempts: number;
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #factor: number;
  readonly #share: () => number;

  constructor(taskName: string, options: RetryOptions, random: () => number) {
    const { attempts = 0, min = '1s', max = '1m', factor = 2, jitter = 'full' } = options;
    this.#attempts = checkAtLeast(0, attempts, `retry.attempts of task ${taskName}`);
    this.#minMs = parseDuration(min, { name: `retry.min of task ${taskName}` });
    this.#maxMs = parseDuration(max, { name: `retry.max of task ${taskName}` });
    this.#factor = checkAtLeast(1, factor, `retry.factor of task ${taskName}`);
    this.#share = jitter === 'full' ? () => shareOf(random) : () => 1;
  }

  /** What to wait after so many failed attempts; undefined when it is time to give up. */
  delayMs(failures: number): number | undefined {
    if (failures > this.#attempts) return undefined;
    return this.#share() * Math.min(this.#maxMs, this.#minMs * this.#factor ** (failures - 1));
  }
}

/** A source of chance that fails must not keep a task from its next attempt: it waits in full. */
function shareOf(random: () => number): number {
  try {
    const share = random();
    return share >= 0 && share <= 1 ? share : 1;
  } catch {
    return 1;
  }
}

/** How the interval stretches while a task keeps failing. */
export interface BackoffOptions {
  /** From this many failures in a row; 3 by default. */
  readonly after?: number;
  /** What each interval is longer than the one before; 2 by default. */
  readonly factor?: number;
  /** The longest interval; `'10m'` by default, and never less than the task's own. */
  readonly max?: Duration;
}

export class BackoffPolicy {
  readonly #after: number;
  readonly #factor: number;
  readonly #maxMs: number;

  constructor(taskName: string, { after = 3, factor = 2, max = '10m' }: BackoffOptions) {
    this.#after = checkAtLeast(1, after, `backoff.after of task ${taskName}`);
    this.#factor = checkAtLeast(1, factor, `backoff.factor of task ${taskName}`);
    this.#maxMs = parseDuration(max, { name: `backoff.max of task ${taskName}` });
  }

  /** The stretched interval after so many failures in a row; undefined while the task keeps its grid. */
  delayMs(failures: number, intervalMs: number): number | undefined {
    if (failures < this.#after) return undefined;
    const stretched = intervalMs * this.#factor ** (failures - this.#after + 1);
    return Math.max(intervalMs, Math.min(stretched, this.#maxMs));
  }
}

function checkAtLeast(least: number, value: number, name: string): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new RangeError(`The ${name} must be a number of at least ${least}: ${value}.`);
}
