/** An OTLP receiver, and exporters that send to it. */
import type { TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { RetrySources } from '../../../src/push/delivery/retries.ts';
import { OtlpExporter } from '../../../src/push/otlp/otlp-exporter.ts';
import type { OtlpExporterOptions } from '../../../src/push/otlp/otlp-options.ts';
import { silent } from '../../silent-logger.ts';
import { type Answer, type Receiver, startReceiver } from '../receiver.ts';
import { type DataPoint, type DecodedRequest, dataOf, decodeOtlp, metricsOf, type OtlpMetric } from './otlp-schema.ts';

export interface OtlpReceiver extends Receiver {
  /** All requests, decoded. */
  readonly decoded: readonly DecodedRequest[];
  /** Metrics of the last request. */
  readonly metrics: readonly OtlpMetric[];
  /** Points of a metric in each request that has it. */
  pointsOf(name: string): readonly (readonly DataPoint[])[];
  /** Values of these points. */
  valuesOf(name: string): readonly unknown[];
}

export async function startOtlpReceiver(t: TestContext, answer?: Answer): Promise<OtlpReceiver> {
  const receiver = await startReceiver(t, answer);
  const all: DecodedRequest[] = [];
  const decoded = () => {
    for (const { headers, body } of receiver.requests.slice(all.length)) {
      const message = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      all.push(decodeOtlp(headers['content-type'], message));
    }
    return all;
  };
  const pointsOf = (name: string) =>
    decoded()
      .map((request) => metricsOf(request).filter((metric) => metric.name === name))
      .filter((metrics) => metrics.length > 0)
      .map((metrics) => metrics.flatMap((metric) => dataOf(metric).dataPoints));
  return {
    ...receiver,
    pointsOf,
    valuesOf: (name) =>
      pointsOf(name)
        .flat()
        .map(({ asDouble }) => asDouble),
    get decoded() {
      return decoded();
    },
    get metrics() {
      return metricsOf(decoded().at(-1) ?? { resourceMetrics: [] });
    },
  };
}

export function newExporter(
  receiver: { readonly url: string },
  options: OtlpExporterOptions = {},
  sources: RetrySources = {},
): OtlpExporter {
  return new OtlpExporter(
    {
      url: `${receiver.url}/v1/metrics`,
      logger: silent,
      retry: { min: 1, max: 5, maxRetryAfter: 20 },
      resource: { 'service.name': 'test', 'service.instance.id': 'a' },
      proxy: false,
      ...options,
    },
    sources,
  );
}
