import type { Collector, DirectCollector, Registrar } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { isDirect } from './gathering.ts';
import { PrefixAndLabels, PrefixedCollector, PrefixedMetric } from './prefixed-collectors.ts';

/** What a view stands on: a registry, or another view. */
interface Base extends Registrar {
  unregister(collector: Collector | DirectCollector): boolean;
  has(collector: Collector | DirectCollector): boolean;
}

/** A registry seen through a prefix or labels: what is registered here has them there. */
export class RegistryView implements Base {
  readonly #base: Base;
  readonly #added: PrefixAndLabels;
  readonly #prefixed = new WeakMap<Collector | DirectCollector, Collector | DirectCollector>();

  constructor(base: Base, added: PrefixAndLabels) {
    this.#base = base;
    this.#added = added;
  }

  /** As `Registry.register()`. Throws an Error, too, for a metric that has one of the labels already. */
  register(collector: Collector | DirectCollector): void {
    if (this.has(collector)) throw new Error('This collector is registered through this view already.');
    const prefixed = isDirect(collector)
      ? new PrefixedMetric(collector, this.#added)
      : new PrefixedCollector(collector, this.#added);
    this.#base.register(prefixed);
    this.#prefixed.set(collector, prefixed);
  }

  /** Takes out what was registered through this view; whether it was there. */
  unregister(collector: Collector | DirectCollector): boolean {
    const prefixed = this.#prefixed.get(collector);
    this.#prefixed.delete(collector);
    return prefixed !== undefined && this.#base.unregister(prefixed);
  }

  /** Whether it is registered through this view. */
  has(collector: Collector | DirectCollector): boolean {
    const prefixed = this.#prefixed.get(collector);
    return prefixed !== undefined && this.#base.has(prefixed);
  }

  withPrefix(prefix: string): RegistryView {
    return new RegistryView(this, new PrefixAndLabels(prefix, {}));
  }

  withLabels(labels: Labels): RegistryView {
    return new RegistryView(this, new PrefixAndLabels('', labels));
  }
}
