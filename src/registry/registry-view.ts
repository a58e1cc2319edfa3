import type { Collector, DirectCollector, Registrar } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { isDirect } from './gathering.ts';
import { checkWrapping, WrappedMetric, type Wrapping, wrappedCollector } from './wrapping.ts';

/** What a view stands on: a registry, or another view. */
interface Base extends Registrar {
  unregister(collector: Collector | DirectCollector): boolean;
}

/** A registry seen through a prefix or labels: what is registered here has them there. */
export class RegistryView implements Base {
  readonly #base: Base;
  readonly #wrapping: Wrapping;
  readonly #wrapped = new Map<Collector | DirectCollector, Collector | DirectCollector>();

  constructor(base: Base, wrapping: Wrapping) {
    checkWrapping(wrapping);
    this.#base = base;
    this.#wrapping = wrapping;
  }

  register(collector: Collector | DirectCollector): void {
    const wrapped = isDirect(collector)
      ? new WrappedMetric(collector, this.#wrapping)
      : wrappedCollector(collector, this.#wrapping);
    this.#base.register(wrapped);
    this.#wrapped.set(collector, wrapped);
  }

  /** Takes out what was registered through this view; whether it was there. */
  unregister(collector: Collector | DirectCollector): boolean {
    const wrapped = this.#wrapped.get(collector);
    this.#wrapped.delete(collector);
    return wrapped !== undefined && this.#base.unregister(wrapped);
  }

  withPrefix(prefix: string): RegistryView {
    return new RegistryView(this, { prefix });
  }

  withLabels(labels: Labels): RegistryView {
    return new RegistryView(this, { labels });
  }
}
