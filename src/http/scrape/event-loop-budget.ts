/** The longest that encodings keep others waiting, all together. */
const TURN_MS = 2;

/** Shares the event loop between encodings, and with everything else: in each of its turns one goes on for a while. */
export class Turns {
  #began = Number.NEGATIVE_INFINITY;
  readonly #waiting: (() => void)[] = [];

  /** Whether the caller has to `wait()` before it goes on. */
  get isOver(): boolean {
    return !isWorkerd() && performance.now() - this.#began >= TURN_MS;
  }

  /** Resolves in a turn of the caller's. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#next);
    });
  }

  readonly #next = (): void => {
    this.#began = performance.now();
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(this.#next);
  };
}

/**
 * Cloudflare's workerd drops what a request has scheduled when that request ends, and with it the turns of all others. Its
 * requests have an event loop of their own as it were, and limits for the time that they may take.
 */
function isWorkerd(): boolean {
  const { navigator } = globalThis as { readonly navigator?: { readonly userAgent?: string } }; // Not in Node.js 20.
  return navigator?.userAgent === 'Cloudflare-Workers';
}
