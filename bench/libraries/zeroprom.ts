import { builtUrl } from '../checkout.ts';
import type { Client, Counter, Gauge, Histogram, Library } from '../library.ts';

export default {
  modules: [builtUrl('zeroprom')],
  packages: ['.'],
  async open(format) {
    const { zeroprom, exposition } = await import('../built.ts');
    const registry = new zeroprom.Registry({ selfMetrics: false });
    const common = { registry, maxSeries: Number.POSITIVE_INFINITY };
    // Metrics with and without labels have different types; each question knows which one it has created.
    return {
      counter: (options) => new zeroprom.Counter({ ...options, ...common }) as unknown as Counter,
      gauge: (options) => new zeroprom.Gauge({ ...options, ...common }) as unknown as Gauge,
      histogram: ({ upperBounds, ...options }) =>
        new zeroprom.Histogram({ ...options, ...common, buckets: upperBounds }) as unknown as Histogram,
      nativeHistogram: (options) =>
        new zeroprom.Histogram({ ...options, ...common, native: {} }) as unknown as Histogram,
      // By default, the quantiles of other libraries include all observations.
      summary: (options) =>
        new zeroprom.Summary({ ...options, ...common, maxAgeMs: Number.POSITIVE_INFINITY }) as unknown as Histogram,
      expose: async () => exposition.encodeGathering(await registry.gather(), exposition[format]),
      listener: zeroprom.metricsHandler({ registry }),
    } satisfies Client;
  },
} satisfies Library;
