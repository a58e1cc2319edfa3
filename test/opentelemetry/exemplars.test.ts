/**
 * Exemplars of the OpenTelemetry SDK. Version 2 contains reservoirs but does not use them, so here they observe what the instruments
 * record, and their exemplars are added to what the SDK hands to readers.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Attributes, type Context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { AggregationType, type IMetricReader, MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  AlignedHistogramBucketExemplarReservoir,
  type ExemplarReservoir,
  SimpleFixedSizeExemplarReservoir,
  WithTraceExemplarFilter,
} from '@opentelemetry/sdk-metrics/build/src/exemplar/index.js';
import { metricsHandler, Registry } from '../../src/index.ts';
import type { Exemplar } from '../../src/model/index.ts';
import { OpenTelemetryReader } from '../../src/opentelemetry/index.ts';
import { parse } from '../../src/parse/index.ts';
import { freePort } from '../free-port.ts';
import { rawGet } from '../http/raw.ts';
import { serve } from '../http/serve.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const sampled = trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: SPAN, traceFlags: TraceFlags.SAMPLED });
const unsampled = trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: SPAN, traceFlags: TraceFlags.NONE });

const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0';
const OPEN_METRICS_2 = 'application/openmetrics-text;version=2.0.0';
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

type Producer = Parameters<IMetricReader['setMetricProducer']>[0];

/** Adds the exemplars of reservoirs, which the SDK leaves out, to what a reader collects. */
class Reservoirs {
  readonly #filter = new WithTraceExemplarFilter();
  readonly #reservoirs: Readonly<Record<string, ExemplarReservoir>>;
  #seconds = 1_700_000_000;

  constructor(reservoirs: Readonly<Record<string, ExemplarReservoir>>) {
    this.#reservoirs = reservoirs;
  }

