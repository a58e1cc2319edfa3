import type { CollectContext } from '../model/collector.ts';
import { GatherLink } from './gather-chain.ts';

/** With so many calls that go on after they were told to stop, a collector is not called again. */
const MOST_UNSTOPPED = 3;

/** How many calls of a collector or metric go on though their signal has aborted. */
const unstopped = new WeakMap<object, number>();

/** One call of a collector, or of a metric's callback, whoever waits for it. */
export class CollectorRun<T> {
  isOver = false;
  readonly result: Promise<T>;
  readonly #asked: object;
  readonly #began = performance.now();
  #endedAt: number | undefined = undefined;
  #isUnstopped = false;

  /** `asked` is called by `call`, at once; it stands for the collector where that asks for itself. */
  constructor(asked: object, name: string, call: () => T | PromiseLike<T>) {
    this.#asked = asked;
    this.result = this.#run(name, call);
    this.result.catch(() => {}); // It is told to who waits for it.
  }

  /** How long it took, or has taken so far. */
  get seconds(): number {
    return ((this.#endedAt ?? performance.now()) - this.#began) / 1000;
  }

  /** To be called when its signal has aborted. */
  stopped(): void {
    if (this.isOver || this.#isUnstopped) return;
    this.#isUnstopped = true;
    unstopped.set(this.#asked, (unstopped.get(this.#asked) ?? 0) + 1);
  }

  async #run(name: string, call: () => T | PromiseLike<T>): Promise<T> {
    try {
      if ((unstopped.get(this.#asked) ?? 0) >= MOST_UNSTOPPED) throw unstoppedError(name);
      return (await new GatherLink(this.#asked, name).call(call)) as T;
    } finally {
      this.#endedAt = performance.now();
      this.isOver = true;
      if (this.#isUnstopped) unstopped.set(this.#asked, (unstopped.get(this.#asked) ?? 1) - 1);
    }
  }
}

function unstoppedError(name: string): Error {
  return new Error(
    `The collector ${name} still runs for ${MOST_UNSTOPPED} earlier scrapes: it must stop when its signal aborts.`,
  );
}

/**
 * The calls of collectors that several gatherings, one after another, wait for: what is done is not done again, and what is
 * late goes on. They are told to stop when the latest of the gatherings' deadlines has passed.
 */
export class CollectorRuns {
  readonly context: CollectContext;
  readonly #controller = new AbortController();
  readonly #runs = new Set<CollectorRun<unknown>>();
  readonly #begun = new Map<object, unknown>();
  #endsAt = Number.NEGATIVE_INFINITY;
  #deadline = 0;

  constructor() {
    const deadline = () => this.#deadline;
    this.context = {
      signal: this.#controller.signal,
      get deadline() {
        return deadline();
      },
    };
  }

  /** Whether some of the calls are not done. */
  get arePending(): boolean {
    for (const { isOver } of this.#runs) if (!isOver) return true;
    return false;
  }

  /** Lets them take until then, by `performance.now()`, if they may not already. */
  extendTo(endsAt: number): void {
    if (endsAt <= this.#endsAt) return;
    this.#endsAt = endsAt;
    this.#deadline = Date.now() + Math.round(endsAt - performance.now());
  }

  /** Tells them to stop if nothing may take longer than until then. */
  expire(endsAt: number, reason: unknown): void {
    if (endsAt >= this.#endsAt) this.abort(reason);
  }

  /** Tells them to stop. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
    for (const run of this.#runs) run.stopped();
  }

  /** What was begun for a registry, or is begun now. */
  begunFor<T>(registry: object, begin: () => T): T {
    const begun = this.#begun.get(registry) ?? begin();
    this.#begun.set(registry, begun);
    return begun as T; // What is kept for a registry is of one type.
  }

  start<T>(asked: object, name: string, call: () => T | PromiseLike<T>): CollectorRun<T> {
    const run = new CollectorRun(asked, name, call);
    this.#runs.add(run);
    return run;
  }
}
