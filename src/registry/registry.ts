import type { EncodeOptions } from '../exposition/encode.ts';
import type { Format } from '../exposition/formats.ts';
import type { Collector, DirectCollector, Registrar } from '../model/collector.ts';
import type { MetricFamily } from '../model/family.ts';
import type { Labels } from '../model/labels.ts';
import { Claims } from './claims.ts';
import { type Collection, collectAll } from './collection.ts';
import { expose } from './expose.ts';
import { checkedFamily } from './family-check.ts';
import { type CollectorFailure, type Gatherer, Gathering, type GatherOptions, isDirect } from './gathering.ts';
import { Merged } from './merged.ts';
import { RegistryView } from './registry-view.ts';
import { collectorName, SelfMetrics } from './self-metrics.ts';
import type { Wrapping } from './wrapping.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

export interface RegistryOptions {
  /** Whether series about collectors and metrics are shown, `zeroprom_...`; they are by default. */
  readonly selfMetrics?: boolean;
}

/** Collectors and metrics, each family's name once. What a scrape shows. */
export class Registry implements Registrar, Gatherer {
  readonly #metrics = new Map<string, DirectCollector>();
  readonly #collectors = new Set<Collector>();
  readonly #claims = new Claims();
  readonly #self: SelfMetrics | undefined;

  constructor({ selfMetrics = true }: RegistryOptions = {}) {
    this.#self = selfMetrics ? new SelfMetrics() : undefined;
  }

  /** Several registries as one. A family that stands in several is shown once, with the series of all. */
  static merge(...registries: readonly Gatherer[]): Merged {
    return new Merged(registries);
  }

  /**
   * Adds a metric or collector. Throws an Error where a metric of its name is there already, or one whose samples would
   * have the same name, such as a gauge `x_count` beside a histogram `x`.
   */
  register(collector: Collector | DirectCollector): void {
    if (!isDirect(collector)) {
      if (typeof collector.collect !== 'function') throw new TypeError('A collector has a method collect().');
      this.#collectors.add(collector);
      return;
    }
    this.#claims.claim(collector.descriptor);
    this.#metrics.set(collector.descriptor.name, collector);
  }

  /** Takes a collector, or the metric of that name, out again; whether it was there. */
  unregister(collector: Collector | DirectCollector | string): boolean {
    if (typeof collector === 'object' && !isDirect(collector)) return this.#collectors.delete(collector);
    const name = typeof collector === 'string' ? collector : collector.descriptor.name;
    const metric = this.#metrics.get(name);
    if (metric === undefined || (typeof collector === 'object' && collector !== metric)) return false;
    this.#claims.release(metric);
    return this.#metrics.delete(name);
  }

  /** The metric with that name. */
  get(name: string): DirectCollector | undefined {
    return this.#metrics.get(name);
  }

  /**
   * The metric of that name if it is there with the same type, help, labels and other options that shape it, or else a
   * new one. Throws an Error where it is there and differs. For code that runs again, as in hot reloads.
   */
  getOrCreate<M extends DirectCollector, O>(type: new (options: O) => M, options: O): M {
    const candidate = new type({ ...options, registry: null });
    const existing = this.#metrics.get(candidate.descriptor.name);
    if (existing === undefined) {
      this.register(candidate);
      return candidate;
    }
    if (candidate.schema === undefined || existing.schema !== candidate.schema) {
      throw new Error(
        `${candidate.descriptor.name} is registered with another schema: ${existing.schema}, not ${candidate.schema}.`,
      );
    }
    // The schema has the type in it.
    return existing as M;
  }

  /** Takes everything out. */
  clear(): void {
    for (const metric of this.#metrics.values()) this.unregister(metric);
    this.#collectors.clear();
  }

  /** This registry for others to register in: names of what they register begin with `prefix`. */
  withPrefix(prefix: string): RegistryView {
    return this.#view({ prefix });
  }

  /** This registry for others to register in: all series of what they register have these labels too. */
  withLabels(labels: Labels): RegistryView {
    return this.#view({ labels });
  }

  /** The names of the collectors, each once. */
  get collectorNames(): readonly string[] {
    return [...new Set([...this.#collectors].map(collectorName))];
  }

  /** Asks all collectors, at the same time; the values of metrics are read when the result is encoded. */
  async gather(options: GatherOptions = {}): Promise<Gathering> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, names, collect } = options;
    const metrics = collect === undefined ? [...this.#metrics.values()] : [];
    const collection = await collectAll(this.#asked(options), metrics, { signal, timeoutMs });
    const gathering = this.#join(collection);
    return names === undefined ? gathering : gathering.only(new Set(names));
  }

  /** One scrape as a text, for scripts and tests. Servers use `metricsHandler()`. */
  expose(format?: Format, options?: EncodeOptions): Promise<string> {
    return expose(this, format, options);
  }

  #view(wrapping: Wrapping): RegistryView {
    return new RegistryView(this, wrapping);
  }

  #asked({ collect, exclude = [] }: GatherOptions): Collector[] {
    const wanted = collect && new Set(collect);
    const unwanted = new Set(exclude);
    return [...this.#collectors].filter((collector) => {
      const name = collectorName(collector);
      return (wanted === undefined || wanted.has(name)) && !unwanted.has(name);
    });
  }

  /** Leaves out what failed, and families that are none or whose names are taken. */
  #join({ collected, prepared }: Collection): Gathering {
    const failures: CollectorFailure[] = [];
    const metrics = prepared.flatMap(({ metric, error }) => {
      if (error === undefined) return [metric];
      failures.push({ collector: metric.descriptor.name, error });
      return [];
    });
    const claims = this.#claims.copy();
    const results = collected.map((result) => {
      const { families, error } = admit(result.families, claims);
      const failure = result.error ?? error;
      if (failure !== undefined) failures.push({ collector: collectorName(result.collector), error: failure });
      return { ...result, families, error: failure };
    });
    const families = results.flatMap((result) => result.families);
    const own = this.#self ? [...this.#self.ofCollectors(results), ...this.#self.ofMetrics(metrics)] : [];
    return new Gathering([...metrics, ...families, ...own], failures);
  }
}

/** Those of the families that can be shown beside all others, and the first error of those that can not. */
function admit(families: readonly MetricFamily[], claims: Claims) {
  let error: Error | undefined;
  const admitted = families.flatMap((family) => {
    try {
      const checked = checkedFamily(family);
      claims.claim(checked);
      return [checked];
    } catch (thrown) {
      error ??= thrown instanceof Error ? thrown : new Error(String(thrown));
      return [];
    }
  });
  return { families: admitted, error };
}
