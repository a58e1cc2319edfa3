import type { DirectCollector } from '../model/collector.ts';
import { ReservedNames, reservedNames } from '../model/sample-names.ts';
import { Namesakes } from './namesakes.ts';
import type { Origin } from './origin.ts';

/** The metrics of a registry. Their names are unique, except for metrics that constant labels distinguish. */
export class MetricList {
  readonly names = new ReservedNames();
  readonly #byName = new Map<string, Namesakes>();

  /** All metrics; those with one name are adjacent. */
  get all(): readonly DirectCollector[] {
    return [...this.#byName.values()].flatMap((namesakes) => namesakes.all);
  }

  named(name: string): readonly DirectCollector[] {
    return this.#byName.get(name)?.all ?? [];
  }

  has(metric: DirectCollector): boolean {
    return this.#byName.get(metric.descriptor.name)?.has(metric) ?? false;
  }

  /** Adds a metric. Throws an Error if its names conflict with those of another one. */
  add(metric: DirectCollector, origin: Origin): void {
    const { descriptor } = metric;
    const namesakes = this.#byName.get(descriptor.name) ?? new Namesakes();
    namesakes.add(metric, origin);
    if (this.#byName.has(descriptor.name)) return;
    this.names.claim(descriptor, reservedNames(descriptor));
    this.#byName.set(descriptor.name, namesakes);
  }

  /** Removes a metric, and releases its names if it was the last one with them. Returns whether it was registered. */
  delete(metric: DirectCollector): boolean {
    const { descriptor } = metric;
    const namesakes = this.#byName.get(descriptor.name);
    if (namesakes === undefined || !namesakes.delete(metric)) return false;
    if (namesakes.isEmpty) {
      this.#byName.delete(descriptor.name);
      this.names.release(reservedNames(descriptor));
    }
    return true;
  }
}
