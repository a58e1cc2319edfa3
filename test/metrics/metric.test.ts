import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering, protobuf } from '../../src/exposition/index.ts';
import { Counter, Gauge, Histogram, PeakGauge, Registry, Summary } from '../../src/index.ts';
import { type LabelSet, labelPairs } from '../../src/model/index.ts';
import { decodeFamilies } from '../exposition/metrics-schema.ts';
import { mockClock } from './clock.ts';
import { families, openMetricsSamples, quietRegistry, samples } from './exposed-samples.ts';

const names: readonly [what: string, make: () => { readonly name: string }, name: string][] = [
  ['of a gauge', () => new Gauge({ ...shared('a'), unit: 'bytes' }), 'a_bytes'],
  ['that is there already', () => new Gauge({ ...shared('a_bytes'), unit: 'bytes' }), 'a_bytes'],
  ['of a histogram', () => new Histogram({ ...shared('a_duration'), unit: 'seconds' }), 'a_duration_seconds'],
  ['of a summary', () => new Summary({ ...shared('a'), unit: 'seconds' }), 'a_seconds'],
  ['before _total', () => new Counter({ ...shared('a_total'), unit: 'seconds' }), 'a_seconds_total'],
  [
    'that is before _total already',
    () => new Counter({ ...shared('a_seconds_total'), unit: 'seconds' }),
    'a_seconds_total',
  ],
  ['of a counter without _total', () => new Counter({ ...shared('a'), unit: 'seconds' }), 'a_seconds'],
];

function shared(name: string) {
  return { name, help: '', registry: null };
}

for (const [what, make, name] of names)
  test(`a unit ${what} results in the name ${name}`, () => assert.equal(make().name, name));

test('a unit is exposed in formats with units', async () => {
  const registry = quietRegistry();
  new Gauge({ name: 'a', help: '', unit: 'bytes', registry });
  assert.equal((await families(registry))[0]?.unit, 'bytes');
});

for (const unit of ['', 'per second', 'µs']) {
  test(`${JSON.stringify(unit)} is not a valid unit`, () => {
    assert.throws(() => new Gauge({ ...shared('a'), unit }), { name: 'RangeError', message: /invalid unit/ });
  });
}

const wrongOptions: readonly [options: object, error: RegExp][] = [
  [{}, /^A metric name must be a string, got undefined/],
  [{ name: '' }, /Invalid metric name/],
  [{ name: '\ud800', help: '' }, /Invalid metric name/],
  [{ name: 'a' }, /^a: help must be a string, got undefined/],
  [{ name: 'a', help: '', unit: 5 }, /^a: unit must be a string, got number/],
  [{ name: 'a', help: '', labelNames: 'method' }, /^a: labelNames must be an array or an object, got method/],
  [{ name: 'a', help: '', labelNames: [5] }, /^a: a label name must be a string, got number/],
  [
    { name: 'a', help: '', labelNames: ['x'], constLabels: { x: '1' } },
    /^a: constant label "x" is already a label of the metric/,
  ],
  [{ name: 'a', help: '', constLabels: { __x: '1' } }, /starts with __/],
  [{ name: 'a', help: '', constLabels: { x: null } }, /^a: label x must be a string, number or boolean, got null/],
  [{ name: 'a', help: '', ttlMs: 0 }, /^a: ttlMs must be a number of milliseconds above 0, got 0/],
  [{ name: 'a', help: '', maxSeries: 0 }, /^a: maxSeries must be a whole number of at least 1, or Infinity, got 0/],
  [{ name: 'a', help: '', maxSeries: '5' }, /^a: maxSeries must be a number, got string/],
  [{ name: 'a', help: '', normalize: { x: String } }, /^a: normalize.x does not name a label/],
  [{ name: 'a', help: '', labelNames: ['x'], normalize: { x: 'y' } }, /^a: normalize.x must be a function, got string/],
  [
    { name: 'a', help: '', labelNames: ['x'], initialize: true },
    /^a: initialize requires a list of values for each label; .* has none/,
  ],
];

for (const [options, message] of wrongOptions) {
  test(`options are refused: ${message.source}`, () => {
    // @ts-expect-error wrong on purpose
    assert.throws(() => new Gauge({ registry: null, ...options }), { message });
  });
}

