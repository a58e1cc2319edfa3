/** The metrics of the OpenTelemetry SDK, served by `metricsHandler()` and compared with OpenTelemetry's own exporter. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationType, type CollectionResult, MeterProvider } from '@opentelemetry/sdk-metrics';
import { metricsHandler, Registry } from '../../src/index.ts';
import { OpenTelemetryReader, type OpenTelemetryReaderOptions } from '../../src/opentelemetry/index.ts';
import { parse } from '../../src/parse/index.ts';
import { rawGet } from '../http/raw.ts';
import { serve } from '../http/serve.ts';

function setUp(options: OpenTelemetryReaderOptions = {}) {
  const registry = new Registry();
  const reader = new OpenTelemetryReader({ registry, targetInfo: false, scopeLabels: false, ...options });
  const provider = new MeterProvider({ readers: [reader] });
  return { registry, reader, provider, meter: provider.getMeter('shop', '1.2.3') };
}

/** Lines without comments. */
async function samplesOf(registry: Registry): Promise<string[]> {
  return (await registry.expose()).split('\n').filter((line) => line !== '' && !/^#|^zeroprom_/.test(line));
}

test('instruments become families with units, help and types', async () => {
  const { registry, meter } = setUp();
  meter
    .createCounter('http.requests', { description: 'Requests.', unit: '{request}' })
    .add(3, { 'http.method': 'GET' });
  meter.createUpDownCounter('queue.size', { unit: 'By' }).add(-2);
  meter.createGauge('load', { unit: '1' }).record(0.5);
  meter.createObservableGauge('temperature', { unit: 'Cel' }).addCallback((result) => result.observe(21.5));
  assert.deepEqual(await samplesOf(registry), [
    'http_requests_total{http_method="GET"} 3',
    'load_ratio 0.5',
    'queue_size_bytes -2',
    'temperature_celsius 21.5',
  ]);
  assert.match(await registry.expose(), /^# HELP http_requests_total Requests\.\n# TYPE http_requests_total counter$/m);
});

for (const [name, unit, expected] of [
  ['a.b', 's', 'a_b_seconds_total'],
  ['a_seconds', 's', 'a_seconds_total'],
  ['a_total', '', 'a_total'],
  ['a.total', 'By', 'a_bytes_total'],
  ['speed', 'm/s', 'speed_meters_per_second_total'],
  ['requests', '{request}/s', 'requests_per_second_total'],
  ['a--b//c', '1', 'a_b_c_total'],
  ['share', '%', 'share_percent_total'],
  ['things', 'furlong', 'things_furlong_total'],
] as const) {
  test(`a counter ${name} in ${unit || 'no unit'} is ${expected}`, async () => {
    const { registry, meter } = setUp();
    meter.createCounter(name.replaceAll('//', '/'), { unit }).add(1);
    assert.deepEqual(await samplesOf(registry), [`${expected} 1`]);
  });
}

test('attributes of any type become labels, and those with the same label name are joined', async () => {
  const { registry, meter } = setUp();
  meter
    .createCounter('c')
    .add(1, { 'a.b': 'x', a_b: 'y', list: ['p', 'q'], on: true, n: 1.5, '1st': 'z', __hidden: 'h' });
  assert.deepEqual(await samplesOf(registry), [
    'c_total{key_1st="z",key__hidden="h",a_b="x;y",list="[\\"p\\",\\"q\\"]",n="1.5",on="true"} 1',
  ]);
});

test('histograms have the same buckets as from OpenTelemetry', async () => {
  const { registry, meter } = setUp();
  const advice = { explicitBucketBoundaries: [0.1, 1] };
  const histogram = meter.createHistogram('latency', { unit: 's', advice });
  for (const value of [0.05, 0.1, 0.5, 7]) histogram.record(value);
  assert.deepEqual(await samplesOf(registry), [
    'latency_seconds_bucket{le="0.1"} 2',
    'latency_seconds_bucket{le="1"} 3',
    'latency_seconds_bucket{le="+Inf"} 4',
    'latency_seconds_sum 7.65',
    'latency_seconds_count 4',
  ]);
});

test('exponential histograms are native histograms, whose buckets contain the observations', async (t) => {
  const { registry, meter } = setUp({ exponentialHistograms: true });
  const histogram = meter.createHistogram('latency', { unit: 's' });
  const values = [0.001, 0.5, 1, 1, 3, 1000, 0];
  for (const value of values) histogram.record(value);
  const native = await nativeOf(t, registry);
  assert.equal(native.zeroCount, 1);
  const base = 2 ** (2 ** -native.schema);
  const indexes = Array.from(native.positive.indexes);
  const counts = Array.from(native.positive.counts);
  const expected = new Map<number, number>();
  for (const value of values.filter((number) => number > 0)) {
    const bucket = indexes.find(
      (index) => value > base ** (index - 1) * (1 - 1e-12) && value <= base ** index * (1 + 1e-12),
    );
    assert.ok(bucket !== undefined, `a bucket for ${value}`);
    expected.set(bucket, (expected.get(bucket) ?? 0) + 1);
  }
  assert.deepEqual(new Map(indexes.map((index, position) => [index, counts[position]])), expected);
});

test('a scale beyond that of native histograms is reduced', async (t) => {
  const { registry, meter } = setUp({ exponentialHistograms: true });
  meter.createHistogram('latency').record(1.5);
  const native = await nativeOf(t, registry);
  assert.equal(native.schema, 8);
  const [index = 0] = Array.from(native.positive.indexes);
  assert.ok(1.5 <= 2 ** (index / 256) && 1.5 > 2 ** ((index - 1) / 256));
});

async function nativeOf(t: TestContext, registry: Registry) {
  const url = await serve(t, metricsHandler({ registry, compress: false }));
  const Accept = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
  const response = await fetch(url, { headers: { Accept } });
  const families = parse(new Uint8Array(await response.arrayBuffer()), response.headers.get('content-type') ?? '');
  for (const family of families) {
    if (family.type !== 'histogram') continue;
    for (const { value } of family.points) if (value.native !== undefined) return value.native;
  }
  throw new Error('There is no native histogram.');
}

test('the scope and the resource are labels and target_info', async () => {
  const { registry, meter } = setUp({ scopeLabels: true, targetInfo: true });
  meter.createCounter('c').add(1);
  const lines = await samplesOf(registry);
  assert.ok(lines.includes('c_total{otel_scope_name="shop",otel_scope_version="1.2.3"} 1'), lines.join('\n'));
  assert.ok(
    lines.some((line) => line.startsWith('target_info{') && line.includes('telemetry_sdk_name="opentelemetry"')),
  );
});

test('metrics of two scopes with the same name are one family', async () => {
  const { registry, provider } = setUp({ scopeLabels: true });
  for (const scope of ['a', 'b'])
    provider
      .getMeter(scope)
      .createCounter('c', { description: `Of ${scope}.` })
      .add(1);
  assert.equal((await registry.expose()).match(/# TYPE c_total/g)?.length, 1);
  assert.deepEqual(await samplesOf(registry), ['c_total{otel_scope_name="a"} 1', 'c_total{otel_scope_name="b"} 1']);
});

test('a callback that fails is reported, and the rest is served', async () => {
  const errors: string[] = [];
  const { registry, meter } = setUp({ onError: ({ message }) => errors.push(message) });
  meter.createCounter('c').add(1);
  meter.createObservableGauge('g').addCallback(() => {
    throw new Error('It is broken.');
  });
  assert.deepEqual(await samplesOf(registry), ['c_total 1']);
  assert.deepEqual(errors, ['It is broken.']);
});

test('with errorMode, a callback that fails is status 500', async (t) => {
  const { registry, meter } = setUp({ errorMode: 'fail' });
  meter.createObservableGauge('g').addCallback(() => {
    throw new Error('It is broken.');
  });
  const { status, body } = await rawGet(await serve(t, metricsHandler({ registry, errorMode: 'http-error' })));
  assert.equal(status, 500);
  assert.match(body, /opentelemetry failed/);
});

test('a reader without a provider is status 500, and a shut down one has no metrics', async (t) => {
  const registry = new Registry();
  const reader = new OpenTelemetryReader({ registry });
  const url = await serve(t, metricsHandler({ registry, errorMode: 'http-error' }));
  assert.equal((await rawGet(url)).status, 500);
  const provider = new MeterProvider({ readers: [reader] });
  assert.equal((await rawGet(url)).status, 200);
  await provider.shutdown();
  assert.deepEqual(await rawGet(url).then(({ status, body }) => [status, body]), [200, '']);
  await assert.rejects(reader.collect(), /shut down/);
});

test('metrics with one name and different types are reported once, and the first is served', async () => {
  const errors: string[] = [];
  const { registry, provider } = setUp({ onError: ({ message }) => errors.push(message) });
  provider.getMeter('a').createUpDownCounter('x').add(1);
  provider.getMeter('b').createHistogram('x').record(1);
  assert.deepEqual(await samplesOf(registry), ['x 1']);
  assert.match(errors.join(), /must have the same type, got gauge and histogram/);
});

test('each format is negotiated', async (t) => {
  const { registry, meter } = setUp();
  meter.createCounter('c').add(1);
  const url = await serve(t, metricsHandler({ registry }));
  for (const accept of [
    'text/plain;version=0.0.4',
    'application/openmetrics-text;version=1.0.0',
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
  ]) {
    const { status, headers } = await rawGet(url, { Accept: accept });
    assert.equal(status, 200);
    assert.ok(String(headers['content-type']).startsWith(accept.split(';')[0] ?? ''));
  }
});

test("OpenTelemetry's exporter has the same values, but neither units in names nor exponential histograms", async () => {
  const { registry, reader, meter } = setUp({ exponentialHistograms: true });
  meter.createCounter('orders', { description: 'Orders.' }).add(2, { country: 'DE' });
  meter.createUpDownCounter('size', { unit: 'By' }).add(5);
  meter.createHistogram('latency', { unit: 's' }).record(0.5);
  const { resourceMetrics } = await reader.collect<CollectionResult>();
  const theirs = new PrometheusSerializer(undefined, false, undefined, true, true).serialize(resourceMetrics);
  const ours = await registry.expose();
  for (const line of ['orders_total{country="DE"} 2']) assert.ok(theirs.includes(line) && ours.includes(line));
  assert.match(theirs, /^size 5$/m);
  assert.match(ours, /^size_bytes 5$/m);
  assert.match(theirs, /^# TYPE latency untyped$/m);
  assert.doesNotMatch(theirs, /^latency\S* \d/m);
  assert.match(ours, /^latency_seconds_count 1$/m);
});

test('views choose the aggregation', async (t) => {
  const registry = new Registry();
  const reader = new OpenTelemetryReader({ registry });
  const views = [{ instrumentName: 'latency', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const }];
  new MeterProvider({ readers: [reader], views }).getMeter('a').createHistogram('latency').record(2);
  assert.equal((await nativeOf(t, registry)).schema, 8);
});

test('a reader belongs to one provider', () => {
  const { reader } = setUp();
  assert.throws(() => new MeterProvider({ readers: [reader] }), /one MeterProvider/);
});

test('invalid options throw', () => {
  const create = (options: object) => () => new OpenTelemetryReader({ registry: new Registry(), ...options });
  assert.throws(create({ errorMode: 'no' }), RangeError);
  assert.throws(create({ maxSeries: 0 }), RangeError);
  assert.throws(create({ maxSeries: '1' }), TypeError);
});
