import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { listenerOf } from '../answer.ts';
import type { Client, Labels, Library } from '../library.ts';

/** Instruments have no children. The exporter supports only the text format, without summaries and native histograms. */
export default {
  modules: ['@opentelemetry/sdk-metrics', '@opentelemetry/exporter-prometheus'],
  packages: ['@opentelemetry/sdk-metrics', '@opentelemetry/exporter-prometheus', '@opentelemetry/api'],
  open: async (format) => (format === 'text' ? openText() : undefined),
} satisfies Library;

async function openText(): Promise<Client> {
  const { MeterProvider } = await import('@opentelemetry/sdk-metrics');
  const { PrometheusExporter, PrometheusSerializer } = await import('@opentelemetry/exporter-prometheus');
  const plain = { withoutTargetInfo: true, withoutScopeInfo: true };
  const reader = new PrometheusExporter({ preventServerStart: true, ...plain });
  // Without a view, it aggregates all series after the first 2,000.
  const views = [{ instrumentName: '*', aggregationCardinalityLimit: 1e9 }];
  const meter = new MeterProvider({ readers: [reader], views }).getMeter('bench');
  const serializer = new PrometheusSerializer('', false, undefined, true, true);
  const encode = await otlpEncoder();
  const expose = async () => serializer.serialize((await reader.collect()).resourceMetrics);
  return {
    counter({ name, help }) {
      const counter = meter.createCounter(name, { description: help });
      return { inc: (labels?: Labels, value: number = 1) => counter.add(value, labels) };
    },
    gauge({ name, help }) {
      const gauge = meter.createGauge(name, { description: help });
      return {
        set(first: Labels | number, second: number = 0) {
          if (typeof first === 'number') gauge.record(first);
          else gauge.record(second, first);
        },
      };
    },
    histogram({ name, help, upperBounds }) {
      const advice = { explicitBucketBoundaries: [...upperBounds] };
      const histogram = meter.createHistogram(name, { description: help, advice });
      return {
        observe(first: Labels | number, second: number = 0) {
          if (typeof first === 'number') histogram.record(first);
          else histogram.record(second, first);
        },
      };
    },
    expose,
    ...(encode && { deliver: { OTLP: async () => encode((await reader.collect()).resourceMetrics).length } }),
    listener: listenerOf(expose, 'text/plain; version=0.0.4; charset=utf-8'),
  };
}

/** Undefined unless it is installed, with `npm install --no-save @opentelemetry/otlp-transformer`. */
async function otlpEncoder(): Promise<((metrics: ResourceMetrics) => Uint8Array) | undefined> {
  const name: string = '@opentelemetry/otlp-transformer';
  return import(name).then(
    ({ ProtobufMetricsSerializer }) => ProtobufMetricsSerializer.serializeRequest,
    () => undefined,
  );
}
