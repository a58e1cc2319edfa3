import type { EncodeOptions } from '../exposition/encode.ts';
import type { Format } from '../exposition/formats.ts';
import type { FamilySnapshot } from '../exposition/snapshot/snapshot.ts';
import type { Collector, DirectCollector, Registrar } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { assembleGathering } from './assemble-gathering.ts';
import { collectAll, collectorName, type NamedCollector } from './collection.ts';
import { expose, snapshot } from './expose.ts';
import { type Gatherer, type Gathering, type GatherOptions, isAskedFor, isDirect } from './gathering.ts';
import { Merged } from './merged.ts';
import { MetricList } from './metric-list.ts';
import { PrefixAndLabels } from './prefixed-collectors.ts';
import { RegistryMetrics } from './registry-metrics.ts';
import { RegistryView } from './registry-view.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_POINTS = 100_000;

export interface RegistryOptions {
  /** Whether series about collectors and metrics are shown, `zeroprom_...`; they are by default. */
  readonly selfMetrics?: boolean;
  /** How many points, with its families, one collector may return in a scrape; 100,000 by default. */
  readonly maxPoints?: number;
}

/** Collectors and metrics, each family's name once. What a scrape shows. */
export class Registry implements Registrar, Gatherer {
  readonly #metrics = new MetricList();
  readonly #collectors = new Map<Collector, NamedCollector>();
  readonly #self: RegistryMetrics | undefined;
  readonly #maxPoints: number;

  constructor({ selfMetrics = true, maxPoints = DEFAULT_MAX_POINTS }: RegistryOptions = {}) {
    if (!(maxPoints >= 1)) throw new RangeError(`maxPoints is a number from 1, not ${maxPoints}.`);
    this.#self = selfMetrics ? new RegistryMetrics() : undefined;
    this.#maxPoints = maxPoints;
  }

  /** Several registries as one. A family that stands in several is shown once, with the series of all. */
  static merge(...registries: readonly Gatherer[]): Merged {
    return new Merged(registries);
  }

  /**
   * Adds a metric or collector. Throws an Error where it is there already, and where a metric of its name is, or one
   * whose samples would have the same name, such as a gauge `x_count` beside a histogram `x`.
   */
  register(collector: Collector | DirectCollector): void {
    checkCollector(collector);
    if (isDirect(collector)) {
      this.#metrics.add(collector);
      return;
    }
    const name = collectorName(collector);
    if (this.#collectors.has(collector)) throw new Error(`The collector ${name} is registered already.`);
    this.#collectors.set(collector, { name, collector, maxPoints: this.#maxPoints });
  }

  /** Takes a collector, or the metrics of that name, out again; whether it was there. */
  unregister(collector: Collector | DirectCollector | string): boolean {
    if (typeof collector === 'string') {
      const metrics = this.#metrics.named(collector);
      for (const metric of metrics) this.unregister(metric);
      return metrics.length > 0;
    }
    if (isDirect(collector)) {
      this.#self?.forget(collector.descriptor.name);
      return this.#metrics.delete(collector);
    }
    this.#self?.forget(this.#collectors.get(collector)?.name ?? '');
    return this.#collectors.delete(collector);
  }

  /** Whether this very collector or metric is registered. */
  has(collector: Collector | DirectCollector): boolean {
    return isDirect(collector) ? this.#metrics.has(collector) : this.#collectors.has(collector);
  }

  /** The metric with that name; the first, where several have it with different constant labels. */
  get(name: string): DirectCollector | undefined {
    return this.#metrics.named(name)[0];
  }

  /**
   * The metric of that name if it is there with the same type, help, labels and other options that shape it, or else a
   * new one. Throws an Error where it is there and differs. For code that runs again, as in hot reloads. Parameters of
   * callbacks among the options need their types written.
   */
  getOrCreate<const O extends object, M extends DirectCollector>(type: new (options: O) => M, options: O): M {
    const candidate = new type({ ...options, registry: null });
    const existing = this.#metrics.named(candidate.descriptor.name);
    const same = existing.find(({ schema }) => schema !== undefined && schema === candidate.schema);
    // The schema has the type in it.
    if (same !== undefined) return same as M;
    const [other] = existing;
    if (other !== undefined) {
      throw new Error(
        `${candidate.descriptor.name} is registered with another schema: ${other.schema}, not ${candidate.schema}.`,
      );
    }
    this.register(candidate);
    return candidate;
  }

  /** Takes everything out. */
  clear(): void {
    for (const metric of this.#metrics.all) this.unregister(metric);
    for (const collector of this.#collectors.keys()) this.unregister(collector);
  }

  /** This registry for others to register in: names of what they register begin with `prefix`. */
  withPrefix(prefix: string): RegistryView {
    return new RegistryView(this, new PrefixAndLabels(prefix, {}));
  }

  /** This registry for others to register in: all series of what they register have these labels too. */
  withLabels(labels: Labels): RegistryView {
    return new RegistryView(this, new PrefixAndLabels('', labels));
  }

  /** The names of the collectors, each once. */
  get collectorNames(): readonly string[] {
    return [...new Set([...this.#collectors.values()].map(({ name }) => name))];
  }

  /**
   * Asks all collectors, at the same time; the values of metrics are read when the result is encoded. What fails, is
   * late or cannot be shown is left out and reported. Rejects with a RangeError only, for a timeout that is none.
   */
  async gather(options: GatherOptions = {}): Promise<Gathering> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, collect, runs } = options;
    const names = namesOf(options.names);
    const metrics = collect === undefined ? this.#metrics.all : [];
    const asked = names ? metrics.filter(({ descriptor }) => isAskedFor(descriptor, names)) : metrics;
    const collection = await collectAll(this, this.#asked(options), asked, { signal, timeoutMs, runs });
    const gathering = await assembleGathering(collection, this.#metrics.claims, this.#self);
    return names === undefined ? gathering : gathering.only(names);
  }

  /** One scrape as a text, for scripts and tests. Servers use `metricsHandler()`. */
  expose(format?: Format, options?: EncodeOptions): Promise<string> {
    return expose(this, format, options);
  }

  /** One scrape as plain data, which survives JSON: `readSnapshot()` makes families of it, here or elsewhere. */
  snapshot(): Promise<FamilySnapshot[]> {
    return snapshot(this);
  }

  #asked({ collect, exclude }: GatherOptions): NamedCollector[] {
    const wanted = namesOf(collect);
    const unwanted = namesOf(exclude);
    return [...this.#collectors.values()].filter(
      ({ name }) => (wanted === undefined || wanted.has(name)) && !unwanted?.has(name),
    );
  }
}

function checkCollector(collector: unknown): void {
  const isCollector =
    typeof collector === 'object' &&
    collector !== null &&
    (isDirect(collector) || ('collect' in collector && typeof collector.collect === 'function'));
  if (!isCollector) throw new TypeError('A collector is an object with a method collect().');
}

function namesOf(names: Iterable<string> | undefined): ReadonlySet<string> | undefined {
  return names === undefined ? undefined : new Set(typeof names === 'string' ? [names] : names);
}
