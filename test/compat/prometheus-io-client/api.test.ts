import assert from 'node:assert/strict';
import * as http from 'node:http';
import { type TestContext, test } from 'node:test';
import { loose, looseClass } from '../prom-client/libraries.ts';
import { successor, testBoth, zeroprom } from './libraries.ts';

const AB = { name: 'm', help: 'H', labelNames: ['b', 'a'], registers: [] };

testBoth('_metrics is a map', ({ Counter, Registry }) => {
  const registry = new Registry();
  const counter = new Counter({ name: 'c', help: 'H', registers: [registry] });
  const { _metrics: metrics } = registry as unknown as { _metrics: Map<string, unknown> };
  assert.ok(metrics instanceof Map);
  assert.deepEqual([...metrics], [['c', counter]]);
  registry.removeSingleMetric('c');
  assert.equal(metrics.size, 0);
});

test('metrics can be selected by their aggregator', async () => {
  const registry = new zeroprom.Registry();
  const registers = [registry];
  const counter = new zeroprom.Counter({ name: 'c', help: 'H', registers });
  const gauge = new zeroprom.Gauge({ name: 'g', help: 'H', aggregator: 'max', registers });
  const foreign = { name: 'f', get: () => ({ name: 'f', values: [] }) };
  loose(registry)['registerMetric']!(foreign);
  assert.deepEqual(registry.getMetricsAsArray(), [counter, gauge, foreign]);
  assert.deepEqual(registry.getMetricsAsArray('sum'), [counter, foreign]);
  const shown = await registry.getMetricsAsJSON('max');
  assert.deepEqual(
    shown.map(({ name }) => name),
    ['g'],
  );
});

testBoth('Registry.aggregate() sums metrics without an aggregator', async ({ Registry }) => {
  const metric = { name: 'm', help: 'H', type: 'gauge', values: [{ value: 2, labels: {} }] };
  const registry = Registry.aggregate([[metric], [metric]]);
  assert.ok(registry instanceof Registry);
  assert.match(await registry.metrics(), /^m 4$/m);
});

testBoth('errors list the names of labels in order', ({ Counter }) => {
  const counter = loose(new Counter(AB as never));
  const message = `Added label "z" is not included in initial labelset: [ 'a', 'b' ]`;
  assert.throws(() => counter['inc']!({ z: 1 }), { message });
  const Loose = looseClass(Counter);
  assert.throws(() => new Loose({ ...AB, labelNames: ['x y', '1'] }), {
    message: 'At least one label name is invalid: x y,1',
  });
  assert.throws(() => new Loose({ ...AB, name: '1' }), { message: 'Invalid metric name: 1' });
});

testBoth('gauges treat null as 1', async ({ Gauge }) => {
  const gauge = loose(new Gauge({ name: 'g', help: 'H', registers: [] }));
  gauge['inc']!(null);
  gauge['inc']!({}, null);
  loose(gauge['labels']!() as object)['inc']!(null);
  assert.equal(((await gauge['get']!()) as { values: { value: number }[] }).values[0]?.value, 3);
  gauge['dec']!(null);
  assert.equal(((await gauge['get']!()) as { values: { value: number }[] }).values[0]?.value, 2);
});

testBoth('zero() checks labels', ({ Histogram }) => {
  const histogram = loose(new Histogram(AB as never));
  assert.throws(() => histogram['zero']!({ z: 1 }), /Added label "z"/);
  histogram['zero']!({ a: 1 });
});

testBoth('inc() returns nothing', ({ Counter }) => {
  assert.equal(loose(new Counter({ name: 'c', help: 'H', registers: [] }))['inc']!(), undefined);
});

for (const [name, client] of [
  ['zeroprom', zeroprom],
  ['@prometheus-io/client', successor],
] as const) {
  test(`the registry may be the second argument of a Pushgateway (${name})`, async (t) => {
    const received: unknown[] = [];
    const server = http.createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push([request.method, request.url, body]);
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const { port } = server.address() as { port: number };
    const registry = new client.Registry();
    new client.Gauge({ name: 'g', help: 'H', registers: [registry] }).set(2);
    const push = new client.Pushgateway(`http://127.0.0.1:${port}/base`, registry);
    await push.push({ jobName: 'a b', groupings: { k: 'ü' } });
    await push.delete({ jobName: 'j' });
    assert.deepEqual(received, [
      ['PUT', '/base/metrics/job/a%20b/k/%C3%BC', '# HELP g H\n# TYPE g gauge\ng 2\n'],
      ['DELETE', '/base/metrics/job/j', ''],
    ]);
  });
}

