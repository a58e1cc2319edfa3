import type { Format } from './exposition/formats.ts';
import type { Collector, DirectCollector, Registrar } from './model/collector.ts';
import { type Encoder, encodeFamily } from './model/encoder.ts';
import type { MetricFamily } from './model/family.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
/** Rows between two steps of an encoding. */
const ROWS_PER_STEP = 512;

export interface GatherOptions {
  /** Gives the scrape up when it aborts. */
  readonly signal?: AbortSignal;
  /** How long collectors may take; 10,000 by default. */
  readonly timeoutMs?: number;
}

/** A collector that failed, and was left out. */
export interface CollectorFailure {
  readonly collector: string;
  readonly error: Error;
}

/** Collectors and metrics, each family's name once. What a scrape shows. */
export class Registry implements Registrar {
  /** Sorted by name. */
  #metrics: DirectCollector[] = [];
  readonly #collectors = new Set<Collector>();

  /** Adds a metric or collector. Throws where a metric of its name is there already. */
  register(collector: Collector | DirectCollector): void {
    if (!isDirect(collector)) {
      this.#collectors.add(collector);
      return;
    }
    const { name } = collector.descriptor;
    if (this.get(name) !== undefined) {
      throw new Error(
        `A metric named ${name} is already registered. Use that one, or registry.unregister('${name}') first.`,
      );
    }
    this.#metrics = [...this.#metrics, collector].sort(byName);
  }

  /** Takes a collector, or the metric of that name, out again; whether it was there. */
  unregister(collector: Collector | DirectCollector | string): boolean {
    if (typeof collector === 'object' && !isDirect(collector)) return this.#collectors.delete(collector);
    const before = this.#metrics.length;
    this.#metrics = this.#metrics.filter(
      (metric) => metric !== collector && (typeof collector !== 'string' || metric.descriptor.name !== collector),
    );
    return this.#metrics.length < before;
  }

  /** The metric with that name. */
  get(name: string): DirectCollector | undefined {
    return this.#metrics.find(({ descriptor }) => descriptor.name === name);
  }

  /** Takes everything out. */
  clear(): void {
    this.#metrics = [];
    this.#collectors.clear();
  }

  /** Asks all collectors, at the same time; the values of metrics are read when the result is encoded. */
  async gather({ signal, timeoutMs = DEFAULT_TIMEOUT_MS }: GatherOptions = {}): Promise<Gathering> {
    const collectors = [...this.#collectors];
    if (collectors.length === 0) return new Gathering(this.#metrics, [], []);
    const collected = await collectAll(collectors, timeoutMs, signal);
    return new Gathering(
      this.#metrics,
      collected.flatMap(({ families }) => families ?? []),
      collected.flatMap(({ failure }) => failure ?? []),
    );
  }

  /** One scrape as a text, for scripts and tests. Servers use `metricsHandler()`. */
  async expose(format?: Format): Promise<string> {
    // Imported here, so that metrics, which need a registry, do not bring formats along.
    const { encodeGathering } = await import('./exposition/encode.ts');
    const gathering = await this.gather();
    return encodeGathering(gathering, format).toString();
  }
}

/** What one scrape shows, sorted by name. Use it at once, and only once: values are read as it is encoded. */
export class Gathering {
  readonly failures: readonly CollectorFailure[];
  readonly #entries: readonly (DirectCollector | MetricFamily)[];

  constructor(
    metrics: readonly DirectCollector[],
    families: readonly MetricFamily[],
    failures: readonly CollectorFailure[],
  ) {
    this.failures = failures;
    this.#entries = families.length === 0 ? metrics : [...metrics, ...families].sort(byEntryName);
  }

  encode(encoder: Encoder): void {
    for (const _step of this.steps(encoder)) {
      // In one go.
    }
  }

  /** Encodes, and pauses now and then for the caller to let others run. Series stay whole. */
  *steps(encoder: Encoder): Generator<void, void, void> {
    for (const entry of this.#entries) {
      if (isDirect(entry)) yield* stepsOf(entry, encoder);
      else encodeFamily(entry, encoder);
      yield;
    }
  }
}

function* stepsOf(metric: DirectCollector, encoder: Encoder): Generator<void, void, void> {
  if (metric.isEmpty) return;
  metric.pin();
  try {
    encoder.family(metric.descriptor);
    for (let row = 0; row < metric.rowCount; row += ROWS_PER_STEP) {
      if (row > 0) yield;
      metric.encode(encoder, row, Math.min(row + ROWS_PER_STEP, metric.rowCount));
    }
  } finally {
    metric.unpin();
  }
}

interface Collected {
  readonly families?: readonly MetricFamily[];
  readonly failure?: CollectorFailure;
}

async function collectAll(
  collectors: readonly Collector[],
  timeoutMs: number,
  outer: AbortSignal | undefined,
): Promise<Collected[]> {
  const controller = new AbortController();
  const deadline = Date.now() + timeoutMs;
  const abort = () => controller.abort(outer?.reason);
  const timer = setTimeout(() => controller.abort(new Error(`It took longer than ${timeoutMs} ms.`)), timeoutMs);
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted) abort();
  try {
    const context = { signal: controller.signal, deadline };
    return await Promise.all(
      collectors.map(async (collector) => {
        try {
          return { families: [...(await Promise.race([collector.collect(context), rejectedAt(controller.signal)]))] };
        } catch (error) {
          return { failure: { collector: nameOf(collector), error: asError(error) } };
        }
      }),
    );
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', abort);
  }
}

function rejectedAt(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function nameOf(collector: Collector): string {
  return collector.name ?? collector.constructor.name;
}

/** By its methods: it may come from another copy of the package. */
function isDirect(collector: Collector | DirectCollector | MetricFamily): collector is DirectCollector {
  return 'encode' in collector;
}

function byName(a: DirectCollector, b: DirectCollector): number {
  return compare(a.descriptor.name, b.descriptor.name);
}

function byEntryName(a: DirectCollector | MetricFamily, b: DirectCollector | MetricFamily): number {
  return compare(isDirect(a) ? a.descriptor.name : a.name, isDirect(b) ? b.descriptor.name : b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One for the process: ESM, CommonJS and other copies of the package share it, if they have the same version of it. */
const KEY = Symbol.for('zeroprom.defaultRegistry.1');
const shared = globalThis as { [KEY]?: Registry };

shared[KEY] ??= new Registry();

/** Where metrics register themselves unless told otherwise. */
export const defaultRegistry: Registry = shared[KEY];
