import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import successor from '@prometheus-io/client';
import prom from 'prom-client';
import { adoptRegistry, type ForeignRegistry } from '../../../src/collectors/index.ts';
import { openMetrics } from '../../../src/exposition/index.ts';
import { Gauge, Histogram, metricsHandler, Registry } from '../../../src/index.ts';
import { parseText } from '../../../src/parse/index.ts';
import { generator, pick } from '../../random.ts';
import { libraries, type PromClient } from './libraries.ts';

/** A registry with the adopted metrics only. */
function adopting(...foreign: readonly ForeignRegistry[]): Registry {
  const registry = new Registry({ selfMetrics: false });
  for (const [index, each] of foreign.entries()) registry.register(adoptRegistry(each, { name: `foreign_${index}` }));
  return registry;
}

async function failuresOf(registry: Registry): Promise<string[]> {
  const { failures } = await registry.gather();
  return failures.map(({ collector, error }) => `${collector}: ${error.message}`);
}

/** The types of prom-client know only the default content type. */
function openMetricsRegistry(client: PromClient): InstanceType<PromClient['Registry']> {
  const OpenRegistry = client.Registry as new (contentType: string) => InstanceType<PromClient['Registry']>;
  return new OpenRegistry(client.openMetricsContentType);
}

/** A metric object that users register themselves. */
function metricOf(name: string, shown: object | (() => unknown)): { name: string } {
  return Object.assign({ name }, { get: typeof shown === 'function' ? shown : () => ({ name, ...shown }) });
}

function registryOf(...metrics: readonly { readonly name: string }[]): ForeignRegistry {
  return { getMetricsAsArray: () => metrics };
}

