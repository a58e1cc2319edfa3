import { setOwn } from '../series/label-arguments.ts';
import type { Registered } from '../text/page.ts';
import { acceptOtherCopies, BaseRegistry, mergeRegistries } from './base-registry.ts';
import { processWide } from './process-wide.ts';

/**
 * prom-client's registry: metrics in the order of registration, default labels, one content type. It takes any object with a
 * `name` and a `get()`, and checks names for duplicates only.
 */
export class Registry extends BaseRegistry {
  /** The default registry of metrics; there is one per process. */
  static globalRegistry: Registry = processWide('globalRegistry.1', () => new Registry());

  /** Returns a registry with the metrics of several registries, which must have the same content type. */
  static merge(registers: readonly BaseRegistry[]): Registry {
    return mergeRegistries(registers, (contentType) => new Registry(contentType));
  }

  /** Metrics by name, in the order of registration. User code reads it, enumerates it and deletes from it. */
  _metrics: Record<string, Registered> = {};

  getMetricsAsArray(): Registered[] {
    return Object.values(this._metrics);
  }

  getSingleMetric(name: string): Registered | undefined {
    return Object.hasOwn(this._metrics, name) ? this._metrics[name] : undefined;
  }

  removeSingleMetric(name: string): void {
    delete this._metrics[name];
  }

  protected store(metric: Registered): void {
    setOwn(this._metrics, metric.name, metric);
  }

  protected dropAll(): void {
    this._metrics = {};
  }
}

acceptOtherCopies(Registry);
