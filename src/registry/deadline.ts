import type { CollectContext } from '../model/collector.ts';

export interface CollectOptions {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Aborts after a time, or with an outer signal; leaves no timer and no listener behind once it is told to `end()`. */
export class Deadline {
  readonly context: CollectContext;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #outer: AbortSignal | undefined;
  readonly #aborted: Promise<never>;
  readonly #abort = () => this.#controller.abort(this.#outer?.reason);

  /** Throws a RangeError where `timeoutMs` is no number above 0. */
  constructor({ signal: outer, timeoutMs }: CollectOptions) {
    if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs is a number of milliseconds above 0, not ${timeoutMs}.`);
    const { signal } = this.#controller;
    this.context = { signal, deadline: Date.now() + timeoutMs };
    this.#outer = outer;
    this.#aborted = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    this.#aborted.catch(() => {}); // It is nobody's failure where nobody waits any more.
    // It keeps the process running, because somebody waits for what it ends.
    this.#timer = setTimeout(
      () => this.#controller.abort(new Error(`It took longer than ${timeoutMs} ms.`)),
      Math.min(timeoutMs, LONGEST_TIMER_MS),
    );
    outer?.addEventListener('abort', this.#abort, { once: true });
    if (outer?.aborted) this.#abort();
  }

  /** What `work` comes to; rejects when the time is up, whatever becomes of it later. */
  orLate<T>(work: () => T | PromiseLike<T>): Promise<Awaited<T>> {
    return Promise.race([awaited(work), this.#aborted]);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
  }
}

/** Calls `work` in the next microtask. `await` cannot be misled by a `then` that a promise has of its own. */
async function awaited<T>(work: () => T | PromiseLike<T>): Promise<Awaited<T>> {
  await undefined;
  return await work();
}
