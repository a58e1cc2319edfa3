import type { EncodeOptions } from '../exposition/encode.ts';
import type { Format } from '../exposition/formats.ts';
import type { FamilySnapshot } from '../exposition/snapshot/snapshot.ts';
import type { DirectCollector, Registrable, RegistrableMetric, Registrar } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { loadedOnce } from '../model/loaded-once.ts';
import { checkOptionNames } from '../model/option-names.ts';
import { Catalog, type RegistryObserver } from './catalog.ts';
import { expose, snapshot } from './expose.ts';
import type { Gatherer, Gathering, GatherOptions } from './gathering.ts';
import { Merged } from './merged.ts';
import { isDirect } from './named-collector.ts';
import { PrefixAndLabels } from './prefixed-collectors.ts';
import { REGISTRY_OPTIONS, REUSE_OPTIONS, type RegistryOptions, type ReuseOptions } from './registry-options.ts';
import { RegistryView } from './registry-view.ts';

/**
 * Metrics and collectors that are scraped together. Names are unique: two metrics may share one only if constant labels
 * distinguish them.
 *
 * @example
 * ```ts
 * import { Counter, Registry } from 'zeroprom';
 *
 * const registry = new Registry();
 * const jobs = new Counter({ name: 'jobs_total', help: 'Finished jobs.', registry });
 * jobs.inc();
 * console.log(await registry.expose());
 * ```
 */
export class Registry implements Registrar, Gatherer {
  readonly #catalog: Catalog;
  /** Whether scrapes include metrics about the registry. @internal */
  readonly hasSelfMetrics: boolean;
  /** False if another registry applies the overrides. */
  #appliesOverrides = true;
  readonly #gatherer = loadedOnce(async () => {
    const { RegistryGatherer } = await import('./on-demand.ts');
    const options = { selfMetrics: this.hasSelfMetrics, appliesOverrides: this.#appliesOverrides };
    return new RegistryGatherer(this, this.#catalog, options);
  });

  /**
   * Creates an empty registry.
   *
   * @throws {TypeError} for an unknown option.
   * @throws {RangeError} if `maxPoints` is not a number of at least 1.
   */
  constructor(options?: RegistryOptions);
  /** @internal */
  constructor(options: RegistryOptions, catalog: Catalog);
  constructor(options: RegistryOptions = {}, catalog?: Catalog) {
    checkOptionNames('new Registry()', options, REGISTRY_OPTIONS);
    const { selfMetrics = true, maxPoints } = options;
    this.#catalog = catalog ?? new Catalog(maxPoints);
    this.hasSelfMetrics = selfMetrics;
  }

  /**
   * Combines registries into one to scrape. A family that several registries contain is exposed once, with the series
   * of all of them.
   */
  static merge(...registries: readonly Gatherer[]): Merged {
    return new Merged(registries);
  }

  /** Creates a registry for a part of another one, which applies the overrides of the operator. @internal */
  static withoutOverrides(options: RegistryOptions): Registry {
    const registry = new Registry(options);
    registry.#appliesOverrides = false;
    return registry;
  }

  /**
   * Adds a metric or collector. Metrics register themselves when they are created, unless their option `registry` is
   * `null`.
   *
   * @throws {Error} if it is registered already, or if a metric with its name is, or one whose samples would have the
   * same name, such as a gauge `x_count` beside a histogram `x`.
   * @throws {TypeError} if it is neither a metric nor an object with a method `collect()`.
   */
  register(collector: Registrable): void {
    this.#catalog.register(collector);
  }

  /**
   * Removes a metric or collector, or all metrics with a name.
   *
   * @returns whether it was registered.
   */
  unregister(collector: Registrable | string): boolean {
    if (typeof collector === 'string') {
      const metrics = this.#catalog.metrics.named(collector);
      for (const metric of metrics) this.unregister(metric);
      return metrics.length > 0;
    }
    return this.#catalog.unregister(collector);
  }

  /**
   * Tells the observer what is registered, now and from now on. Returns a function that ends it.
   *
   * @internal
   */
  observe(observer: RegistryObserver): () => void {
    return this.#catalog.observe(observer);
  }

  /** Whether this very metric or collector is registered. */
  has(collector: Registrable): boolean {
    return this.#catalog.has(collector);
  }

  /** The metric with a name; the first one if several have it with different constant labels. */
  get(name: string): DirectCollector | undefined {
    return this.#catalog.metrics.named(name)[0];
  }

