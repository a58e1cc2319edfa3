import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loose, looseClass, testBoth, zeroprom } from './libraries.ts';

testBoth('a registry has one of two content types', ({ Registry, prometheusContentType, openMetricsContentType }) => {
  const registry = new Registry();
  assert.equal(registry.contentType, 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(prometheusContentType, Registry.PROMETHEUS_CONTENT_TYPE);
  assert.equal(openMetricsContentType, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  loose(registry)['setContentType']!(openMetricsContentType);
  assert.equal(registry.contentType, Registry.OPENMETRICS_CONTENT_TYPE);
  const Loose = looseClass(Registry);
  assert.equal((new Loose(openMetricsContentType) as { contentType: unknown }).contentType, openMetricsContentType);
  const message = 'Content type text/html is unsupported';
  assert.throws(() => new Loose('text/html'), { name: 'TypeError', message });
  assert.throws(() => loose(registry)['setContentType']!('text/html'), { name: 'Error', message });
  assert.equal(registry.contentType, openMetricsContentType);
});

testBoth('contentType is that of the global registry, and can be set', (client) => {
  const module = client as { contentType: string };
  assert.equal(module.contentType, client.prometheusContentType);
  module.contentType = client.openMetricsContentType;
  assert.equal(client.register.contentType, client.openMetricsContentType);
  assert.throws(() => {
    module.contentType = 'x';
  }, /Content type x is unsupported/);
  module.contentType = client.prometheusContentType;
});

testBoth('metrics() always returns a promise, in the order of registration', async ({ Counter, Gauge, Registry }) => {
  const registry = new Registry();
  const registers = [registry];
  const empty = registry.metrics();
  assert.ok(empty instanceof Promise);
  assert.equal(await empty, '\n');
  new Gauge({ name: 'z', help: 'Z \\ "\n', registers }).set(1.5);
  new Counter({ name: 'a_total', help: 'A', labelNames: ['l'], registers });
  const text = '# HELP z Z \\\\ "\\n\n# TYPE z gauge\nz 1.5\n\n# HELP a_total A\n# TYPE a_total counter\n';
  assert.equal(await registry.metrics(), text);
});

testBoth('a name can be registered once', ({ Gauge, Registry }) => {
  const registry = new Registry();
  const gauge = new Gauge({ name: 'g', help: 'G', registers: [registry] });
  registry.registerMetric(gauge);
  const message = 'A metric with the name g has already been registered.';
  assert.throws(() => new Gauge({ name: 'g', help: 'G', registers: [registry] }), { name: 'Error', message });
  registry.removeSingleMetric('g');
  const other = new Gauge({ name: 'g', help: 'G', registers: [registry] });
  assert.equal(registry.getSingleMetric('g'), other);
  assert.deepEqual(registry.getMetricsAsArray(), [other]);
});

testBoth('any object with a name and get() can be registered', async ({ Registry }) => {
  const registry = new Registry();
  const values = [
    { value: 5, labels: { a: 'x"' } },
    { value: -Infinity, metricName: 'foreign_part', labels: { b: 1 } },
    { value: NaN },
    { value: 1, labels: { le: '1', c: 'own' }, sharedLabels: { c: 'shared', d: 2 } },
  ];
  const foreign = { name: 'foreign', get: async () => ({ name: 'foreign', help: 'F', type: 'gauge', values }) };
  loose(registry)['registerMetric']!(foreign);
  loose(registry)['registerMetric']!({ name: 'empty', get: () => ({ name: 'empty', help: 'E', type: 'gauge' }) });
  const text = await registry.metrics();
  assert.deepEqual(text.split('\n'), [
    '# HELP foreign F',
    '# TYPE foreign gauge',
    'foreign{a="x\\""} 5',
    'foreign_part{b="1"} -Inf',
    'foreign Nan',
    'foreign{le="1",c="shared",d="2"} 1',
    '',
    '# HELP empty E',
    '# TYPE empty gauge',
    '',
  ]);
  assert.equal(`${await loose(registry)['getMetricsAsString']!(foreign)}\n`, `${text.split('\n\n')[0]}\n`);
  registry.setDefaultLabels({ a: 'default', z: 'Z' });
  const [first, second] = (await registry.getSingleMetricAsString('foreign')).split('\n').slice(2);
  assert.deepEqual([first, second], ['foreign{a="x\\"",z="Z"} 5', 'foreign_part{b="1",a="default",z="Z"} -Inf']);
});

testBoth('getForPromString() has precedence over get()', async ({ Registry }) => {
  const registry = new Registry();
  const shown = (help: string) => async () => ({ name: 'f', help, type: 'gauge', values: [] });
  loose(registry)['registerMetric']!({ name: 'f', get: shown('JSON'), getForPromString: shown('text') });
  assert.match(await registry.metrics(), /HELP f text/);
});

testBoth('a get() of a subclass is called', async ({ Gauge, Registry }) => {
  class Doubled extends Gauge {
    override async get() {
      const shown = await super.get();
      return { ...shown, values: shown.values.map((sample) => ({ ...sample, value: sample.value * 2 })) };
    }
  }
  const registry = new Registry();
  const gauge = new Doubled({ name: 'g', help: 'G', registers: [registry] });
  gauge.set(21);
  assert.match(await registry.metrics(), /^g 42$/m);
  gauge.get = async () => ({ name: 'g', help: 'own', type: 'gauge', values: [] }) as never;
  assert.match(await registry.metrics(), /HELP g own/);
});

testBoth('getSingleMetricAsString() rejects for an unknown name', async ({ Registry }) => {
  const message = "Cannot read properties of undefined (reading 'getForPromString')";
  await assert.rejects(new Registry().getSingleMetricAsString('x'), { name: 'TypeError', message });
});

testBoth('getSingleMetricAsString() has no line feed at its end', async ({ Gauge, Registry }) => {
  const registry = new Registry();
  new Gauge({ name: 'g', help: 'G', registers: [registry] });
  assert.equal(await registry.getSingleMetricAsString('g'), '# HELP g G\n# TYPE g gauge\ng 0');
});

testBoth('default labels come after the labels of a series, and before those of a histogram', async (client) => {
  const { Counter, Histogram, Registry, Summary } = client;
  const registry = new Registry();
  const registers = [registry];
  registry.setDefaultLabels({ z: 'Z', y: 2 });
  new Counter({ name: 'c', help: 'H', labelNames: ['a'], registers }).inc({ a: 'x' });
  new Counter({ name: 'bare', help: 'H', registers });
  new Histogram({ name: 'h', help: 'H', labelNames: ['a'], buckets: [1], registers }).observe({ a: 'x' }, 1);
  const summary = new Summary({ name: 's', help: 'H', labelNames: ['a', 'z'], percentiles: [0.5], registers });
  summary.observe({ a: 'x' }, 1);
  summary.observe({ a: 'x', z: 'own' }, 1);
  assert.deepEqual(
    (await registry.metrics()).split('\n').filter((line) => /^\w/.test(line)),
    [
      'c{a="x",z="Z",y="2"} 1',
      'bare{z="Z",y="2"} 0',
      'h_bucket{le="1",z="Z",y="2",a="x"} 1',
      'h_bucket{le="+Inf",z="Z",y="2",a="x"} 1',
      'h_sum{z="Z",y="2",a="x"} 1',
      'h_count{z="Z",y="2",a="x"} 1',
      's{quantile="0.5",a="x",z="Z",y="2"} 1',
      's_sum{a="x",z="Z",y="2"} 1',
      's_count{a="x",z="Z",y="2"} 1',
      's{quantile="0.5",a="x",z="own",y="2"} 1',
      's_sum{a="x",z="own",y="2"} 1',
      's_count{a="x",z="own",y="2"} 1',
    ],
  );
});

testBoth('default labels are kept by reference, and included in JSON', async ({ Counter, Registry }) => {
  const registry = new Registry();
  const labels: Record<string, string> = { z: '1' };
  registry.setDefaultLabels(labels);
  new Counter({ name: 'c', help: 'H', labelNames: ['a'], registers: [registry] }).inc({ a: 'x' });
  labels['z'] = '2';
  assert.match(await registry.metrics(), /^c\{a="x",z="2"\} 1$/m);
  const [json] = await registry.getMetricsAsJSON();
  assert.equal(JSON.stringify(json?.values), '[{"value":1,"labels":{"a":"x","z":"2"}}]');
});

testBoth('clear() drops metrics and default labels', async ({ Counter, Registry }) => {
  const registry = new Registry();
  const counter = new Counter({ name: 'c', help: 'H', registers: [registry] });
  registry.setDefaultLabels({ z: '1' });
  registry.clear();
  assert.equal(await registry.metrics(), '\n');
  registry.registerMetric(counter);
  assert.match(await registry.metrics(), /^c 0$/m);
});

testBoth('resetMetrics() resets all metrics', async ({ Counter, Gauge, Registry }) => {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: 'c', help: 'H', registers }).inc();
  new Gauge({ name: 'g', help: 'H', labelNames: ['a'], registers }).set({ a: 'x' }, 1);
  registry.resetMetrics();
  assert.deepEqual(
    (await registry.metrics()).split('\n').filter((line) => /^\w/.test(line)),
    ['c 0'],
  );
});

