import type { RateLimit } from '../../web-config/web-config.ts';

/** Lets one request through each interval, and a burst of them after a rest. Full at first. */
export class TokenBucket {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  /** `now` counts milliseconds and never goes back. */
  constructor({ intervalMs, burst }: RateLimit, now: () => number = () => performance.now()) {
    this.#limit = { intervalMs, burst: Math.max(burst, 1) };
    this.#now = now;
    this.#tokens = this.#limit.burst;
    this.#at = now();
  }

  take(): boolean {
    const { intervalMs, burst } = this.#limit;
    const now = this.#now();
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#at) / intervalMs);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Seconds until there is one again, at least 1. */
  get retryAfter(): number {
    return Math.max(1, Math.ceil(((1 - this.#tokens) * this.#limit.intervalMs) / 1000));
  }
}
