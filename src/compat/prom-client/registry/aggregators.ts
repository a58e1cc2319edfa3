import type { MetricValue } from '../text/samples.ts';
import type { BaseRegistry } from './base-registry.ts';

/** A metric as `getMetricsAsJSON()` shows it. */
export interface JsonMetric {
  readonly name: string;
  readonly help: unknown;
  readonly type: unknown;
  readonly values: readonly MetricValue[];
  readonly aggregator?: unknown;
}

/** Combines metrics with the same name into one; undefined leaves it out. */
export type Aggregate = (metrics: readonly JsonMetric[]) => JsonMetric | undefined;

/** Returns an aggregation that applies a function to the values of each series. */
export function AggregatorFactory(
  aggregateValues: (values: readonly { readonly value: number }[]) => number,
): Aggregate {
  return (metrics) => {
    const [first] = metrics;
    if (first === undefined) return undefined;
    const values = seriesOf(metrics).map((series) => {
      const [{ labels, metricName }] = series;
      // Registries only show numbers.
      const value = aggregateValues(series as readonly { readonly value: number }[]);
      return metricName ? { value, labels, metricName } : { value, labels };
    });
    const { help, name, type, aggregator } = first;
    return { help, name, type, values, aggregator };
  };
}

/** Aggregations by the name that a metric gives as its `aggregator`. User code may add others. */
export const aggregators: Record<string, Aggregate> = {
  sum: AggregatorFactory((values) => values.reduce((sum, { value }) => sum + value, 0)),
  first: AggregatorFactory((values) => values[0]?.value ?? Number.NaN),
  omit: () => undefined,
  average: AggregatorFactory((values) => values.reduce((sum, { value }) => sum + value, 0) / values.length),
  min: AggregatorFactory((values) =>
    values.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY),
  ),
  max: AggregatorFactory((values) =>
    values.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  ),
};

/** Registers the metrics of several registries, aggregated by their aggregators. Their `get()` is synchronous. */
export function aggregateInto<R extends BaseRegistry>(
  aggregated: R,
  registries: readonly (readonly JsonMetric[])[],
  contentType: string = aggregated.contentType,
): R {
  aggregated.setContentType(contentType);
  const byName = new Map<string, JsonMetric[]>();
  for (const metric of registries.flat()) {
    const known = byName.get(metric.name);
    if (known === undefined) byName.set(metric.name, [metric]);
    else known.push(metric);
  }
  for (const metrics of byName.values()) {
    const metric = aggregatorOf(metrics[0]?.aggregator)(metrics);
    if (metric !== undefined) aggregated.registerMetric({ get: () => metric, ...metric });
  }
  return aggregated;
}

/** Metrics without an aggregator are summed. */
function aggregatorOf(name: unknown = 'sum'): Aggregate {
  const found = Object.hasOwn(aggregators, String(name)) ? aggregators[String(name)] : undefined;
  if (typeof found === 'function') return found;
  throw new Error(`'${String(name)}' is not a defined aggregator.`);
}

/** Groups samples by series, that is by name and labels, in the order in which series first occur. */
function seriesOf(metrics: readonly JsonMetric[]): [MetricValue, ...MetricValue[]][] {
  const series = new Map<string, [MetricValue, ...MetricValue[]]>();
  for (const sample of metrics.flatMap(({ values }) => values)) {
    const pairs = Object.entries(sample.labels ?? {}).filter(([, value]) => value !== undefined);
    const sorted = pairs.map(([label, value]) => [label, `${value}`]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
    const key = JSON.stringify([sample.metricName, sorted]);
    const known = series.get(key);
    if (known === undefined) series.set(key, [sample]);
    else known.push(sample);
  }
  return [...series.values()];
}
