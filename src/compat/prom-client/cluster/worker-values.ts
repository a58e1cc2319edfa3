import type { JsonMetric } from '../registry/aggregators.ts';
import type { BaseRegistry } from '../registry/base-registry.ts';
import type { MetricValue } from '../text/samples.ts';

/** Messages between processes are JSON, in which NaN and infinities would arrive as null and be summed as 0. */
export function withTexts(metrics: readonly JsonMetric[]): JsonMetric[] {
  return mapped(metrics, (value) => (typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value));
}

/** Undoes `withTexts()`. */
export function withNumbers(metrics: readonly JsonMetric[]): JsonMetric[] {
  return mapped(metrics, (value) => (typeof value === 'string' ? Number(value) : value));
}

function mapped(metrics: readonly JsonMetric[], map: (value: unknown) => unknown): JsonMetric[] {
  const mapSample = (sample: MetricValue): MetricValue => ({ ...sample, value: map(sample.value) });
  return metrics.map((metric) => ({ ...metric, values: (metric.values ?? []).map(mapSample) }));
}

/** The metrics of registries, or what went wrong, as they are sent. */
export async function metricsOf(
  registries: readonly Pick<BaseRegistry, 'getMetricsAsJSON'>[],
  aggregator?: string,
): Promise<{ readonly metrics: JsonMetric[][] } | { readonly error: string }> {
  try {
    const shown = await Promise.all(registries.map((registry) => registry.getMetricsAsJSON(aggregator)));
    // Registries return metrics.
    return { metrics: (shown as JsonMetric[][]).map(withTexts) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
