import type { CollectContext, Collector } from '../../model/collector.ts';
import { EventLoopBudget } from '../../model/event-loop-budget.ts';
import type { MetricFamily } from '../../model/family.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import { familyOf } from './foreign-family.ts';

/** Registry of prom-client, of its successor `@prometheus-io/client`, or of `zeroprom/prom-client`, as far as it is used. */
export interface ForeignRegistry {
  /** The registered metrics. Each must have a method `get()`, although prom-client's types do not show it. */
  getMetricsAsArray(): readonly {
    /** Name of the metric. */
    readonly name: string;
  }[];
  /** The metric that is registered under a name. */
  getSingleMetric?(name: string): unknown;
}

/** Options of {@link adoptRegistry}. */
export interface AdoptOptions {
  /**
   * Name of the collector, for errors and the series about collectors.
   *
   * @defaultValue `'prom-client'`
   */
  readonly name?: string;
}

const ADOPT_OPTIONS: OptionNames<AdoptOptions> = {
  name: true,
};

/**
 * Turns a registry of prom-client into a collector, so that packages built on prom-client share one endpoint with the metrics of
 * zeroprom: with content negotiation, compression, limits and streaming. It accepts registries of prom-client,
 * `@prometheus-io/client` and `zeroprom/prom-client`. Default labels of the registry are included. A metric whose `collect()` fails
 * is left out and reported, and so is a family that the scraped registry already has, such as `process_open_fds` if both collect
 * default metrics.
 *
 * @throws {TypeError} if `registry` has no method `getMetricsAsArray()`.
 *
 * @example
 * ```ts
 * import { Counter as PromCounter, register } from 'prom-client';
 * import { Counter, defaultRegistry } from 'zeroprom';
 * import { adoptRegistry } from 'zeroprom/collectors';
 *
 * new PromCounter({ name: 'old_total', help: 'Counted by prom-client.' }).inc();
 * new Counter({ name: 'new_total', help: 'Counted by zeroprom.' }).inc();
 * defaultRegistry.register(adoptRegistry(register));
 * console.log(await defaultRegistry.expose()); // Both.
 * ```
 */
export function adoptRegistry(registry: ForeignRegistry, options: AdoptOptions = {}): Collector {
  checkOptionNames('adoptRegistry()', options, ADOPT_OPTIONS);
  const { name = 'prom-client' } = options;
  if (typeof registry?.getMetricsAsArray !== 'function') {
    throw new TypeError('adoptRegistry() must be given a registry of prom-client: an object with getMetricsAsArray().');
  }
  return { name, collect: (context) => collectFrom(registry, context) };
}

async function collectFrom(registry: ForeignRegistry, { signal }: CollectContext): Promise<MetricFamily[]> {
  const metrics = registry.getMetricsAsArray();
  // All calls start at once and in order, because the collect() of one metric may set others.
  const results = await Promise.allSettled(
    metrics.map(async (metric: object): Promise<unknown> => {
      if ('get' in metric && typeof metric.get === 'function') return metric.get();
      throw new TypeError('A metric of an adopted registry must have a method get().');
    }),
  );
  const defaultLabels = defaultLabelsOf(registry);
  const budget = new EventLoopBudget();
  const families: MetricFamily[] = [];
  for (const [index, result] of results.entries()) {
    signal.throwIfAborted();
    // For OpenMetrics, prom-client removes _total from the names of counters, but it still finds them by their full names.
    const metric = metrics[index]!;
    const counterName = `${metric.name}_total`;
    const name = registry.getSingleMetric?.(counterName) === metric ? counterName : String(metric.name);
    families.push(await familyOf({ name, result, defaultLabels, budget }));
  }
  return families;
}

/** All versions keep them in an undocumented property; no public method returns them. */
function defaultLabelsOf(registry: object): Readonly<Record<string, unknown>> {
  const labels = '_defaultLabels' in registry ? registry._defaultLabels : undefined;
  return typeof labels === 'object' && labels !== null ? { ...labels } : {};
}