testBoth('merge() returns a registry with the metrics of all', async ({ Counter, Registry }) => {
  const [a, b] = [new Registry(), new Registry()];
  a.setDefaultLabels({ z: '1' });
  const counter = new Counter({ name: 'a', help: 'H', registers: [a] });
  new Counter({ name: 'b', help: 'H', registers: [b] });
  const merged = Registry.merge([a, b]);
  counter.inc();
  assert.deepEqual(
    (await merged.metrics()).split('\n').filter((line) => /^\w/.test(line)),
    ['a 1', 'b 0'],
  );
  new Counter({ name: 'a', help: 'H', registers: [b] });
  assert.throws(() => Registry.merge([a, b]), /A metric with the name a has already been registered\./);
  loose(b)['setContentType']!(Registry.OPENMETRICS_CONTENT_TYPE);
  const message = 'Registers can only be merged if they have the same content type';
  assert.throws(() => Registry.merge([a, b]), { name: 'Error', message });
  assert.throws(() => Registry.merge([]), TypeError);
});

testBoth('_metrics has the metrics by name', ({ Counter, Registry }) => {
  const registry = new Registry();
  const { _metrics: metrics } = registry as unknown as { _metrics: Record<string, unknown> };
  assert.deepEqual(metrics, {});
  const counter = new Counter({ name: 'c', help: 'H', registers: [registry] });
  assert.equal(metrics['c'], counter);
  assert.deepEqual(Object.keys(metrics), ['c']);
  delete metrics['c'];
  assert.equal(registry.getSingleMetric('c'), undefined);
});

