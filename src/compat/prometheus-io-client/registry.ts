import { aggregateInto, type JsonMetric } from '../prom-client/registry/aggregators.ts';
import { acceptOtherCopies, BaseRegistry, mergeRegistries } from '../prom-client/registry/base-registry.ts';
import { processWide } from '../prom-client/registry/process-wide.ts';
import type { Registered } from '../prom-client/text/page.ts';

/** The registry of prom-client's successor. It keeps its metrics in a map, and can return those with a certain aggregator. */
export class Registry extends BaseRegistry {
  /** The default registry of metrics; there is one per process. */
  static globalRegistry: Registry = processWide('successor.globalRegistry.1', () => new Registry());

  /** Returns a registry with the metrics of several registries, which must have the same content type. */
  static merge(registers: readonly BaseRegistry[]): Registry {
    return mergeRegistries(registers, (contentType) => new Registry(contentType));
  }

  /** Returns a registry with results of `getMetricsAsJSON()`, aggregated by their aggregators. */
  static aggregate(metrics: readonly (readonly JsonMetric[])[], contentType?: string): Registry {
    return aggregateInto(new Registry(), metrics, contentType);
  }

  /** Metrics by name, in the order of registration. User code reads it. */
  _metrics = new Map<unknown, Registered>();

  /** All metrics, or those with this aggregator; the default is `sum`. */
  getMetricsAsArray(aggregator?: unknown): Registered[] {
    const metrics = [...this._metrics.values()];
    if (aggregator === undefined) return metrics;
    return metrics.filter((metric) => (metric.aggregator ?? 'sum') === aggregator);
  }

  getSingleMetric(name: string): Registered | undefined {
    return this._metrics.get(name);
  }

  removeSingleMetric(name: string): void {
    this._metrics.delete(name);
  }

  protected store(metric: Registered): void {
    this._metrics.set(metric.name, metric);
  }

  protected dropAll(): void {
    this._metrics = new Map();
  }
}

acceptOtherCopies(Registry);
