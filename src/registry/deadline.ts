import { LONGEST_DELAY_MS } from '../model/duration.ts';

/** Limits of one gathering. */
export interface CollectOptions {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** Passes after a timeout or when an outer signal aborts. Call `end()` to remove its timer and listener. */
export class Deadline {
  /** A time of `performance.now()`. */
  readonly endsAt: number;
  readonly #timer: NodeJS.Timeout;
  readonly #outer: AbortSignal | undefined;
  readonly #passed: Promise<never>;
  #pass: (reason: unknown) => void = () => {};
  readonly #abort = () => this.#pass(this.#outer?.reason);

  /** Calls `onPass` when it passes. Throws a RangeError unless `timeoutMs` is above 0. */
  constructor({ signal: outer, timeoutMs }: CollectOptions, onPass: (reason: unknown, endsAt: number) => void) {
    if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs must be a number of milliseconds above 0, got ${timeoutMs}.`);
    this.endsAt = performance.now() + timeoutMs;
    this.#outer = outer;
    this.#passed = new Promise((_, reject) => {
      this.#pass = (reason) => {
        reject(reason);
        onPass(reason, this.endsAt);
      };
    });
    this.#passed.catch(() => {}); // Not an unhandled rejection if all results arrived before.
    // Not unref'ed: a caller is waiting for the gathering that it ends.
    this.#timer = setTimeout(
      () => this.#pass(new Error(`Timed out after ${Math.round(timeoutMs)} ms.`)),
      Math.min(timeoutMs, LONGEST_DELAY_MS),
    );
    outer?.addEventListener('abort', this.#abort, { once: true });
    if (outer?.aborted) this.#abort();
  }

  /** Settles like `result`, or rejects when the deadline passes first. */
  race<T>(result: PromiseLike<T>): Promise<T> {
    return Promise.race([result, this.#passed]);
  }

  /** Removes the timer and the listener. */
  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
  }
}
