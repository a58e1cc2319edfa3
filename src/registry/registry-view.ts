import type { Registrable, Registrar } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { checkCollector, isDirect } from './named-collector.ts';
import { PrefixAndLabels, PrefixedCollector, PrefixedMetric } from './prefixed-collectors.ts';

/** The registry or view that a view registers with. */
interface Base extends Registrar {
  unregister(collector: Registrable): boolean;
  has(collector: Registrable): boolean;
}

/**
 * A view of a registry that adds a prefix to the names, or labels to the series, of all that is registered through it.
 * `Registry.withPrefix()` and `withLabels()` return it.
 *
 * @example
 * ```ts
 * import { Counter, Registry } from 'zeroprom';
 *
 * const registry = new Registry();
 * const tenant = registry.withLabels({ tenant: 'a' });
 * new Counter({ name: 'jobs_total', help: 'Finished jobs.', registry: tenant }).inc();
 * console.log(await registry.expose()); // jobs_total{tenant="a"} 1
 * ```
 */
export class RegistryView implements Base {
  readonly #base: Base;
  readonly #added: PrefixAndLabels;
  readonly #prefixed = new WeakMap<object, PrefixedMetric | PrefixedCollector>();

  /** @internal */
  constructor(base: Base, added: PrefixAndLabels) {
    this.#base = base;
    this.#added = added;
  }

  /** @internal */
  get prefix(): string {
    return (this.#base.prefix ?? '') + this.#added.prefix;
  }

  /**
   * Adds a metric or collector under its new name and with its new labels, like `Registry.register()`.
   *
   * @throws {Error} if it is registered through this view already, has one of the labels, or conflicts with another
   * metric.
   * @throws {TypeError} if it is neither a metric nor an object with a method `collect()`.
   */
  register(collector: Registrable): void {
    checkCollector(collector);
    if (this.has(collector)) throw new Error('This collector is already registered through this view.');
    const prefixed = isDirect(collector)
      ? new PrefixedMetric(collector, this.#added)
      : new PrefixedCollector(collector, this.#added);
    this.#base.register(prefixed);
    this.#prefixed.set(collector, prefixed);
  }

  /**
   * Removes a metric or collector that was registered through this view.
   *
   * @returns whether it was registered.
   */
  unregister(collector: Registrable): boolean {
    const prefixed = this.#prefixed.get(collector);
    this.#prefixed.delete(collector);
    return prefixed !== undefined && this.#base.unregister(prefixed);
  }

  /** Whether it is registered through this view. */
  has(collector: Registrable): boolean {
    const prefixed = this.#prefixed.get(collector);
    return prefixed !== undefined && this.#base.has(prefixed);
  }

  /** Returns a view of this view that puts another prefix before all names. */
  withPrefix(prefix: string): RegistryView {
    return new RegistryView(this, new PrefixAndLabels(prefix, {}));
  }

  /** Returns a view of this view that adds more labels to all series. */
  withLabels(labels: Labels): RegistryView {
    return new RegistryView(this, new PrefixAndLabels('', labels));
  }
}
