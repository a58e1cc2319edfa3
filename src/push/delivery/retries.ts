import { type Duration, LONGEST_DELAY_MS, parseDuration } from '../../model/duration.ts';
import { numberOption } from '../../model/number-option.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import { type Clock, type ClockTimer, systemClock } from '../../scheduler/clock.ts';

/** Waits between attempts to deliver. Each is twice as long as the one before. */
export interface DeliveryRetryOptions {
  /**
   * Wait before the first retry.
   *
   * @defaultValue `'500ms'`
   */
  readonly min?: Duration | undefined;
  /**
   * Longest wait before a retry.
   *
   * @defaultValue `'30s'`
   */
  readonly max?: Duration | undefined;
  /**
   * Maximum number of retries.
   *
   * @defaultValue no limit
   */
  readonly attempts?: number | undefined;
  /**
   * Longest wait that a receiver may ask for with `Retry-After`.
   *
   * @defaultValue `'5m'`
   */
  readonly maxRetryAfter?: Duration | undefined;
}

const RETRY_OPTIONS: OptionNames<DeliveryRetryOptions> = {
  min: true,
  max: true,
  attempts: true,
  maxRetryAfter: true,
};

/** Time and randomness of retries, to be replaced in tests. */
export interface RetrySources {
  /** Timers, and the time that has passed. */
  readonly clock?: Clock | undefined;
  /** Returns a number from 0 to 1. */
  readonly random?: (() => number) | undefined;
}

/** The result of an attempt: final, or to be tried again. */
export type Attempt<T> =
  | { readonly isFinal: true; readonly value: T }
  | { readonly isFinal: false; readonly value: T; readonly retryAfter?: string | undefined };

/** The policy of all targets for retries: exponential waits with jitter, and `Retry-After`. */
export class Retries {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #attempts: number;
  readonly #maxRetryAfterMs: number;
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(options: DeliveryRetryOptions = {}, { clock = systemClock, random = Math.random }: RetrySources = {}) {
    checkOptionNames('retry', options, RETRY_OPTIONS);
    const { min = '500ms', max = '30s', attempts, maxRetryAfter = '5m' } = options;
    this.#minMs = parseDuration(min, { name: 'retry.min' });
    this.#maxMs = parseDuration(max, { name: 'retry.max' });
    this.#maxRetryAfterMs = parseDuration(maxRetryAfter, { name: 'retry.maxRetryAfter', allowZero: true });
    this.#attempts = numberOption(attempts, {
      name: 'retry.attempts',
      byDefault: Number.POSITIVE_INFINITY,
      isAllowed: (value) => value >= 0,
      rule: 'at least 0',
    });
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Calls `attempt` with the number of failures so far until its result is final or no retry is left, and returns the
   * last value. Rejects with the reason of `signal` if it aborts during a wait, or with what `attempt` throws.
   */
  async run<T>(attempt: (failures: number) => Promise<Attempt<T>>, options: PauseOptions = {}): Promise<T> {
    for (let failures = 0; ; failures++) {
      const result = await attempt(failures);
      if (result.isFinal || failures >= this.#attempts) return result.value;
      await pause(this.#clock, this.delayMs(failures + 1, result.retryAfter), options);
    }
  }

  /**
   * Returns how long to wait after this many consecutive failures: between half of the exponential wait and all of it, so
   * that many processes do not retry at once, but at least what `retryAfter` asks for.
   */
  delayMs(failures: number, retryAfter?: string): number {
    const longest = Math.min(this.#maxMs, this.#minMs * 2 ** Math.min(failures - 1, 60));
    const wait = (longest * (1 + this.#random())) / 2;
    const asked = retryAfterMs(retryAfter, this.#clock.wall());
    return Math.max(wait, Math.min(asked, this.#maxRetryAfterMs));
  }
}

/** Returns the milliseconds that a header `Retry-After` asks to wait, as seconds or as a date; 0 if it is not valid. */
export function retryAfterMs(header: string | undefined, wall: number): number {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Dates as in HTTP only: Date.parse() accepts far more, such as negative numbers.
  const date = /^[A-Z][a-z]+, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - wall);
}

/** How to wait. */
export interface PauseOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the process may exit during the wait. */
  readonly isBackground?: boolean | undefined;
}

/** Resolves after a time; rejects with the reason of `signal` when it aborts. */
export function pause(clock: Clock, delayMs: number, { signal, isBackground }: PauseOptions = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clock.clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer: ClockTimer = clock.setTimeout(
      () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      },
      Math.min(delayMs, LONGEST_DELAY_MS),
    );
    if (isBackground) timer.unref?.();
    signal?.addEventListener('abort', abort, { once: true });
  });
}
