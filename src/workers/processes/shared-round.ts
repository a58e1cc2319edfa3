import { setMaxListeners } from 'node:events';

/** A gathering that concurrent callers share. A caller that gives up fails alone; the last one aborts the gathering. */
export class SharedRound<T> {
  readonly #abort = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;

  constructor(gather: (signal: AbortSignal) => Promise<T>) {
    setMaxListeners(0, this.#abort.signal); // Each worker that is asked has one.
    this.#result = gather(this.#abort.signal);
  }

  /** Whether all callers have given up. */
  get isAborted(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Calls `end` when the gathering has ended, with or without a result. */
  onEnd(end: () => void): void {
    this.#result.then(end, end);
  }

  /** Returns the result; rejects with the reason of the signal if that aborts before. */
  async join(signal: AbortSignal | undefined): Promise<T> {
    this.#waiting++;
    if (signal === undefined) return this.#result;
    return await new Promise<T>((resolve, reject) => {
      const giveUp = () => {
        reject(signal.reason);
        this.#waiting--;
        if (this.#waiting === 0) this.#abort.abort(signal.reason);
      };
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
      this.#result.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
    });
  }
}