testBoth('metrics() rejects if one metric does', async ({ Gauge, Registry }) => {
  const registry = new Registry();
  const error = new Error('It failed.');
  new Gauge({ name: 'a', help: 'H', registers: [registry], collect: () => Promise.reject(error) });
  new Gauge({ name: 'b', help: 'H', registers: [registry] });
  await assert.rejects(registry.metrics(), error);
  await assert.rejects(registry.getMetricsAsJSON(), error);
});

testBoth(
  'OpenMetrics has no blank lines, an end, and samples of counters in _total',
  async ({ Counter, Histogram, Registry }) => {
    const registry = new Registry();
    const registers = [registry];
    loose(registry)['setContentType']!(Registry.OPENMETRICS_CONTENT_TYPE);
    assert.equal(await registry.metrics(), '\n# EOF\n');
    new Counter({ name: 'c', help: 'H', labelNames: ['a'], registers }).inc({ a: 'x' });
    new Histogram({ name: 'h', help: 'H', buckets: [1], registers });
    const lines = ['# HELP c H', '# TYPE c counter', 'c_total{a="x"} 1', '# HELP h H', '# TYPE h histogram'];
    const buckets = ['h_bucket{le="1"} 0', 'h_bucket{le="+Inf"} 0', 'h_sum 0', 'h_count 0', '# EOF', ''];
    assert.equal(await registry.metrics(), [...lines, ...buckets].join('\n'));
  },
);

test('names of object properties are ordinary metric names', async () => {
  const registry = new zeroprom.Registry();
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    assert.equal(registry.getSingleMetric(name), undefined);
    const gauge = new zeroprom.Gauge({ name, help: 'H', registers: [registry] });
    assert.equal(registry.getSingleMetric(name), gauge);
  }
  assert.equal((await registry.metrics()).match(/^\w/gm)?.length, 4);
});

test('instanceof holds for registries of other copies', () => {
  const other = { [Symbol.for('zeroprom.prom-client.Registry')]: true };
  assert.ok(other instanceof zeroprom.Registry);
  assert.ok(!(other instanceof zeroprom.AggregatorRegistry));
  assert.ok(!({} instanceof zeroprom.Registry) && !((5 as unknown) instanceof zeroprom.Registry));
  assert.ok(new zeroprom.Registry() instanceof zeroprom.Registry);
  class Sub extends zeroprom.Registry {}
  assert.ok(new Sub() instanceof Sub && !(new zeroprom.Registry() instanceof Sub));
});

test('a large registry is written in steps, and series that are removed meanwhile are left out', async () => {
  const registry = new zeroprom.Registry();
  const registers = [registry];
  const histogram = new zeroprom.Histogram({ name: 'h', help: 'H', labelNames: ['a', 'b'], registers });
  for (let index = 0; index < 20_000; index++) histogram.observe({ a: `ä${index}`, b: index % 7 }, index % 11);
  let turns = 0;
  const turn = () => {
    turns++;
    if (turns === 1) for (let index = 0; index < 20_000; index += 2) histogram.remove(`ä${index}`, `${index % 7}`);
    if (turns < 1000) setImmediate(turn);
  };
  setImmediate(turn);
  const lines = (await registry.metrics()).split('\n');
  turns = 1000;
  assert.ok(lines.length < 20_000 * 14 && lines.length > 10_000 * 14);
  for (const line of lines.slice(2, -1))
    assert.match(line, /^h_(bucket\{le="[^"]+",|sum\{|count\{)a="ä\d+",b="\d"\} \d+$/);
  assert.equal(lines.at(-2), 'h_count{a="ä19999",b="0"} 1');
});