test('the 33 default families are those of the successor', async () => {
  const described = async ({ collectDefaultMetrics, Registry }: typeof zeroprom) => {
    const register = new Registry();
    collectDefaultMetrics({ register, prefix: 'app_', labels: { zone: 'a' } });
    const shown = await register.getMetricsAsJSON();
    return shown.map(({ name, help, type, aggregator }) => ({ name, help, type, aggregator }));
  };
  const ours = await described(zeroprom);
  assert.deepEqual(ours, await described(successor));
  assert.equal(ours.length, 33);
  assert.deepEqual(zeroprom.collectDefaultMetrics.metricsList, successor.collectDefaultMetrics.metricsList);
});

test('default metrics without a register are in the global registry', () => {
  const { collectDefaultMetrics, register } = zeroprom;
  collectDefaultMetrics();
  assert.equal(register.getMetricsAsArray().length, 33);
  register.clear();
});

test('the utilization of the event loop is measured in intervals', async () => {
  const { collectDefaultMetrics, Registry } = zeroprom;
  const register = new Registry();
  collectDefaultMetrics({
    register,
    labels: { zone: 'a' },
    eventLoopUtilizationTimeout: 5,
    eventLoopUtilizationBuckets: [1],
  });
  const deadline = performance.now() + 10_000;
  const pattern = /^nodejs_eventloop_utilization_histogram_bucket\{le="1",zone="a"\} [1-9]/m;
  let text = '';
  while (!pattern.test(text) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    text = await register.metrics();
  }
  assert.match(text, pattern);
  assert.match(text, /^nodejs_eventloop_utilization_summary_count\{zone="a"\} [1-9]/m);
});

test('every interval of the utilization is one that timers support', async (t) => {
  const intervals: readonly [given: unknown, intervalMs: number, perSecond: number][] = [
    [0, 100, 10],
    [-5, 100, 10],
    [Number.NEGATIVE_INFINITY, 100, 10],
    [Number.NaN, 100, 10],
    [null, 100, 10],
    ['soon', 100, 10],
    [5e-324, 1, 1000],
    [50, 50, 20],
    ['50', 50, 20],
    [2 ** 40, 2 ** 31 - 1, 0],
    [Number.POSITIVE_INFINITY, 2 ** 31 - 1, 0],
  ];
  for (const [given, intervalMs, perSecond] of intervals) {
    const utilization = utilizationAfter(t, 1000, given);
    assert.equal(utilization.intervalMs, intervalMs, String(given));
    assert.match(await utilization.text, new RegExp(`^nodejs_eventloop_utilization_summary_count ${perSecond}$`, 'm'));
  }
});

test('a process that was suspended for a month does not measure all of it', async (t) => {
  const { text } = utilizationAfter(t, 30 * 86_400_000, 1);
  assert.match(await text, /^nodejs_eventloop_utilization_summary_count 10000$/m);
});

test('null stands for the default in options of the utilization', async (t) => {
  const given = { Buckets: null, Percentiles: null, AgeBuckets: null, MaxAgeSeconds: null };
  const options = Object.entries(given).map(([name, value]) => [`eventLoopUtilization${name}`, value]);
  const { text } = utilizationAfter(t, 100, undefined, Object.fromEntries(options));
  assert.match(await text, /^nodejs_eventloop_utilization_summary\{quantile="0.999"\} [\d.]+$/m);
  assert.match(await text, /^nodejs_eventloop_utilization_histogram_bucket\{le="0.99"\} [01]$/m);
});

/** Registers the default metrics and lets their first interval end late. */
function utilizationAfter(t: TestContext, elapsedMs: number, eventLoopUtilizationTimeout: unknown, options = {}) {
  const interval = t.mock.method(globalThis, 'setInterval', () => ({ unref() {} }));
  let now = 0;
  const clock = t.mock.method(performance, 'now', () => now);
  const register = new zeroprom.Registry();
  zeroprom.collectDefaultMetrics({
    register,
    ...options,
    eventLoopUtilizationTimeout: eventLoopUtilizationTimeout as number,
  });
  const [measure, intervalMs] = interval.mock.calls[0]!.arguments as unknown as [() => void, number];
  now = elapsedMs;
  measure();
  clock.mock.restore();
  interval.mock.restore();
  return { intervalMs, text: register.metrics() };
}