for (const [name, client] of libraries) {
  const labelNames = ['path'];

  test(`${name}: counters, gauges, histograms and summaries are shown with their labels`, async () => {
    const registry = new client.Registry();
    const registers = [registry];
    new client.Counter({ name: 'hits_total', help: 'Hits.', labelNames, registers }).inc({ path: '/a' }, 3);
    new client.Gauge({ name: 'size', help: 'Size.', registers }).set(-1.5);
    const seconds = new client.Histogram({ name: 'seconds', help: 'Time.', labelNames, buckets: [0.5, 1], registers });
    for (const value of [0.2, 0.5, 0.7, 3]) seconds.observe({ path: '/a' }, value);
    const bytes = new client.Summary({ name: 'bytes', help: 'Bytes.', percentiles: [0.9, 0.5], labelNames, registers });
    bytes.observe({ path: '/a' }, 7);
    assert.equal(
      await adopting(registry).expose(),
      `# HELP bytes Bytes.
# TYPE bytes summary
bytes{path="/a",quantile="0.5"} 7
bytes{path="/a",quantile="0.9"} 7
bytes_sum{path="/a"} 7
bytes_count{path="/a"} 1
# HELP hits_total Hits.
# TYPE hits_total counter
hits_total{path="/a"} 3
# HELP seconds Time.
# TYPE seconds histogram
seconds_bucket{path="/a",le="0.5"} 2
seconds_bucket{path="/a",le="1"} 3
seconds_bucket{path="/a",le="+Inf"} 4
seconds_sum{path="/a"} 4.4
seconds_count{path="/a"} 4
# HELP size Size.
# TYPE size gauge
size -1.5
`,
    );
  });

  test(`${name}: label values are escaped once, and numbers become text`, async () => {
    const registry = new client.Registry();
    const gauge = new client.Gauge({ name: 'g', help: 'A \\ and\na line.', labelNames, registers: [registry] });
    gauge.set({ path: 'a\\b"c\nd' }, 1);
    gauge.set({ path: 200 }, 2);
    assert.equal(
      await adopting(registry).expose(),
      '# HELP g A \\\\ and\\na line.\n# TYPE g gauge\ng{path="a\\\\b\\"c\\nd"} 1\ng{path="200"} 2\n',
    );
  });

  test(`${name}: NaN and the infinities are values of gauges`, async () => {
    const registry = new client.Registry();
    const gauge = new client.Gauge({ name: 'g', help: 'G.', labelNames, registers: [registry] });
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) gauge.set({ path: String(value) }, value);
    const lines = (await adopting(registry).expose()).split('\n').filter((line) => line.startsWith('g{'));
    assert.deepEqual(lines, ['g{path="NaN"} NaN', 'g{path="Infinity"} +Inf', 'g{path="-Infinity"} -Inf']);
  });

  test(`${name}: exemplars of counters and buckets are shown in OpenMetrics`, async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_700_000_000_000 });
    const registry = openMetricsRegistry(client);
    const options = { labelNames, registers: [registry], enableExemplars: true };
    const counter = new client.Counter({ name: 'hits_total', help: 'Hits.', ...options });
    counter.inc({ labels: { path: '/a' }, value: 2, exemplarLabels: { trace_id: '1' } as never });
    const histogram = new client.Histogram({ name: 'seconds', help: 'Time.', buckets: [0.5], ...options });
    histogram.observe({ labels: { path: '/a' }, value: 0.25, exemplarLabels: { trace_id: '2' } as never });
    histogram.observe({ labels: { path: '/a' }, value: 5, exemplarLabels: { trace_id: '3' } as never });
    assert.equal(
      await adopting(registry).expose(openMetrics),
      `# HELP hits Hits.
# TYPE hits counter
hits_total{path="/a"} 2 # {trace_id="1"} 2 1700000000
# HELP seconds Time.
# TYPE seconds histogram
seconds_bucket{path="/a",le="0.5"} 1 # {trace_id="2"} 0.25 1700000000
seconds_bucket{path="/a",le="+Inf"} 2 # {trace_id="3"} 5 1700000000
seconds_sum{path="/a"} 5.25
seconds_count{path="/a"} 2
# EOF
`,
    );
  });

  test(`${name}: a counter keeps its name after the registry was scraped as OpenMetrics`, async () => {
    const registry = openMetricsRegistry(client);
    new client.Counter({ name: 'hits_total', help: 'Hits.', registers: [registry] }).inc(3);
    await registry.metrics();
    assert.equal(
      await adopting(registry).expose(),
      '# HELP hits_total Hits.\n# TYPE hits_total counter\nhits_total 3\n',
    );
  });

  test(`${name}: default labels are added, and labels of the series, even empty ones, have precedence`, async () => {
    const registry = new client.Registry();
    const gauge = new client.Gauge({ name: 'g', help: 'G.', labelNames, registers: [registry] });
    registry.setDefaultLabels({ app: 'shop', path: 'none' });
    gauge.set({ path: '/a' }, 1);
    gauge.set({ path: '' }, 2);
    gauge.set({}, 3);
    const lines = (await adopting(registry).expose()).split('\n').filter((line) => line.startsWith('g{'));
    assert.deepEqual(lines, ['g{app="shop",path="/a"} 1', 'g{app="shop",path=""} 2', 'g{app="shop",path="none"} 3']);
  });

  test(`${name}: collect() is called at each scrape, waited for, and may set other metrics`, async () => {
    const registry = new client.Registry();
    const registers = [registry];
    let scrapes = 0;
    new client.Gauge({
      name: 'first',
      help: 'First.',
      registers,
      async collect() {
        second.set(++scrapes);
        await undefined;
        this.set(scrapes);
      },
    });
    const second = new client.Gauge({ name: 'second', help: 'Second.', registers });
    const adopted = adopting(registry);
    await adopted.expose();
    const lines = (await adopted.expose()).split('\n').filter((line) => !line.startsWith('#'));
    assert.deepEqual(lines, ['first 2', 'second 2', '']);
  });

  test(`${name}: metrics whose collect() fails are left out and reported, and the others are shown`, async () => {
    const registry = new client.Registry();
    const registers = [registry];
    const fails = (error: unknown) => () => {
      throw error;
    };
    new client.Gauge({ name: 'throws', help: 'T.', registers, collect: fails(new Error('no file')) });
    new client.Gauge({ name: 'rejects', help: 'R.', registers, collect: async () => fails('no network')() });
    new client.Gauge({ name: 'works', help: 'W.', registers }).set(1);
    const adopted = adopting(registry);
    assert.equal(await adopted.expose(), '# HELP works W.\n# TYPE works gauge\nworks 1\n');
    assert.deepEqual(await failuresOf(adopted), ['foreign_0: throws: no file', 'foreign_0: rejects: no network']);
  });

  test(`${name}: metrics that are added later are shown, and removed ones are not`, async () => {
    const registry = new client.Registry();
    const adopted = adopting(registry);
    assert.equal(await adopted.expose(), '');
    new client.Gauge({ name: 'late', help: 'Late.', registers: [registry] }).set(1);
    assert.match(await adopted.expose(), /^late 1$/m);
    registry.removeSingleMetric('late');
    assert.equal(await adopted.expose(), '');
  });

  test(`${name}: default metrics have the families and types that the registry itself shows`, async () => {
    const registry = new client.Registry();
    client.collectDefaultMetrics({ register: registry });
    const adopted = adopting(registry);
    const typesOf = (text: string) => (text.match(/^# TYPE .*$/gm) ?? []).sort();
    const withSeries = (text: string) => typesOf(text.replaceAll(/^# HELP .*\n(# TYPE .*\n)(?=#|\n|$)/gm, ''));
    // These have series only while libuv has requests in flight, and after a garbage collection.
    const passing = ['# TYPE nodejs_active_requests gauge', '# TYPE nodejs_gc_duration_seconds histogram'];
    const lasting = (text: string) => withSeries(text).filter((line) => !passing.includes(line));
    assert.deepEqual(lasting(await adopted.expose()), lasting(await registry.metrics()));
    assert.deepEqual(await failuresOf(adopted), []);
  });

  test(`${name}: random registries show the samples that they show themselves`, async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const registry = new client.Registry();
      fill(client, registry, seed);
      const shown = samplesOf(await adopting(registry).expose());
      // prom-client writes Nan, which no parser accepts.
      assert.deepEqual(shown, samplesOf((await registry.metrics()).replaceAll(/ Nan$/gm, ' NaN')), `seed ${seed}`);
    }
  });

  test(`${name}: registries with the same family are shown as one, and duplicate series are reported`, async () => {
    const [one, other] = [new client.Registry(), new client.Registry()];
    for (const [registry, path] of [
      [one, '/a'],
      [other, '/a'],
      [other, '/b'],
    ] as const) {
      const options = { name: 'g', help: 'G.', labelNames, registers: [registry] };
      const gauge = (registry.getSingleMetric('g') as InstanceType<PromClient['Gauge']>) ?? new client.Gauge(options);
      gauge.set({ path }, 1);
    }
    const adopted = adopting(one, other);
    assert.equal(await adopted.expose(), '# HELP g G.\n# TYPE g gauge\ng{path="/a"} 1\ng{path="/b"} 1\n');
    assert.deepEqual(await failuresOf(adopted), ['foreign_1: g: duplicate series [["path","/a"]].']);
  });

  test(`${name}: families that the registry has itself are reported, and shown once`, async () => {
    const registry = new client.Registry();
    new client.Gauge({ name: 'size', help: 'Foreign.', registers: [registry] }).set(1);
    new client.Gauge({ name: 'seconds_count', help: 'Foreign.', registers: [registry] }).set(1);
    new client.Gauge({ name: 'other', help: 'Foreign.', registers: [registry] }).set(1);
    const adopted = adopting(registry);
    new Gauge({ name: 'size', help: 'Native.', registry: adopted }).set(2);
    new Histogram({ name: 'seconds', help: 'Native.', buckets: [1], registry: adopted });
    const text = await adopted.expose();
    assert.deepEqual(text.match(/^(size|seconds_count|other) .*$/gm), ['other 1', 'seconds_count 0', 'size 2']);
    assert.equal((await failuresOf(adopted)).length, 2);
  });
}

/** Metrics of all types with random labels and values. */
function fill(client: PromClient, registry: InstanceType<PromClient['Registry']>, seed: number): void {
  const random = generator(seed);
  const texts = ['a', 'b c', '"', '\\', '\n', 'ä€😀', 'x,y="1"', '{}', 'le', '0.5'];
  const registers = [registry];
  const labelNames = ['a', 'b'];
  const labels = () => ({ a: pick(random, texts), ...(random(10) < 7 ? { b: pick(random, texts) } : {}) });
  const value = () => pick(random, [0, 1, 0.1 + 0.2, 1e21, 1e-7, 123456789, 2.5]);
  const counter = new client.Counter({ name: 'c_total', help: pick(random, texts), labelNames, registers });
  const gauge = new client.Gauge({ name: 'g', help: 'G.', labelNames, registers });
  const buckets = pick(random, [[1, 2], [0.1], [-5, 0, 5], [1e-9, 1e9]]);
  const histogram = new client.Histogram({ name: 'h', help: 'H.', labelNames, buckets, registers });
  const summary = new client.Summary({
    name: 's',
    help: 'S.',
    labelNames,
    percentiles: pick(random, [[0.5], [0.1, 0.99]]),
    registers,
  });
  new client.Counter({ name: 'bare_total', help: 'B.', registers }).inc(value());
  new client.Histogram({ name: 'bare_h', help: 'B.', registers }).observe(value());
  for (let round = 0; round < 20; round++) {
    counter.inc(labels(), value());
    gauge.set(labels(), pick(random, [value(), -value(), Number.NaN, Number.POSITIVE_INFINITY]));
    histogram.observe(labels(), pick(random, [value(), -value()]));
    summary.observe(labels(), value());
  }
}

/** All parsed samples, regardless of the order of families and series. */
function samplesOf(text: string): string[] {
  const families = parseText(text);
  return families
    .flatMap(({ name, type, points }) =>
      [...points].map(({ labels, value }) => {
        const pairs = Object.entries(labels ?? {}).filter(([, text]) => text !== '');
        return JSON.stringify([name, type, pairs.sort(), value], (_, part) =>
          typeof part === 'number' && !Number.isFinite(part)
            ? String(part)
            : ArrayBuffer.isView(part)
              ? [...(part as Float64Array)]
              : part,
        );
      }),
    )
    .sort();
}

test('registries of several libraries are shown together', async () => {
  const registries = libraries.map(([, client], index) => {
    const registry = new client.Registry();
    new client.Gauge({ name: `g${index}`, help: 'G.', registers: [registry] }).set(index);
    return registry;
  });
  assert.deepEqual((await adopting(...registries).expose()).match(/^g.*$/gm), ['g0 0', 'g1 1', 'g2 2', 'g3 3']);
});

test('the types of prom-client and its successor are accepted', () => {
  assert.equal(adoptRegistry(prom.register).name, 'prom-client');
  assert.equal(adoptRegistry(successor.register, { name: 'old' }).name, 'old');
});

test('bounds are sorted and without duplicates', async () => {
  const registry = new prom.Registry();
  const buckets = [1, 5, 5, Number.POSITIVE_INFINITY];
  const histogram = new prom.Histogram({ name: 'h', help: 'H.', buckets, registers: [registry] });
  for (const value of [0.5, 3, 7]) histogram.observe(value);
  const unsorted = new prom.Histogram({ name: 'u', help: 'U.', buckets: [5, 1], registers: [registry] });
  for (const value of [0.5, 7]) unsorted.observe(value);
  const adopted = adopting(registry);
  assert.deepEqual((await adopted.expose()).match(/^\w+_(bucket|count).*$/gm), [
    'h_bucket{le="1"} 1',
    'h_bucket{le="5"} 2',
    'h_bucket{le="+Inf"} 3',
    'h_count 3',
    'u_bucket{le="1"} 1',
    'u_bucket{le="5"} 1',
    'u_bucket{le="+Inf"} 2',
    'u_count 2',
  ]);
  assert.deepEqual(await failuresOf(adopted), []);
});

test('series that differ only in an empty label are duplicates for Prometheus: the first one is shown', async () => {
  const registry = new prom.Registry();
  const options = { help: 'H.', labelNames: ['a'], registers: [registry] };
  const histogram = new prom.Histogram({ name: 'h', buckets: [1], ...options });
  histogram.observe({}, 0.5);
  histogram.observe({ a: '' }, 2);
  const adopted = adopting(registry);
  assert.deepEqual((await adopted.expose()).match(/^h_.*$/gm), [
    'h_bucket{le="1"} 1',
    'h_bucket{le="+Inf"} 1',
    'h_sum 0.5',
    'h_count 1',
  ]);
  assert.deepEqual(await failuresOf(adopted), ['foreign_0: h: duplicate series [].']);
});

test('any object with a name and get() is a metric, with or without help, type and values', async () => {
  const registry = registryOf(
    metricOf('bare', { values: [{ value: 1 }] }),
    metricOf('untyped', {
      type: 'untyped',
      help: 'U.',
      values: [{ labels: { a: null, b: ['p', 'q'], c: undefined }, value: '2' }],
    }),
    metricOf('empty', { type: 'gauge', help: 'E.' }),
    metricOf('later', async () => ({ help: 'L.', type: 'gauge', values: [{ value: null }] })),
  );
  assert.equal(
    await adopting(registry).expose(),
    `# TYPE bare untyped
bare 1
# HELP later L.
# TYPE later gauge
later NaN
# HELP untyped U.
# TYPE untyped untyped
untyped{a="null",b="p,q"} 2
`,
  );
});

const broken: readonly (readonly [what: string, metric: { name: string }, message: RegExp])[] = [
  ['without get()', { name: 'x' }, /x: A metric of an adopted registry must have a method get\(\)\./],
  ['whose get() returns undefined', metricOf('x', () => undefined), /x: get\(\) of the metric must return an object\./],
  [
    'whose get() throws',
    metricOf('x', () => {
      throw new Error('no');
    }),
    /x: no/,
  ],
  ['whose get() rejects with nothing', metricOf('x', () => Promise.reject()), /x: undefined/],
  ['whose values are not an array', metricOf('x', { values: 'abc' }), /x: values must be an array\./],
  [
    'with a sample that is not an object',
    metricOf('x', { values: [1] }),
    /x: A sample must be an object with a value\./,
  ],
  [
    'with a sample of another name',
    metricOf('x', { values: [{ metricName: 'y', value: 1 }] }),
    /x: A sample y does not belong to x\./,
  ],
  [
    'with a bucket without le',
    metricOf('x', { type: 'histogram', values: [{ metricName: 'x_bucket', labels: {}, value: 1 }] }),
    /x: A sample x_bucket must have a label le\./,
  ],
  [
    'with a quantile without its label',
    metricOf('x', { type: 'summary', values: [{ labels: {}, value: 1 }] }),
    /must have a label quantile\./,
  ],
  [
    'with a label that has no text',
    metricOf('x', { values: [{ labels: { a: Object.create(null) }, value: 1 }] }),
    /x: Cannot convert/,
  ],
  ['with a help that has no text', metricOf('x', { help: Object.create(null), values: [] }), /x: Cannot convert/],
];

for (const [what, metric, message] of broken) {
  test(`a metric ${what} is reported, and the others are shown`, async () => {
    const adopted = adopting(
      registryOf(metric, metricOf('works', { help: 'W.', type: 'gauge', values: [{ value: 1 }] })),
    );
    assert.equal(await adopted.expose(), '# HELP works W.\n# TYPE works gauge\nworks 1\n');
    const failures = await failuresOf(adopted);
    assert.equal(failures.length, 1);
    assert.match(failures[0]!, message);
  });
}

test('histograms and summaries may lack a sum and a count', async () => {
  const bucket = (le: unknown, value: number) => ({ metricName: 'h_bucket', labels: { le }, value });
  const registry = registryOf(
    metricOf('h', { type: 'histogram', help: 'H.', values: [bucket(1, 1), bucket('+Inf', 3)] }),
    metricOf('s', { type: 'summary', help: 'S.', values: [{ labels: { quantile: 0.5 }, value: 1 }] }),
  );
  const adopted = adopting(registry);
  assert.deepEqual((await adopted.expose()).match(/^[hs].*$/gm), [
    'h_bucket{le="1"} 1',
    'h_bucket{le="+Inf"} 3',
    'h_count 3',
    's{quantile="0.5"} 1',
  ]);
  assert.deepEqual(await failuresOf(adopted), []);
});

test('labels named as properties of objects are labels', async () => {
  const labels = { constructor: 'x', toString: 'y' };
  const adopted = adopting(registryOf(metricOf('g', { type: 'gauge', help: 'G.', values: [{ labels, value: 1 }] })));
  assert.match(await adopted.expose(), /^g\{constructor="x",toString="y"\} 1$/m);
});

test('a sample with a label named __proto__ is left out, and does not change a prototype', async () => {
  const labels = JSON.parse('{"__proto__": {"polluted": "x"}, "a": "b"}');
  const adopted = adopting(registryOf(metricOf('g', { type: 'gauge', help: 'G.', values: [{ labels, value: 1 }] })));
  assert.doesNotMatch(await adopted.expose(), /^g\{/m);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

test('the maximum number of points of a collector applies', async () => {
  const values = Array.from({ length: 11 }, (_, index) => ({ labels: { a: index }, value: 1 }));
  const registry = new Registry({ selfMetrics: false, maxPoints: 10 });
  registry.register(adoptRegistry(registryOf(metricOf('g', { type: 'gauge', help: 'G.', values }))));
  assert.equal(await registry.expose(), '');
  assert.match((await failuresOf(registry)).join(), /returned more than 10 points and families/);
});

test('a value that is not a registry is rejected', () => {
  for (const value of [undefined, null, 1, {}, { metrics: () => '' }]) {
    assert.throws(() => adoptRegistry(value as unknown as ForeignRegistry), {
      name: 'TypeError',
      message: 'adoptRegistry() must be given a registry of prom-client: an object with getMetricsAsArray().',
    });
  }
});

test('a registry that fails as a whole is reported', async () => {
  const registry = {
    getMetricsAsArray: () => {
      throw new Error('gone');
    },
  };
  assert.deepEqual(await failuresOf(adopting(registry)), ['foreign_0: gone']);
});

test('a handler negotiates the format of adopted metrics and compresses them', async (t) => {
  const registry = new prom.Registry();
  const counter = new prom.Counter({ name: 'hits_total', help: 'Hits.', labelNames: ['path'], registers: [registry] });
  for (let index = 0; index < 500; index++) counter.inc({ path: `/${index}` }, 3);
  const url = await serve(t, adopting(registry));
  const response = await fetch(url, {
    headers: { accept: 'application/openmetrics-text; version=1.0.0', 'accept-encoding': 'gzip' },
  });
  assert.equal(response.headers.get('content-encoding'), 'gzip');
  assert.match(response.headers.get('content-type') ?? '', /^application\/openmetrics-text; version=1\.0\.0/);
  assert.match(await response.text(), /^# TYPE hits counter\nhits_total\{path="\/0"\} 3\n/m);
  assert.match(await (await fetch(url)).text(), /^hits_total\{path="\/0"\} 3$/m);
});

async function serve(t: TestContext, registry: Registry): Promise<string> {
  const server = createServer(metricsHandler({ registry }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `http://127.0.0.1:${address.port}/metrics`;
}
