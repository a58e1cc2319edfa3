/** The same instruments, served by this package and by OpenTelemetry's own Prometheus exporter over HTTP. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { AggregationType, MeterProvider } from '@opentelemetry/sdk-metrics';
import { metricsHandler, Registry } from '../../src/index.ts';
import { OpenTelemetryReader } from '../../src/opentelemetry/index.ts';
import { parse } from '../../src/parse/index.ts';
import { freePort } from '../free-port.ts';
import { rawGet } from '../http/raw.ts';
import { serve } from '../http/serve.ts';

const TEXT = 'text/plain;version=0.0.4';
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const FORMATS = [
  TEXT,
  'text/plain;version=1.0.0;escaping=allow-utf-8',
  'application/openmetrics-text;version=1.0.0',
  PROTOBUF,
];

/** Starts a provider with both readers, and returns the URLs of their metrics. */
async function both(t: TestContext) {
  const registry = new Registry({ selfMetrics: false });
  const ours = new OpenTelemetryReader({ registry, errorMode: 'fail' });
  const port = await freePort();
  const theirs = new PrometheusExporter({ host: '127.0.0.1', port, preventServerStart: true });
  await theirs.startServer();
  const views = [
    { instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const },
  ];
  const provider = new MeterProvider({ readers: [ours, theirs], views });
  t.after(() => provider.shutdown());
  const urls = {
    ours: await serve(t, metricsHandler({ registry, errorMode: 'http-error' })),
    theirs: `http://127.0.0.1:${port}/metrics`,
  };
  const read = async (accept: string = TEXT) => ({
    ours: await rawGet(urls.ours, { Accept: accept }),
    theirs: await rawGet(urls.theirs, { Accept: accept }),
  });
  return { meter: provider.getMeter('shop', '1.2.3'), read, urls };
}

/** Lines of samples, without the labels of the scope. */
function samples(body: string): string[] {
  return body
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('target_info'))
    .map((line) =>
      line
        .replace(/,?otel_scope_\w+="[^"]*"/g, '')
        .replace('{,', '{')
        .replace('{}', ''),
    )
    .sort();
}

test('counters, gauges and classic histograms have the same samples', async (t) => {
  const { meter, read } = await both(t);
  meter.createCounter('orders', { description: 'Orders.' }).add(2, { country: 'DE' });
  meter.createUpDownCounter('queue_size').add(-3);
  meter.createObservableGauge('load').addCallback((result) => result.observe(0.5, { cpu: '0' }));
  const latency = meter.createHistogram('latency', { advice: { explicitBucketBoundaries: [0.1, 1] } });
  for (const value of [0.05, 0.5, 5]) latency.record(value);
  const { ours, theirs } = await read();
  assert.deepEqual(
    samples(ours.body),
    samples(theirs.body).map((line) => line.replace(/ \d{13}$/, '')),
  );
});

test('only this package negotiates the format', async (t) => {
  const { meter, read } = await both(t);
  meter.createCounter('orders').add(1);
  for (const accept of FORMATS) {
    const { ours, theirs } = await read(accept);
    assert.ok(ours.headers['content-type']?.startsWith(accept.split(';')[0] ?? ''));
    assert.match(theirs.headers['content-type'] ?? '', /^text\/plain/);
  }
});

test('only this package exposes exponential histograms, as native ones', async (t) => {
  const { meter, read, urls } = await both(t);
  const exponential = meter.createHistogram('exponential');
  for (const value of [1, 2, 4, 4]) exponential.record(value);
  const { theirs } = await read(PROTOBUF);
  assert.doesNotMatch(theirs.body, /^exponential\S* \d/m);
  const response = await fetch(urls.ours, { headers: { Accept: PROTOBUF } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const family = parse(bytes, response.headers.get('content-type') ?? '').find(({ name }) => name === 'exponential');
  const [point] = family?.type === 'histogram' ? family.points : [];
  const { count, sum, native } = point?.value ?? {};
  assert.deepEqual([count, sum, native?.zeroCount], [4, 11, 0]);
  assert.deepEqual(Array.from(native?.positive.counts ?? []), [1, 1, 2]);
});

test('only this package answers a failed callback with an error', async (t) => {
  const { meter, read } = await both(t);
  meter.createCounter('orders').add(1);
  meter.createObservableGauge('broken').addCallback(() => {
    throw new Error('It is broken.');
  });
  const { ours, theirs } = await read();
  assert.equal(ours.status, 500);
  assert.equal(theirs.status, 200);
  assert.doesNotMatch(theirs.body, /broken/);
});
