/** How long work may keep the event loop busy at a stretch. */
const BUDGET_MS = 2;

/**
 * Splits long work into turns of 2 ms, so that other callbacks are not kept waiting. Work that shares a budget takes
 * turns: the event loop runs other callbacks between any two of them.
 */
export class EventLoopBudget {
  /** When this turn began. The first one begins at its first check, as Node.js loads a module for its clock. */
  #began: number | undefined;
  readonly #waiting: (() => void)[] = [];

  /** Whether this turn is over. The caller must then `wait()` before it continues. */
  get isOver(): boolean {
    this.#began ??= performance.now();
    return performance.now() - this.#began >= BUDGET_MS && !isWorkerd();
  }

  /** Resolves when the caller's next turn begins. */
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
 * Cloudflare's workerd drops the callbacks scheduled by a request when that request ends, which would end the turns of
 * all other requests. Its requests have limits for CPU time instead.
 */
function isWorkerd(): boolean {
  const { navigator } = globalThis as { readonly navigator?: { readonly userAgent?: string } }; // Missing in Node.js 20.
  return navigator?.userAgent === 'Cloudflare-Workers';
}
