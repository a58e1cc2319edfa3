import type { CollectContext, Collector, DirectCollector } from '../model/collector.ts';
import type { MetricFamily } from '../model/family.ts';

export interface CollectOptions {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** How it went with one collector. */
export interface Collected {
  readonly collector: Collector;
  readonly seconds: number;
  readonly families: readonly MetricFamily[];
  readonly error: Error | undefined;
}

/** How it went with a metric that was to be brought up to date. */
export interface Prepared {
  readonly metric: DirectCollector;
  readonly error: Error | undefined;
}

export interface Collection {
  readonly collected: readonly Collected[];
  readonly prepared: readonly Prepared[];
}

/** Asks all collectors and metrics at the same time. Never rejects: what fails or is late says so in its place. */
export async function collectAll(
  collectors: readonly Collector[],
  metrics: readonly DirectCollector[],
  options: CollectOptions,
): Promise<Collection> {
  const deadline = new Deadline(options);
  try {
    const { context } = deadline;
    const prepared = metrics.map((metric) => prepare(metric, context, deadline));
    const collected = collectors.map((collector) => collect(collector, context, deadline));
    return { collected: await Promise.all(collected), prepared: await Promise.all(prepared) };
  } finally {
    deadline.end();
  }
}

async function collect(collector: Collector, context: CollectContext, deadline: Deadline): Promise<Collected> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  try {
    const families = [...(await deadline.orLate(() => collector.collect(context)))];
    return { collector, families, error: undefined, seconds: seconds() };
  } catch (thrown) {
    return { collector, families: [], error: asError(thrown), seconds: seconds() };
  }
}

/** Most metrics have nothing to do; nobody waits for them. */
function prepare(metric: DirectCollector, context: CollectContext, deadline: Deadline): Prepared | Promise<Prepared> {
  try {
    const preparing = metric.prepare?.(context);
    if (preparing === undefined) return { metric, error: undefined };
    return deadline
      .orLate(() => preparing)
      .then(
        () => ({ metric, error: undefined }),
        (thrown: unknown) => ({ metric, error: asError(thrown) }),
      );
  } catch (thrown) {
    return { metric, error: asError(thrown) };
  }
}

/** Aborts after a time, or with an outer signal; leaves no timer and no listener behind. */
class Deadline {
  readonly context: CollectContext;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #outer: AbortSignal | undefined;
  readonly #aborted: Promise<never>;
  readonly #abort = () => this.#controller.abort(this.#outer?.reason);

  constructor({ signal: outer, timeoutMs }: CollectOptions) {
    const { signal } = this.#controller;
    this.context = { signal, deadline: Date.now() + timeoutMs };
    this.#outer = outer;
    this.#aborted = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    this.#aborted.catch(() => {}); // It is nobody's failure where nobody waits any more.
    this.#timer = setTimeout(
      () => this.#controller.abort(new Error(`It took longer than ${timeoutMs} ms.`)),
      Math.min(timeoutMs, 2 ** 31 - 1),
    );
    outer?.addEventListener('abort', this.#abort, { once: true });
    if (outer?.aborted) this.#abort();
  }

  orLate<T>(work: () => T | PromiseLike<T>): Promise<T> {
    return Promise.race([Promise.resolve().then(work), this.#aborted]);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