test('a series has a start time, which reset() and a new series renew', async (t) => {
  const clock = mockClock(t, 1_000);
  const registry = quietRegistry();
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x'], registry });
  const began = async () => (await families(registry))[0]?.points.map((point) => point.startTimestamp);
  clock.to(2_000);
  counter.inc({ x: 'a' });
  clock.to(3_500);
  counter.inc({ x: 'a' });
  counter.inc({ x: 'b' });
  assert.deepEqual(await began(), [2, 3.5]);
  clock.to(4_000);
  counter.curry({ x: 'b' }).reset();
  assert.deepEqual(await began(), [2, 4]);
  clock.to(5_000);
  counter.remove('a');
  counter.inc({ x: 'a' });
  assert.deepEqual(await began(), [4, 5]);
});

test('counters, histograms and summaries expose start times; gauges do not', async (t) => {
  mockClock(t, 1_500);
  const registry = quietRegistry();
  new Counter({ name: 'c_total', help: '', registry });
  new Gauge({ name: 'g', help: '', registry });
  new Histogram({ name: 'h', help: '', buckets: [], registry });
  new Summary({ name: 's', help: '', registry });
  const lines = await openMetricsSamples(registry);
  assert.deepEqual(
    lines.filter((line) => line.includes('_created')),
    ['c_created 1.5', 'h_created 1.5', 's_created 1.5'],
  );
});

test('protobuf contains the start times of series', async (t) => {
  mockClock(t, 1_500);
  const registry = quietRegistry();
  new Counter({ name: 'c_total', help: '', registry });
  const [family] = decodeFamilies(encodeGathering(await registry.gather(), protobuf));
  assert.match(JSON.stringify(family), /"start_timestamp":\{"seconds":1,"nanos":500000000\}/);
});

test('start times stay with their series when others are removed', async (t) => {
  const clock = mockClock(t, 1);
  const registry = quietRegistry();
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x'], registry });
  for (let second = 1; second <= 300; second++) {
    clock.to(second * 1000);
    counter.inc({ x: second });
  }
  for (let second = 1; second <= 299; second++) counter.remove(second);
  const [family] = await families(registry);
  assert.deepEqual(family?.points, [{ labels: { x: '300' }, value: 1, startTimestamp: 300 }]);
});

test('the objects of a series stay with it when others are removed', async () => {
  const registry = quietRegistry();
  const shared = { help: '', labelNames: ['x'], registry } as const;
  const peak = new PeakGauge({ ...shared, name: 'a_peak' });
  const summary = new Summary({ ...shared, name: 'b_summary', quantiles: [1] });
  const native = new Histogram({ ...shared, name: 'c_native', native: { schema: 0 } });
  for (let x = 1; x <= 300; x++) {
    peak.observe({ x }, x);
    summary.observe({ x }, x);
    native.observe({ x }, x, { trace_id: String(x) });
  }
  for (let x = 1; x < 300; x++) for (const metric of [peak, summary, native]) metric.remove({ x });
  peak.observe({ x: 301 }, 1);
  const [peaks, summaries, natives] = await families(registry);
  const values = (family: typeof peaks) => family?.points.map(({ value }) => value);
  assert.deepEqual(values(peaks), [300, 1]);
  assert.deepEqual(values(summaries), [{ count: 1, sum: 300, quantiles: [{ quantile: 1, value: 300 }] }]);
  assert.match(
    JSON.stringify(values(natives)),
    /^\[\{.*"positive":\{"indexes":\[9\],"counts":\[1\]\}.*"trace_id":"300".*\}\]$/,
  );
});