  /**
   * Returns the registered metric with the name, or creates and registers it. Use it for code that runs again, such as
   * after a hot reload. Parameters of callbacks in `options` need their types written out.
   *
   * @throws {Error} if a metric with the name exists but differs in type, help, unit, labels or other options that
   * shape it, unless `replace` is set. The message describes the differences.
   *
   * @example
   * ```ts
   * import { Counter, Registry } from 'zeroprom';
   *
   * const registry = new Registry();
   * const options = { name: 'jobs_total', help: 'Finished jobs.', labelNames: ['queue'] } as const;
   * registry.getOrCreate(Counter, options).inc({ queue: 'mail' });
   * registry.getOrCreate(Counter, options).inc({ queue: 'mail' }); // The same counter.
   * ```
   */
  getOrCreate<const O extends object, M extends RegistrableMetric>(
    type: new (options: O) => M,
    options: O,
    reuse: ReuseOptions = {},
  ): M {
    checkOptionNames('getOrCreate()', reuse, REUSE_OPTIONS);
    const candidate = new type({ ...options, registry: null });
    const schema = isDirect(candidate) ? candidate.schema : undefined;
    const existing = this.#catalog.metrics.named(candidate.descriptor.name);
    const same = existing.find((metric) => metric.schema !== undefined && metric.schema === schema);
    // The type is a part of the schema.
    if (same !== undefined) return same as RegistrableMetric as M;
    if (reuse.replace !== true) this.register(candidate);
    else this.#replace(existing, candidate);
    return candidate;
  }

  #replace(existing: readonly DirectCollector[], candidate: RegistrableMetric): void {
    for (const metric of existing) this.unregister(metric);
    try {
      this.register(candidate);
    } catch (error) {
      for (const metric of existing) this.register(metric);
      throw error;
    }
  }

  /** Removes all metrics and collectors. */
  clear(): void {
    for (const metric of this.#catalog.metrics.all) this.unregister(metric);
    for (const { collector } of this.#catalog.collectors) this.unregister(collector);
  }

  /**
   * Returns a view of this registry that puts a prefix before the names of all that is registered through it.
   *
   * @throws {RangeError} if no metric name can begin with `prefix`.
   *
   * @example
   * ```ts
   * import { Gauge, Registry } from 'zeroprom';
   *
   * const registry = new Registry();
   * new Gauge({ name: 'size', help: 'Entries.', registry: registry.withPrefix('cache_') }).set(3);
   * console.log(await registry.expose()); // cache_size 3
   * ```
   */
  withPrefix(prefix: string): RegistryView {
    return new RegistryView(this, new PrefixAndLabels(prefix, {}));
  }

  /**
   * Returns a view of this registry that adds labels to all series of what is registered through it.
   *
   * @throws {RangeError} for an invalid label name.
   * @throws {TypeError} if a label value is not a string, number or boolean.
   */
  withLabels(labels: Labels): RegistryView {
    return new RegistryView(this, new PrefixAndLabels('', labels));
  }

  /** The names of the registered collectors, each once. */
  get collectorNames(): readonly string[] {
    return [...new Set(this.#catalog.collectors.map(({ name }) => name))];
  }

  /** @internal */
  get metrics(): readonly DirectCollector[] {
    return this.#catalog.metrics.all;
  }

  /**
   * Calls all collectors concurrently and returns their families together with the metrics, whose values are read when
   * the result is encoded. A collector that fails or exceeds the timeout is left out and reported in `failures`, and so
   * are families and points that cannot be exposed.
   *
   * @throws {RangeError} if `timeoutMs` is not above 0.
   */
  async gather(options: GatherOptions = {}): Promise<Gathering> {
    const gatherer = this.#gatherer();
    return ('gather' in gatherer ? gatherer : await gatherer).gather(options);
  }

  /**
   * Scrapes the registry once and returns the exposition as text, for scripts and tests. Servers use
   * `metricsHandler()`.
   *
   * @throws {TypeError} if `format` is not a text format.
   */
  expose(format?: Format, options?: EncodeOptions): Promise<string> {
    return expose(this, format, options);
  }

  /**
   * Scrapes the registry once and returns plain data that survives JSON. `readSnapshot()` turns it into families again.
   */
  snapshot(): Promise<FamilySnapshot[]> {
    return snapshot(this);
  }
}
