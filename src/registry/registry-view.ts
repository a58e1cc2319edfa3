import type { Collector, DirectCollector, Registrar } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { isDirect } from './gathering.ts';
import { WrappedCollector, WrappedMetric, Wrapping } from './prefixed-collectors.ts';

/** What a view stands on: a registry, or another view. */
interface Base extends Registrar {
  unregister(collector: Collector | DirectCollector): boolean;
  has(collector: Collector | DirectCollector): boolean;
}

/** A registry seen through a prefix or labels: what is registered here has them there. */
export class RegistryView implements Base {
  readonly #base: Base;
  readonly #wrapping: Wrapping;
  readonly #wrapped = new WeakMap<Collector | DirectCollector, Collector | DirectCollector>();

  constructor(base: Base, wrapping: Wrapping) {
    this.#base = base;
    this.#wrapping = wrapping;
  }

  /** As `Registry.register()`. Throws an Error, too, for a metric that has one of the labels already. */
  register(collector: Collector | DirectCollector): void {
    if (this.has(collector)) throw new Error('This collector is registered through this view already.');
    const wrapped = isDirect(collector)
      ? new WrappedMetric(collector, this.#wrapping)
      : new WrappedCollector(collector, this.#wrapping);
    this.#base.register(wrapped);
    this.#wrapped.set(collector, wrapped);
  }

  /** Takes out what was registered through this view; whether it was there. */
  unregister(collector: Collector | DirectCollector): boolean {
    const wrapped = this.#wrapped.get(collector);
    this.#wrapped.delete(collector);
    return wrapped !== undefined && this.#base.unregister(wrapped);
  }

  /** Whether it is registered through this view. */
  has(collector: Collector | DirectCollector): boolean {
    const wrapped = this.#wrapped.get(collector);
    return wrapped !== undefined && this.#base.has(wrapped);
  }

  withPrefix(prefix: string): RegistryView {
    return new RegistryView(this, new Wrapping(prefix, {}));
  }

  withLabels(labels: Labels): RegistryView {
    return new RegistryView(this, new Wrapping('', labels));
  }
}
