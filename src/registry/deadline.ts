export interface CollectOptions {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Passes after a time, or with an outer signal; leaves no timer and no listener behind once it is told to `end()`. */
export class Deadline {
  /** By `performance.now()`. */
  readonly endsAt: number;
  readonly #timer: NodeJS.Timeout;
  readonly #outer: AbortSignal | undefined;
  readonly #passed: Promise<never>;
  #pass: (reason: unknown) => void = () => {};
  readonly #abort = () => this.#pass(this.#outer?.reason);

  /** Calls `onPass` once it has passed. Throws a RangeError where `timeoutMs` is no number above 0. */
  constructor({ signal: outer, timeoutMs }: CollectOptions, onPass: (reason: unknown, endsAt: number) => void) {
    if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs is a number of milliseconds above 0, not ${timeoutMs}.`);
    this.endsAt = performance.now() + timeoutMs;
    this.#outer = outer;
    this.#passed = new Promise((_, reject) => {
      this.#pass = (reason) => {
        reject(reason);
        onPass(reason, this.endsAt);
      };
    });
    this.#passed.catch(() => {}); // It is nobody's failure where nobody waits any more.
    // It keeps the process running, because somebody waits for what it ends.
    this.#timer = setTimeout(
      () => this.#pass(new Error(`It took longer than ${Math.round(timeoutMs)} ms.`)),
      Math.min(timeoutMs, LONGEST_TIMER_MS),
    );
    outer?.addEventListener('abort', this.#abort, { once: true });
    if (outer?.aborted) this.#abort();
  }

  /** What `result` comes to; rejects when the deadline has passed, whatever becomes of it later. */
  race<T>(result: PromiseLike<T>): Promise<T> {
    return Promise.race([result, this.#passed]);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
  }
}