  /** Offers what an instrument records, a second after the one before. */
  offer(name: string, value: number, attributes: Attributes, context: Context): void {
    const time = [this.#seconds++, 500_000_000] as [number, number];
    if (!this.#filter.shouldSample(value, time, attributes, context)) return;
    this.#reservoirs[name]?.offer(value, time, { ...attributes }, context);
  }

  /** Returns a producer whose points have the exemplars. Collecting empties the reservoirs. */
  wrap(producer: Producer): Producer {
    return {
      collect: async (options) => {
        const result = await producer.collect(options);
        const collected: Record<string, unknown> = {};
        for (const { metrics } of result.resourceMetrics.scopeMetrics)
          for (const { descriptor, dataPoints } of metrics)
            for (const point of dataPoints) {
              const { name } = descriptor;
              collected[name] ??= this.#reservoirs[name]?.collect(point.attributes) ?? [];
              Object.assign(point, { exemplars: collected[name] });
            }
        return result;
      },
    };
  }
}

/** Instruments whose observations are also offered to reservoirs, with our reader or OpenTelemetry's own exporter. */
function instruments(reader: IMetricReader, reservoirs: Reservoirs) {
  const views = [
    { instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const },
    { instrumentName: 'orders', attributesProcessors: [{ process: ({ user: _, ...kept }: Attributes) => kept }] },
  ];
  const provider = new MeterProvider({ readers: [reader], views });
  const meter = provider.getMeter('shop');
  const orders = meter.createCounter('orders');
  const size = meter.createUpDownCounter('size');
  const latency = meter.createHistogram('latency', { advice: { explicitBucketBoundaries: [0.1, 1] } });
  const exponential = meter.createHistogram('exponential');
  const record = (name: string, value: number, attributes: Attributes, context: Context): void => {
    if (name === 'orders') orders.add(value, attributes, context);
    else if (name === 'size') size.add(value, attributes, context);
    else (name === 'latency' ? latency : exponential).record(value, attributes, context);
    reservoirs.offer(name, value, attributes, context);
  };
  return { provider, record };
}

const reservoirs = () =>
  new Reservoirs({
    orders: new SimpleFixedSizeExemplarReservoir(4),
    size: new SimpleFixedSizeExemplarReservoir(4),
    latency: new AlignedHistogramBucketExemplarReservoir([0.1, 1]),
    exponential: new SimpleFixedSizeExemplarReservoir(4),
  });

async function setUp(t: TestContext) {
  const registry = new Registry({ selfMetrics: false });
  const sources = reservoirs();
  class Reader extends OpenTelemetryReader {
    override setMetricProducer(producer: Producer): void {
      super.setMetricProducer(sources.wrap(producer));
    }
  }
  const reader = new Reader({ registry, scopeLabels: false, targetInfo: false, errorMode: 'fail' });
  const { provider, record } = instruments(reader, sources);
  t.after(() => provider.shutdown());
  const url = await serve(t, metricsHandler({ registry, errorMode: 'http-error', compress: false }));
  return { record, url };
}

const linesOf = async (url: string, Accept: string) => (await rawGet(url, { Accept })).body.split('\n');

/** Returns the exemplars of a family in the protobuf format: those of counters, of buckets or of native histograms. */
async function protobufExemplars(url: string, name: string) {
  const response = await fetch(url, { headers: { Accept: PROTOBUF } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const family = parse(bytes, response.headers.get('content-type') ?? '').find((parsed) => parsed.name === name);
  const plain = (exemplar: Exemplar | undefined) => exemplar && { ...exemplar, labels: { ...exemplar.labels } };
  if (family?.type === 'counter') return Array.from(family.points, ({ exemplar }) => plain(exemplar));
  if (family?.type !== 'histogram') return [];
  return Array.from(family.points).flatMap(({ value: { exemplars, native } }) =>
    Array.from(native === undefined ? (exemplars ?? []) : (native.exemplars ?? []), plain),
  );
}

const traced = { trace_id: TRACE, span_id: SPAN };

test('the SDK does not hand exemplars to readers, even if a sampled span is active', async (t) => {
  const reader = new OpenTelemetryReader({ registry: new Registry() });
  const provider = new MeterProvider({ readers: [reader] });
  t.after(() => provider.shutdown());
  provider.getMeter('shop').createCounter('orders').add(1, {}, sampled);
  const { resourceMetrics } = await reader.collect();
  const points = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics.flatMap(({ dataPoints }) => dataPoints));
  assert.deepEqual(
    points.map(({ value, exemplars }) => [value, exemplars]),
    [[1, undefined]],
  );
});

test('a counter has the exemplar of the sampled span, with attributes that a view removes from the series', async (t) => {
  const { record, url } = await setUp(t);
  record('orders', 2, { country: 'DE', user: 'ann' }, sampled);
  const labels = { user: 'ann', ...traced };
  assert.deepEqual(await protobufExemplars(url, 'orders_total'), [{ labels, value: 2, timestamp: 1_700_000_000.5 }]);
});

for (const Accept of [OPEN_METRICS, OPEN_METRICS_2]) {
  test(`a counter has the exemplar in ${Accept}`, async (t) => {
    const { record, url } = await setUp(t);
    record('orders', 2, { country: 'DE', user: 'ann' }, sampled);
    const line = (await linesOf(url, Accept)).find((text) => text.startsWith('orders_total{'));
    assert.match(line ?? '', /^orders_total\{country="DE"\} 2(\.0)?( |$)/);
    assert.ok(line?.includes(` # {user="ann",trace_id="${TRACE}",span_id="${SPAN}"} 2`), line);
    assert.ok(line?.endsWith(' 1700000000.5'), line);
  });
}

test('of several exemplars of a counter, the latest is shown', async (t) => {
  const { record, url } = await setUp(t);
  for (const value of [1, 2, 3]) record('orders', value, {}, sampled);
  const [exemplar] = await protobufExemplars(url, 'orders_total');
  assert.deepEqual([exemplar?.value, exemplar?.timestamp], [3, 1_700_000_002.5]);
});

test('a classic histogram has an exemplar in each bucket', async (t) => {
  const { record, url } = await setUp(t);
  for (const value of [0.05, 0.06, 7]) record('latency', value, {}, sampled);
  const exemplars = (await linesOf(url, OPEN_METRICS))
    .filter((line) => line.startsWith('latency_bucket'))
    .map((line) => line.split(' # ')[1]);
  assert.deepEqual(exemplars, [
    `{trace_id="${TRACE}",span_id="${SPAN}"} 0.06 1700000001.5`,
    undefined,
    `{trace_id="${TRACE}",span_id="${SPAN}"} 7 1700000002.5`,
  ]);
});

test('the buckets of a classic histogram have the same exemplars in protobuf', async (t) => {
  const { record, url } = await setUp(t);
  for (const value of [0.05, 0.06, 7]) record('latency', value, {}, sampled);
  assert.deepEqual(await protobufExemplars(url, 'latency'), [
    { labels: traced, value: 0.06, timestamp: 1_700_000_001.5 },
    undefined,
    { labels: traced, value: 7, timestamp: 1_700_000_002.5 },
  ]);
});

test('an exponential histogram has all exemplars in protobuf, and the latest in OpenMetrics 1.0', async (t) => {
  for (const [Accept, values] of [
    [PROTOBUF, [1, 2, 4]],
    [OPEN_METRICS, [4]],
  ] as const) {
    const { record, url } = await setUp(t);
    for (const value of [1, 2, 4]) record('exponential', value, {}, sampled);
    if (Accept === PROTOBUF) {
      const shown = await protobufExemplars(url, 'exponential');
      assert.deepEqual(shown.map((exemplar) => exemplar?.value).sort(), values);
      continue;
    }
    const line = (await linesOf(url, Accept)).find((text) => text.startsWith('exponential_bucket{le="+Inf"}'));
    assert.equal(line, `exponential_bucket{le="+Inf"} 3 # {trace_id="${TRACE}",span_id="${SPAN}"} 4 1700000002.5`);
  }
});

test('a span that is not sampled leaves no exemplar, nor does an instrument that becomes a gauge', async (t) => {
  const { record, url } = await setUp(t);
  record('orders', 1, {}, unsampled);
  record('orders', 1, {}, ROOT_CONTEXT);
  record('size', 1, {}, sampled);
  for (const Accept of [OPEN_METRICS, OPEN_METRICS_2]) {
    assert.doesNotMatch((await linesOf(url, Accept)).join('\n'), / # /);
  }
  assert.deepEqual(await protobufExemplars(url, 'orders_total'), [undefined]);
});

for (const [title, attributes, labels] of [
  ['fits with its attributes', { user: 'u'.repeat(61) }, { user: 'u'.repeat(61) }],
  ['is too long with its attributes', { user: 'u'.repeat(62) }, {}],
  ['is too long by code points of two UTF-16 units', { user: '😀'.repeat(61) }, { user: '😀'.repeat(61) }],
] as const) {
  test(`an exemplar that ${title} has its trace`, async (t) => {
    const { record, url } = await setUp(t);
    record('orders', 1, attributes, sampled);
    const [exemplar] = await protobufExemplars(url, 'orders_total');
    assert.deepEqual(exemplar?.labels, { ...labels, ...traced });
    assert.match((await linesOf(url, OPEN_METRICS)).join('\n'), /^orders_total/m);
  });
}

test('the span wins over an attribute with the same label name', async (t) => {
  const { record, url } = await setUp(t);
  const sources = { 'trace.id': 'other', user: 'ann' };
  record('orders', 1, sources, sampled);
  const [exemplar] = await protobufExemplars(url, 'orders_total');
  assert.equal(exemplar?.labels['trace_id'], TRACE);
});

test("OpenTelemetry's own exporter leaves out exemplars, in the only format that it has", async (t) => {
  const sources = reservoirs();
  class Exporter extends PrometheusExporter {
    override setMetricProducer(producer: Producer): void {
      super.setMetricProducer(sources.wrap(producer));
    }
  }
  const port = await freePort();
  const exporter = new Exporter({ host: '127.0.0.1', port, preventServerStart: true });
  await exporter.startServer();
  const { provider, record } = instruments(exporter, sources);
  t.after(() => provider.shutdown());
  record('orders', 2, { user: 'ann' }, sampled);
  record('latency', 0.05, {}, sampled);
  const { body } = await rawGet(`http://127.0.0.1:${port}/metrics`, { Accept: OPEN_METRICS });
  assert.match(body, /^orders_total\S* 2/m);
  assert.doesNotMatch(body, /trace_id|4bf92f/);
});
