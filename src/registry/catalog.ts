import type { Collector, DirectCollector, Registrable, Registrar } from '../model/collector.ts';
import { MetricList } from './metric-list.ts';
import { checkCollector, collectorName, isDirect, type NamedCollector } from './named-collector.ts';
import { Origin } from './origin.ts';
import { upGaugeOf } from './up-gauge.ts';

const DEFAULT_MAX_POINTS = 100_000;

/** Is told what a registry contains. */
export interface RegistryObserver {
  /** Called for each metric and collector; `maxPoints` limits what a collector returns. */
  added(collector: Collector | DirectCollector, maxPoints: number): void;
  /** Called before one is removed, and for one that was not registered. */
  removed(collector: Registrable): void;
}

/**
 * The metrics and collectors of a registry. Metrics need only this to register themselves, so that programs that never gather bundle
 * nothing else.
 */
export class Catalog implements Registrar {
  readonly metrics = new MetricList();
  readonly #collectors = new Map<object, NamedCollector>();
  readonly #observers = new Set<RegistryObserver>();
  readonly #maxPoints: number;

  /** Throws a RangeError if `maxPoints` is not a number of at least 1. */
  constructor(maxPoints = DEFAULT_MAX_POINTS) {
    if (!(maxPoints >= 1)) throw new RangeError(`maxPoints must be a number of at least 1, got ${maxPoints}.`);
    this.#maxPoints = maxPoints;
  }

  get collectors(): readonly NamedCollector[] {
    return [...this.#collectors.values()];
  }

  /** The name of a registered collector. */
  nameOf(collector: object): string | undefined {
    return this.#collectors.get(collector)?.name;
  }

  register(collector: Registrable): void {
    checkCollector(collector);
    this.#add(collector);
    for (const observer of this.#observers) observer.added(collector, this.#maxPoints);
  }

  #add(collector: Collector | DirectCollector): void {
    if (isDirect(collector)) {
      this.metrics.add(collector, new Origin(Catalog.prototype.register));
      return;
    }
    const name = collectorName(collector);
    if (this.#collectors.has(collector)) throw new Error(`Collector ${name} is already registered.`);
    this.#collectors.set(collector, { name, collector, maxPoints: this.#maxPoints, up: upGaugeOf(collector) });
  }

  /** Returns whether it was registered. */
  unregister(collector: Registrable): boolean {
    for (const observer of this.#observers) observer.removed(collector);
    return isDirect(collector) ? this.metrics.delete(collector) : this.#collectors.delete(collector);
  }

  /** Tells the observer what is registered, now and from now on. Returns a function that ends it. */
  observe(observer: RegistryObserver): () => void {
    for (const metric of this.metrics.all) observer.added(metric, this.#maxPoints);
    for (const { collector } of this.#collectors.values()) observer.added(collector, this.#maxPoints);
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  /** Whether this very metric or collector is registered. */
  has(collector: Registrable): boolean {
    return isDirect(collector) ? this.metrics.has(collector) : this.#collectors.has(collector);
  }
}
