/** Defects of prom-client 15.1.3 that the replacement must not have. Others are tested with the feature they belong to. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { loose, zeroprom } from './libraries.ts';

const { Counter, Gauge, Histogram, Registry, Summary } = zeroprom;

test('a scrape in OpenMetrics does not rename counters', async () => {
  const registry = new Registry();
  const counter = new Counter({ name: 'x_total', help: 'H', registers: [registry] });
  counter.inc(3);
  const before = await registry.metrics();
  loose(registry)['setContentType']!(Registry.OPENMETRICS_CONTENT_TYPE);
  const openMetrics = '# HELP x H\n# TYPE x counter\nx_total 3\n# EOF\n';
  assert.equal(await registry.metrics(), openMetrics);
  assert.equal(await registry.metrics(), openMetrics);
  assert.equal(await registry.getSingleMetricAsString('x_total'), '# HELP x H\n# TYPE x counter\nx_total 3');
  loose(registry)['setContentType']!(Registry.PROMETHEUS_CONTENT_TYPE);
  assert.equal(await registry.metrics(), before);
  assert.equal((await counter.get()).name, 'x_total');
});

test('different labels are different series, regardless of their values', async () => {
  const texts = ['1', '1,b:2', '1,b:2,', 'x|', '|y', '', 'undefined', ':', 'a:1', '\ud800', '\ufffd\0'];
  const counter = new Counter({ name: 'c', help: 'H', labelNames: ['a', 'b'], registers: [] });
  let calls = 0;
  for (const a of [undefined, ...texts]) {
    for (const b of [undefined, ...texts]) {
      counter.inc({ ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) });
      calls++;
    }
  }
  const { values } = await counter.get();
  assert.equal(values.length, calls);
  assert.ok(values.every(({ value }) => value === 1));
  const aggregated = zeroprom.aggregators.sum([(await counter.get()) as never, (await counter.get()) as never]);
  assert.equal(aggregated?.values.length, calls);
});

test('a value that would corrupt a counter is ignored and counted, with one warning', async () => {
  const counter = new Counter({ name: 'spoilt_total', help: 'H', labelNames: ['a'], registers: [] });
  const warned = once(process, 'warning');
  for (const value of [NaN, '', false, 0n]) {
    loose(counter)['inc']!(value);
    loose(counter)['inc']!({ a: 'x' }, value);
    loose(counter.labels('x'))['inc']!(value);
  }
  counter.inc(2);
  assert.deepEqual((await counter.get()).values, [{ value: 2, labels: {} }]);
  assert.equal((counter as unknown as { ignoredValues: number }).ignoredValues, 12);
  const [warning] = await warned;
  assert.deepEqual([warning.name, warning.code], ['ZeropromWarning', 'IGNORED_VALUE']);
  assert.match(warning.message, /^spoilt_total: inc\(NaN\) was ignored/);
});

test('dec() refuses values that are not numbers', async () => {
  const gauge = new Gauge({ name: 'g', help: 'H', registers: [] });
  for (const value of ['3ms', {}, [1, 2], 5n, () => {}]) {
    assert.throws(() => loose(gauge)['dec']!({}, value), {
      name: 'TypeError',
      message: /^Delta is not a valid number: /,
    });
    assert.throws(() => loose(gauge.labels())['dec']!(value), TypeError);
  }
  assert.equal((await gauge.get()).values[0]?.value, 0);
});

test('an empty or false label has precedence over a default label', async () => {
  const registry = new Registry();
  registry.setDefaultLabels({ a: 'default' });
  const gauge = new Gauge({ name: 'g', help: 'H', labelNames: ['a', 'b'], registers: [registry] });
  for (const a of ['', 0, false]) loose(gauge)['set']!({ a, b: 'x' }, 1);
  gauge.set({ b: 'y' }, 1);
  const [json] = await registry.getMetricsAsJSON();
  assert.deepEqual(
    json?.values.map(({ labels }) => labels['a']),
    ['', 0, false, 'default'],
  );
  const lines = (await registry.metrics()).split('\n').slice(2, -1);
  assert.deepEqual(lines, ['g{a="",b="x"} 1', 'g{a="0",b="x"} 1', 'g{a="false",b="x"} 1', 'g{b="y",a="default"} 1']);
});

test('writing JSON does not add default labels to the series', async () => {
  const registry = new Registry();
  const counter = new Counter({ name: 'c', help: 'H', registers: [registry] });
  registry.setDefaultLabels({ z: '1' });
  await registry.getMetricsAsJSON();
  registry.setDefaultLabels({});
  assert.equal(await registry.getSingleMetricAsString('c'), '# HELP c H\n# TYPE c counter\nc 0');
  assert.deepEqual((await counter.get()).values, [{ value: 0, labels: {} }]);
});

test('a bucket of -1 does not count observations above all bounds', async () => {
  const histogram = new Histogram({ name: 'h', help: 'H', buckets: [-1, 1], registers: [] });
  histogram.observe(100);
  assert.deepEqual(
    (await histogram.get()).values.map(({ value }) => value),
    [0, 0, 1, 100, 1],
  );
});

test('quotes in label values that are objects are escaped', async () => {
  const registry = new Registry();
  const gauge = new Gauge({ name: 'g', help: 'H', labelNames: ['a'], registers: [registry] });
  loose(gauge)['set']!({ a: ['"', '\n'] }, 1);
  assert.match(await registry.metrics(), /^g\{a="\\",\\n"\} 1$/m);
});

test('get() returns a copy', async () => {
  const metrics = [
    new Counter({ name: 'c', help: 'H', labelNames: ['a'], registers: [] }),
    new Gauge({ name: 'g', help: 'H', labelNames: ['a'], registers: [] }),
    new Summary({ name: 's', help: 'H', labelNames: ['a'], registers: [] }),
  ];
  for (const metric of metrics) {
    const child = loose(metric.labels('x'));
    (child['inc'] ?? child['observe'])!(1);
    const before = JSON.stringify(await metric.get());
    for (const sample of (await metric.get()).values) {
      sample.labels.a = 'changed';
      sample.value = 7;
    }
    assert.equal(JSON.stringify(await metric.get()), before);
  }
});
