import type { Registry } from '../../src/index.ts';
import type {
  OtlpExporter,
  RemoteWriter,
  Transport,
  TransportRequest,
  TransportResponse,
} from '../../src/push/index.ts';
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
      deliver: {
        'remote write': remoteWrite(push, registry),
        Pushgateway: pushgateway(push, registry),
        OTLP: otlp(push, registry),
      },
      // The package does not export it.
      compressSnappy: (bytes) => completed(snappySteps(bytes)),
      listener: zeroprom.metricsHandler({ registry }),
    } satisfies Client;
  },
} satisfies Library;

type Load = typeof import('../built.ts').push;

/** A receiver in memory that acknowledges everything, and counts the bytes. */
class Acknowledging implements Transport {
  bytes = 0;

  async send({ body }: TransportRequest): Promise<TransportResponse> {
    this.bytes += body.length;
    // At most as many samples as were sent count.
    const headers = { 'x-prometheus-remote-write-samples-written': '1000000' };
    return { status: 200, headers, body: new Uint8Array() };
  }
}

function remoteWrite(load: Load, registry: Registry): () => Promise<number> {
  let writer: RemoteWriter | undefined;
  return measured(async (transport) => {
    const { RemoteWriter } = await load();
    writer ??= new RemoteWriter({ url: 'http://localhost', registry, transport, labels: { job: 'bench' } });
    await writer.flush();
  });
}

function pushgateway(load: Load, registry: Registry): () => Promise<number> {
  return measured(async (transport) => {
    const { Pushgateway } = await load();
    await new Pushgateway({ url: 'http://localhost', registry, transport, job: 'bench' }).push();
  });
}

function otlp(load: Load, registry: Registry): () => Promise<number> {
  let exporter: OtlpExporter | undefined;
  return measured(async (transport) => {
    const { OtlpExporter } = await load();
    exporter ??= new OtlpExporter({ url: 'http://localhost', registry, transport });
    await exporter.flush();
  });
}

/** Returns a function that delivers once and returns the number of bytes. */
function measured(deliver: (transport: Transport) => Promise<unknown>): () => Promise<number> {
  const receiver = new Acknowledging();
  return async () => {
    receiver.bytes = 0;
    await deliver(receiver);
    return receiver.bytes;
  };
}

function completed<T>(steps: Generator<void, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
