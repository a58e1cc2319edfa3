import { aggregateInto, type JsonMetric } from '../prom-client/registry/aggregators.ts';
import { acceptOtherCopies, BaseRegistry, mergeRegistries } from '../prom-client/registry/base-registry.ts';
import { processWide } from '../prom-client/registry/process-wide.ts';
import type { Registered } from '../prom-client/text/page.ts';

/** The registry of prom-client's successor: its metrics are in a map, and can be chosen by their aggregator. */
export class Registry extends BaseRegistry {
  /** The registry that metrics use by default: one for the process. */
  static globalRegistry: Registry = processWide('successor.globalRegistry.1', () => new Registry());

  /** A registry with all metrics of others, which must have the same content type. */
  static merge(registers: readonly BaseRegistry[]): Registry {
    return mergeRegistries(registers, (contentType) => new Registry(contentType));
  }

  /** Returns a registry with results of `getMetricsAsJSON()`, aggregated by their aggregators. */
  static aggregate(metrics: readonly (readonly JsonMetric[])[], contentType?: string): Registry {
    return aggregateInto(new Registry(), metrics, contentType);
  }

  /** By name, in the order of registration. Users read it. */
  _metrics = new Map<unknown, Registered>();

  /** All metrics, or those with this aggregator; metrics that name none are summed. */
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
