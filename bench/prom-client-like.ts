import type prom from 'prom-client';
import { listenerOf } from './answer.ts';
import type { Client, Counter, Format, Gauge, Histogram } from './library.ts';

/** Creates a registry of prom-client or one of its forks. */
export function promClientLike(library: typeof prom, format: Format): Client | undefined {
  if (format === 'protobuf') return undefined;
  const registry = new library.Registry<prom.RegistryContentType>();
  registry.setContentType(contentTypes(library)[format]);
  // The types distinguish registries of both formats.
  const registers = [registry as prom.Registry];
  const expose = () => registry.metrics();
  // The types expect literal label names; here they are strings.
  return {
    counter: (options) => new library.Counter({ ...options, registers }) as Counter,
    gauge: (options) => new library.Gauge({ ...options, registers }) as Gauge,
    histogram: ({ upperBounds, ...options }) =>
      new library.Histogram({ ...options, buckets: [...upperBounds], registers }) as Histogram,
    summary: ({ quantiles, ...options }) =>
      new library.Summary({ ...options, percentiles: [...quantiles], registers }) as Histogram,
    expose,
    deliver: { Pushgateway: async () => Buffer.byteLength(await expose()) },
    listener: listenerOf(expose, registry.contentType),
  };
}

function contentTypes({ Registry }: typeof prom) {
  return { text: Registry.PROMETHEUS_CONTENT_TYPE, openMetrics: Registry.OPENMETRICS_CONTENT_TYPE };
}
