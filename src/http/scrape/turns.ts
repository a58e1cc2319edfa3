/** The longest that encodings keep others waiting, all together. */
const TURN_MS = 2;

/** Shares the event loop between encodings, and with everything else: in each of its turns one goes on for a while. */
export class Turns {
  #began = Number.NEGATIVE_INFINITY;
  readonly #waiting: (() => void)[] = [];

  /** Whether the caller has to `wait()` before it goes on. */
  get isOver(): boolean {
    return performance.now() - this.#began >= TURN_MS;
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