test('getOrCreate() distinguishes histograms and summaries by buckets, quantiles and windows', () => {
  const registry = new Registry();
  const histogram = registry.getOrCreate(Histogram, { name: 'h', help: '', buckets: [1] });
  assert.equal(registry.getOrCreate(Histogram, { name: 'h', help: '', buckets: [1] }), histogram);
  const summary = registry.getOrCreate(Summary, { name: 's', help: '', quantiles: [0.5] });
  assert.equal(registry.getOrCreate(Summary, { name: 's', help: '', quantiles: [0.5] }), summary);
  for (const [type, options] of [
    [Histogram, { name: 'h', help: '', buckets: [1, 2] }],
    [Histogram, { name: 'h', help: '', buckets: [1], native: {} }],
    [Summary, { name: 's', help: '' }],
    [Summary, { name: 's', help: '', quantiles: [0.5], relativeError: 0.1 }],
  ] as const) {
    // The options match the type in the same row.
    assert.throws(
      () => registry.getOrCreate(type as typeof Histogram, options),
      /already registered at \S+ with different (buckets|native|quantiles|relativeError) \(/,
    );
  }
});

test('collect() updates a metric at each scrape, and may be asynchronous', async () => {
  const registry = quietRegistry();
  let reads = 0;
  new Gauge({ name: 'sync', help: '', registry, collect: (gauge) => gauge.set(++reads) });
  new Counter({
    name: 'async_total',
    help: '',
    registry,
    collect: async (counter, { signal, deadline }) => {
      await Promise.resolve();
      assert.ok(!signal.aborted && deadline > Date.now());
      counter.incTo(reads * 10);
    },
  });
  assert.deepEqual(await samples(registry), ['async_total 10', 'sync 1']);
  assert.deepEqual(await samples(registry), ['async_total 20', 'sync 2']);
});

test('the result of a synchronous collect() is ignored', async () => {
  const registry = quietRegistry();
  const collect = (gauge: Gauge) => {
    gauge.set(1);
    return 5;
  };
  // @ts-expect-error it returns nothing, or a promise
  new Gauge({ name: 'g', help: '', registry, collect });
  assert.deepEqual(await samples(registry), ['g 1']);
});

const failing: readonly [how: string, collect: () => void | Promise<void>][] = [
  [
    'throws',
    () => {
      throw new Error('no answer');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no answer'))],
];

for (const [how, collect] of failing) {
  test(`a metric whose collect() ${how} is left out and reported; others are shown`, async () => {
    const registry = quietRegistry();
    new Gauge({ name: 'a', help: '', registry, collect });
    new Gauge({ name: 'b', help: '', registry });
    const gathering = await registry.gather();
    assert.deepEqual(gathering.failures, [{ collector: 'a', error: new Error('no answer') }]);
    assert.deepEqual(await samples(registry), ['b 0']);
  });
}

test('a metric whose collect() takes too long is left out and reported', async () => {
  const registry = quietRegistry();
  new Gauge({ name: 'a', help: '', registry, collect: () => new Promise(() => {}) });
  const { failures } = await registry.gather({ timeoutMs: 1 });
  assert.deepEqual(failures, [{ collector: 'a', error: new Error('Timed out after 1 ms.') }]);
});

test('values that collect() replaces belong to this scrape only', async () => {
  const registry = quietRegistry();
  let queues = ['a', 'b'];
  new Gauge({
    name: 'queue_length',
    help: '',
    labelNames: ['queue'],
    registry,
    collect: (gauge) => gauge.replace(queues.map((queue) => [{ queue }, 1])),
  });
  assert.deepEqual(await samples(registry), ['queue_length{queue="a"} 1', 'queue_length{queue="b"} 1']);
  queues = ['c'];
  assert.deepEqual(await samples(registry), ['queue_length{queue="c"} 1']);
});

test('initialize creates all combinations of values, in order, at 0', async () => {
  const registry = quietRegistry();
  const labelNames = { method: ['GET', 'POST'], code: [200, 500] } as const;
  new Counter({ name: 'c_total', help: '', labelNames, initialize: true, registry });
  assert.deepEqual(await samples(registry), [
    'c_total{method="GET",code="200"} 0',
    'c_total{method="GET",code="500"} 0',
    'c_total{method="POST",code="200"} 0',
    'c_total{method="POST",code="500"} 0',
  ]);
});

test('children() returns all current children with their labels', () => {
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x', 'y'], registry: null });
  counter.inc({ x: 1, y: 'a' });
  const second = counter.labels(2, 'b');
  counter.labels(3, 'c');
  counter.remove(1, 'a');
  const listed = counter.children();
  assert.deepEqual(
    listed.map(({ labels }) => labels),
    [
      { x: '2', y: 'b' },
      { x: '3', y: 'c' },
    ],
  );
  assert.equal(listed[0]?.child, second);
});

test('children can be removed while iterating over children()', async () => {
  const registry = quietRegistry();
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x'], registry });
  for (let index = 0; index < 1000; index++) counter.inc({ x: index });
  for (const { labels } of counter.children()) if (labels['x'] !== '500') counter.remove(labels['x'] ?? '');
  assert.deepEqual(await samples(registry), ['c_total{x="500"} 1']);
});

test('a metric without labels has one child', () => {
  const counter = new Counter({ name: 'c_total', help: '', registry: null });
  assert.deepEqual(counter.children(), [{ labels: {}, child: counter.labels() }]);
});

test('remove() refuses unknown labels and keeps the series', () => {
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x'], registry: null });
  counter.inc({ x: 'a' });
  const extra = { x: 'a', z: 1 };
  assert.throws(() => counter.remove(extra), new TypeError('c_total has no label z; it has x.'));
  // @ts-expect-error wrong on purpose
  assert.throws(() => counter.remove({}), new TypeError('c_total: label x is missing.'));
  assert.equal(counter.children().length, 1);
  assert.equal(counter.remove({ x: 'a' }), true);
});

test('removeMatching() removes all matching series and returns their number', async () => {
  const registry = quietRegistry();
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x', 'y'], registry });
  for (const x of ['a', 'b']) for (const y of [1, 2]) counter.inc({ x, y });
  assert.equal(counter.removeMatching({ x: 'c' }), 0);
  assert.equal(counter.removeMatching({ y: 1 }), 2);
  assert.deepEqual(await samples(registry), ['c_total{x="a",y="2"} 1', 'c_total{x="b",y="2"} 1']);
  assert.equal(counter.removeMatching({ x: 'a', y: '2' }), 1);
  assert.equal(counter.removeMatching({}), 1);
  assert.deepEqual(await samples(registry), []);
});

test('removeMatching() refuses unknown labels and invalid values', () => {
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x'], registry: null });
  // @ts-expect-error wrong on purpose
  assert.throws(() => counter.removeMatching({ z: 1 }), new TypeError('c_total has no label z; it has x.'));
  // @ts-expect-error wrong on purpose
  assert.throws(() => counter.removeMatching({ x: null }), TypeError);
});

test('a metric without labels cannot be removed, only reset', async () => {
  const registry = quietRegistry();
  const counter = new Counter({ name: 'c_total', help: '', registry });
  counter.inc();
  assert.equal(counter.remove(), false);
  // @ts-expect-error it has no labels
  assert.equal(counter.removeMatching({}), 0);
  assert.deepEqual(await samples(registry), ['c_total 1']);
});

test('getOrCreate() finds a metric by its constant labels too, before and after a scrape', async () => {
  const registry = new Registry();
  const options = { name: 'c_total', help: '', labelNames: ['x'], constLabels: { zone: 'a' }, registry } as const;
  const counter = registry.getOrCreate(Counter, options);
  counter.inc({ x: 1 });
  await registry.expose();
  assert.equal(registry.getOrCreate(Counter, options), counter);
  assert.throws(
    () => registry.getOrCreate(Counter, { ...options, constLabels: { zone: 'b' } }),
    /with different values of constant labels \(\["a"\], not \["b"\]\)/,
  );
});

test('series added during a scrape are exposed by the next one, each once', async () => {
  const registry = quietRegistry();
  const gauge = new Gauge({ name: 'g', help: '', labelNames: ['x'], registry });
  for (let index = 0; index < 600; index++) gauge.set({ x: index }, index);
  const shown: string[] = [];
  const ignored = () => {};
  const encoder = {
    family: ignored,
    counter: ignored,
    unknown: ignored,
    histogram: ignored,
    summary: ignored,
    info: ignored,
    stateSet: ignored,
    gauge: ({ labels }: { labels: LabelSet }) => shown.push(labelPairs(labels)[0]?.[1] ?? ''),
  };
  let steps = 0;
  for (const _step of (await registry.gather()).steps(encoder)) {
    gauge.remove(0);
    gauge.set({ x: 0 }, 0);
    for (let index = 0; index < 600; index++) gauge.set({ x: `new ${steps} ${index}` }, 1);
    assert.ok(++steps < 10, 'it comes to an end');
  }
  assert.equal(shown.length, 600);
  assert.equal(new Set(shown).size, 600);
});
