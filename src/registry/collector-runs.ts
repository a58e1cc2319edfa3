import type { CollectContext } from '../model/collector.ts';
import { GatherLink } from './gather-chain.ts';

/** A collector with this many calls still running after their signal aborted is not called again. */
const MOST_UNSTOPPED = 3;

/** Number of calls of a collector or metric that are still running although their signal has aborted. */
const unstopped = new WeakMap<object, number>();

/** One call of a collector, or of a metric's callback. Several gatherings may wait for it. */
export class CollectorRun<T> {
  isOver = false;
  readonly result: Promise<T>;
  readonly #asked: object;
  readonly #began = performance.now();
  #endedAt: number | undefined = undefined;
  #isUnstopped = false;

  /** Runs `call` at once. `asked` identifies the collector. */
  constructor(asked: object, name: string, call: () => T | PromiseLike<T>) {
    this.#asked = asked;
    this.result = this.#run(name, call);
    this.result.catch(() => {}); // Reported by the gatherings that wait for it.
  }

  /** Duration of the call, or the time since it started. */
  get seconds(): number {
    return ((this.#endedAt ?? performance.now()) - this.#began) / 1000;
  }

  /** Call it when the signal has aborted. */
  stopped(): void {
    if (this.isOver || this.#isUnstopped) return;
    this.#isUnstopped = true;
    unstopped.set(this.#asked, (unstopped.get(this.#asked) ?? 0) + 1);
  }

  async #run(name: string, call: () => T | PromiseLike<T>): Promise<T> {
    try {
      if ((unstopped.get(this.#asked) ?? 0) >= MOST_UNSTOPPED) {
        throw new Error(
          `Collector ${name} is still running for ${MOST_UNSTOPPED} earlier scrapes; it must stop when its signal aborts.`,
        );
      }
      return (await new GatherLink(this.#asked, name).call(call)) as T;
    } finally {
      this.#endedAt = performance.now();
      this.isOver = true;
      if (this.#isUnstopped) unstopped.set(this.#asked, (unstopped.get(this.#asked) ?? 1) - 1);
    }
  }
}

/**
 * The calls of collectors for several gatherings one after another. Completed calls are reused and late ones continue.
 * Their signal aborts when the latest deadline of these gatherings has passed.
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

  /** Whether some of the calls are still running. */
  get arePending(): boolean {
    for (const { isOver } of this.#runs) if (!isOver) return true;
    return false;
  }

  /** Moves the deadline to `endsAt`, a time of `performance.now()`, unless it is later already. */
  extendTo(endsAt: number): void {
    if (endsAt <= this.#endsAt) return;
    this.#endsAt = endsAt;
    this.#deadline = Date.now() + Math.round(endsAt - performance.now());
  }

  /** Aborts the calls unless the deadline was moved beyond `endsAt`. */
  expire(endsAt: number, reason: unknown): void {
    if (endsAt >= this.#endsAt) this.abort(reason);
  }

  /** Aborts the signal of all calls. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
    for (const run of this.#runs) run.stopped();
  }

  /** Returns what `begin` returned for a registry the first time. */
  begunFor<T>(registry: object, begin: () => T): T {
    const begun = this.#begun.get(registry) ?? begin();
    this.#begun.set(registry, begun);
    return begun as T; // Each registry always stores the same type.
  }

  start<T>(asked: object, name: string, call: () => T | PromiseLike<T>): CollectorRun<T> {
    const run = new CollectorRun(asked, name, call);
    this.#runs.add(run);
    return run;
  }
}
