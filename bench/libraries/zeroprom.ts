import type { Registry } from '../../src/index.ts';
import type { RemoteWriter, Transport } from '../../src/push/index.ts';
import { snappySteps } from '../../src/push/remote-write/snappy.ts';
import { builtUrl } from '../checkout.ts';
import type { Client, Counter, Gauge, Histogram, Library } from '../library.ts';

export default {
  modules: [builtUrl('zeroprom')],
  packages: ['.'],
  async open(format) {
    const { zeroprom, exposition, push } = await import('../built.ts');
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
      deliver: remoteWrite(push, registry),
      // The package does not export it.
      compressSnappy: (bytes) => completed(snappySteps(bytes)),
      listener: zeroprom.metricsHandler({ registry }),
    } satisfies Client;
  },
} satisfies Library;

/** Remote write 2.0 to a receiver in memory that acknowledges everything. */
function remoteWrite(load: typeof import('../built.ts').push, registry: Registry): () => Promise<number> {
  let bytes = 0;
  const transport: Transport = {
    async send({ body }) {
      bytes += body.length;
      // At most as many samples as were sent count.
      const headers = { 'x-prometheus-remote-write-samples-written': '1000000' };
      return { status: 204, headers, body: new Uint8Array() };
    },
  };
  let writer: RemoteWriter | undefined;
  return async () => {
    const { RemoteWriter } = await load();
    writer ??= new RemoteWriter({ url: 'http://localhost', registry, transport, labels: { job: 'bench' } });
    bytes = 0;
    await writer.flush();
    return bytes;
  };
}

function completed<T>(steps: Generator<void, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
