import { thrownText } from '../../../model/thrown.ts';
import type { JsonMetric } from '../registry/aggregators.ts';
import type { BaseRegistry } from '../registry/base-registry.ts';
import type { MetricValue } from '../text/samples.ts';

/** A registry whose metrics a worker sends. */
export type WorkerRegistry = Pick<BaseRegistry, 'getMetricsAsJSON'>;

/** Messages between processes are JSON, in which NaN and infinities would arrive as null and be summed as 0. */
export function withTexts(metrics: readonly JsonMetric[]): JsonMetric[] {
  return mapped(metrics, (value) => (typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value));
}

/** Reads the metrics in a message, one list for each registry, with numbers where `withTexts()` wrote texts. */
export function metricsIn(received: unknown): JsonMetric[][] {
  // Only members of this program send such messages.
  const lists: readonly (readonly JsonMetric[])[] = Array.isArray(received) ? received.filter(Array.isArray) : [];
  return lists.map((metrics) => mapped(metrics, (value) => (typeof value === 'string' ? Number(value) : value)));
}

/** Sends the metrics of registries, or the error of a registry or of `send()`, which throws for labels that cannot be sent. */
export async function sendMetrics(
  registries: readonly WorkerRegistry[],
  send: (answer: object) => void,
): Promise<void> {
  try {
    send({ metrics: (await shownBy(registries)).map(withTexts) });
  } catch (error) {
    send({ error: thrownText(error) });
  }
}

/** Gets the metrics of registries as JSON, one list for each. */
export async function shownBy(registries: readonly WorkerRegistry[]): Promise<JsonMetric[][]> {
  const shown = await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()));
  // Registries return metrics.
  return shown as JsonMetric[][];
}

function mapped(metrics: readonly JsonMetric[], map: (value: unknown) => unknown): JsonMetric[] {
  const mapSample = (sample: MetricValue): MetricValue => ({ ...sample, value: map(sample.value) });
  return metrics.map((metric) => ({ ...metric, values: (metric.values ?? []).map(mapSample) }));
}
