import type { DirectCollector } from '../model/collector.ts';
import { Claims, reservedNames } from './claims.ts';
import { Namesakes } from './namesakes.ts';

/** The metrics of a registry: each name once, or more than once with constant labels that tell them apart. */
export class MetricList {
  readonly claims = new Claims();
  readonly #byName = new Map<string, Namesakes>();

  /** All of them, those of one name one after another. */
  get all(): readonly DirectCollector[] {
    return [...this.#byName.values()].flatMap((namesakes) => namesakes.all);
  }

  named(name: string): readonly DirectCollector[] {
    return this.#byName.get(name)?.all ?? [];
  }

  has(metric: DirectCollector): boolean {
    return this.#byName.get(metric.descriptor.name)?.has(metric) ?? false;
  }

  /** Throws an Error where it cannot stand beside the others. */
  add(metric: DirectCollector): void {
    const { descriptor } = metric;
    const namesakes = this.#byName.get(descriptor.name) ?? new Namesakes();
    namesakes.add(metric);
    if (this.#byName.has(descriptor.name)) return;
    this.claims.claim(descriptor, reservedNames(descriptor));
    this.#byName.set(descriptor.name, namesakes);
  }

  /** Takes a metric out, and its names with the last that has them; whether it was there. */
  delete(metric: DirectCollector): boolean {
    const { descriptor } = metric;
    const namesakes = this.#byName.get(descriptor.name);
    if (namesakes === undefined || !namesakes.delete(metric)) return false;
    if (namesakes.isEmpty) {
      this.#byName.delete(descriptor.name);
      this.claims.release(descriptor);
    }
    return true;
  }
}
