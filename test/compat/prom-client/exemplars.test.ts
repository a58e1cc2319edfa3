import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { loose, type PromClient, testBoth, zeroprom } from './libraries.ts';

function openMetrics({ Registry }: PromClient) {
  const registry = new Registry();
  loose(registry)['setContentType']!(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

const config = { name: 'm', help: 'H', labelNames: ['a'], enableExemplars: true };

async function at(time: number, body: () => Promise<void>): Promise<void> {
  const clock = mock.method(Date, 'now', () => time);
  try {
    await body();
  } finally {
    clock.mock.restore();
  }
}

testBoth('exemplars of counters are shown in text and JSON', async (client) => {
  await at(1_678_654_679_052, async () => {
    const registry = openMetrics(client);
    const counter = new client.Counter({ ...config, registers: [registry] });
    counter.inc({ labels: { a: 'x' }, value: 2, exemplarLabels: { trace_id: '1', 'b c': 'q"' } as never });
    counter.inc({ labels: { a: 'x' }, value: 3 });
    counter.inc({ labels: { a: 'y' } });
    counter.inc({ exemplarLabels: {} });
    counter.inc();
    assert.deepEqual((await registry.metrics()).split('\n').slice(2, -2), [
      'm_total{a="x"} 5 # {trace_id="1",b c="q\\""} 2 1678654679.052',
      'm_total{a="y"} 1',
      'm_total 2 # {} 1 1678654679.052',
    ]);
    const [first] = (await counter.get()).values as {
      exemplar?: { labelSet: object; value: number; timestamp: number };
    }[];
    const { labelSet, value, timestamp } = first!.exemplar!;
    const expected = [{ trace_id: '1', 'b c': 'q"' }, 2, 1_678_654_679.052];
    assert.deepEqual([labelSet, value, timestamp], expected);
  });
});

testBoth('exemplars of histograms are kept by bucket until they are replaced', async (client) => {
  await at(1_678_654_679_000, async () => {
    const registry = openMetrics(client);
    const histogram = new client.Histogram({ ...config, buckets: [1, 5], registers: [registry] });
    histogram.observe({ labels: { a: 'x' }, value: 0.5, exemplarLabels: { id: '1' } as never });
    histogram.observe({ labels: { a: 'x' }, value: 0.7, exemplarLabels: { id: '2' } as never });
    histogram.observe({ labels: { a: 'x' }, value: 0.8, exemplarLabels: {} });
    histogram.observe({ labels: { a: 'x' }, value: 7, exemplarLabels: { id: '3' } as never });
    assert.deepEqual((await registry.metrics()).split('\n').slice(2, -2), [
      'm_bucket{le="1",a="x"} 3 # {id="2"} 0.7 1678654679',
      'm_bucket{le="5",a="x"} 3',
      'm_bucket{le="+Inf",a="x"} 4 # {id="3"} 7 1678654679',
      'm_sum{a="x"} 9',
      'm_count{a="x"} 4',
    ]);
    const { values } = await histogram.get();
    const [first, second] = values as { exemplar?: { value: number } | null }[];
    assert.deepEqual([first?.exemplar?.value, second?.exemplar], [0.7, null]);
    histogram.reset();
    histogram.observe({ labels: { a: 'x' }, value: 0.5 });
    assert.ok(!(await registry.metrics()).includes('# {'));
  });
});

testBoth('timers accept exemplar labels at the start and the end', async (client) => {
  const registry = openMetrics(client);
  const histogram = new client.Histogram({ ...config, buckets: [1e9], registers: [registry] });
  const end = histogram.startTimer({ a: 'x' }, { id: '1', span: '2' } as never);
  end({}, { span: '3' } as never);
  assert.match(await registry.metrics(), /a="x"\} 1 # \{id="1",span="3"\}/);
});

testBoth('exemplars that are too long are refused, and the update is counted', async (client) => {
  const registers = [openMetrics(client)];
  const counter = new client.Counter({ ...config, registers });
  const error = { name: 'RangeError', message: 'Label set size must be smaller than 128 UTF-8 chars' };
  const call = (length: number) => counter.inc({ exemplarLabels: { id: 'x'.repeat(length) } as never });
  call(126);
  assert.throws(() => call(127), error);
  assert.equal((await counter.get()).values[0]?.value, 2);
});

testBoth('a registry in the Prometheus format shows no exemplars', async (client) => {
  const registry = openMetrics(client);
  const counter = new client.Counter({ ...config, registers: [registry] });
  counter.inc({ labels: { a: 'x' }, exemplarLabels: { id: '1' } as never });
  loose(registry)['setContentType']!(client.Registry.PROMETHEUS_CONTENT_TYPE);
  assert.match(await registry.metrics(), /^m\{a="x"\} 1$/m);
});

test('a child updates its own series, with an exemplar or without', async () => {
  const registry = openMetrics(zeroprom);
  const counter = new zeroprom.Counter({ ...config, registers: [registry] });
  const child = loose(counter.labels('x'));
  child['inc']!(5);
  child['inc']!();
  child['inc']!({ value: 2, exemplarLabels: { id: '1' } });
  const histogram = new zeroprom.Histogram({ ...config, name: 'h', buckets: [1e9], registers: [registry] });
  const timed = histogram.labels('x');
  timed.observe(3);
  timed.startTimer()();
  loose(timed)['observe']!(4, { id: '2' });
  const text = await registry.metrics();
  assert.match(text, /^m_total\{a="x"\} 8 # \{id="1"\} 2 /m);
  assert.match(text, /^h_bucket\{le="1000000000",a="x"\} 3 # \{id="2"\} 4 /m);
  assert.equal(text.match(/^[mh]_/gm)?.length, 5);
});

test('labels and a value are interpreted as by metrics without exemplars', async () => {
  const registry = openMetrics(zeroprom);
  const counter = new zeroprom.Counter({ ...config, registers: [registry] });
  counter.inc(5);
  counter.inc({ a: 'x' });
  counter.inc({ a: 'x' }, 3);
  const histogram = new zeroprom.Histogram({ ...config, name: 'h', buckets: [], registers: [registry] });
  histogram.observe(5);
  histogram.observe({ a: 'x' }, 3);
  const text = await registry.metrics();
  for (const line of [/^m_total 5$/m, /^m_total\{a="x"\} 4$/m, /^h_sum 5$/m, /^h_sum\{a="x"\} 3$/m])
    assert.match(text, line);
});

test('the exemplar of inc(0) is 0', async () => {
  const counter = new zeroprom.Counter({ ...config, registers: [openMetrics(zeroprom)] });
  counter.inc({ value: 0, exemplarLabels: { id: '1' } });
  const [first] = (await counter.get()).values as { exemplar?: { value: number } }[];
  assert.equal(first?.exemplar?.value, 0);
});

test('a rejected exemplar does not replace the previous one', async () => {
  const registry = openMetrics(zeroprom);
  const counter = new zeroprom.Counter({ ...config, registers: [registry] });
  assert.throws(() => counter.inc({ exemplarLabels: { id: 'x'.repeat(200) } }));
  assert.match(await registry.metrics(), /^m_total 1$/m);
});

test('wrong arguments that prom-client accepts silently are ignored', async () => {
  const registry = openMetrics(zeroprom);
  const counter = new zeroprom.Counter({ ...config, registers: [registry] });
  for (const value of [-1, '3ms', Infinity, NaN, true]) {
    loose(counter)['inc']!(value);
    loose(counter)['inc']!({ z: 'unknown' }, value);
    loose(counter.labels('x'))['inc']!(value);
    loose(counter.labels('x'))['inc']!({ value });
  }
  for (const a of [Symbol('a'), Object.create(null), { toString: () => ({}) }]) {
    loose(counter)['inc']!({ a });
  }
  loose(loose(counter)['labels']!(Symbol('a')) as object)['inc']!();
  assert.deepEqual((await counter.get()).values, []);
  assert.equal((counter as unknown as { ignoredValues: number }).ignoredValues, 24);
  loose(counter.labels('x'))['inc']!({ value: 2, exemplarLabels: { id: 'x'.repeat(200) } });
  assert.deepEqual((await counter.get()).values, [{ value: 2, labels: { a: 'x' } }]);
  assert.equal((counter as unknown as { ignoredValues: number }).ignoredValues, 25);
  assert.throws(() => counter.inc({ labels: { a: 'x' }, value: -1 }), /It is not possible to decrease a counter/);
  assert.throws(() => counter.inc({ labels: { z: 'x' } } as never), /Added label "z"/);
});
