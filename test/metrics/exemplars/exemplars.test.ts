import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, type ExemplarSource, Histogram, Registry } from '../../../src/index.ts';
import { mockClock } from '../clock.ts';
import { families, openMetricsSamples, quietRegistry } from '../exposed-samples.ts';

function counterIn(registry: Registry, exemplarSource?: ExemplarSource) {
  return new Counter({ name: 'c_total', help: '', registry, ...(exemplarSource && { exemplarSource }) });
}

/** The exemplar of the line that begins with `start`: the part after its #. */
async function exemplarOf(registry: Registry, start = 'c_total'): Promise<string | undefined> {
  const line = (await openMetricsSamples(registry)).find((one) => one.startsWith(start));
  return line?.split(' # ')[1];
}

/** A source that returns 1, 2, ... as the trace. */
function counting() {
  const state = { asked: 0 };
  return { state, source: () => ({ trace_id: String(++state.asked) }) };
}

test('an exemplar has the added value, not that of the counter, and its time', async (t) => {
  mockClock(t, 1_500);
  const registry = quietRegistry();
  const counter = counterIn(registry);
  counter.inc(10);
  counter.inc(3, { trace_id: 'abc' });
  counter.inc(4);
  assert.equal(await exemplarOf(registry), '{trace_id="abc"} 3 1.5');
});

test('the last exemplar passed with an update wins, for children and metrics', async (t) => {
  mockClock(t, 1_500);
  const registry = quietRegistry();
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x'], registry });
  counter.inc({ x: 'a' }, 1, { trace_id: 'first' });
  counter.labels('a').inc(2, { trace_id: 'last' });
  assert.equal(await exemplarOf(registry), '{trace_id="last"} 2 1.5');
});

test('a histogram has one exemplar for each bucket', async (t) => {
  mockClock(t, 1_500);
  const registry = quietRegistry();
  const histogram = new Histogram({ name: 'h', help: '', labelNames: ['x'], buckets: [1, 2], registry });
  const child = histogram.labels('a');
  child.observe(0.5, { trace_id: 'low' });
  child.observe(5, { trace_id: 'high' });
  child.observe(0.7, { trace_id: 'lower' });
  histogram.observe({ x: 'b' }, 1.5, { trace_id: 'other' });
  assert.equal(await exemplarOf(registry, 'h_bucket{x="a",le="1.0"}'), '{trace_id="lower"} 0.7 1.5');
  assert.equal(await exemplarOf(registry, 'h_bucket{x="a",le="2.0"}'), undefined);
  assert.equal(await exemplarOf(registry, 'h_bucket{x="a",le="+Inf"}'), '{trace_id="high"} 5 1.5');
});

test('native buckets have exemplars', async () => {
  const registry = quietRegistry();
  const histogram = new Histogram({ name: 'h', help: '', native: {}, registry });
  for (const value of [1, 5]) histogram.observe(value, { trace_id: String(value) });
  const value = (await families(registry))[0]?.points[0]?.value;
  assert.ok(typeof value === 'object' && 'native' in value);
  assert.deepEqual(
    value.native?.exemplars?.map(({ labels }) => labels),
    [{ trace_id: '1' }, { trace_id: '5' }],
  );
});

test('the object with the labels is not kept', async () => {
  const registry = quietRegistry();
  const labels = { trace_id: 'abc' };
  counterIn(registry).inc(1, labels);
  labels.trace_id = 'changed';
  assert.match((await exemplarOf(registry)) ?? '', /^\{trace_id="abc"\}/);
});

const LONGEST = 128 - 'trace_id'.length;

const lengths: readonly [what: string, text: string, isKept: boolean][] = [
  ['128 code points', 'a'.repeat(LONGEST), true],
  ['129 code points', 'a'.repeat(LONGEST + 1), false],
  ['128 code points of two units each', '😀'.repeat(LONGEST), true],
  ['129 code points of two units each', '😀'.repeat(LONGEST + 1), false],
  ['a million code points', 'a'.repeat(1e6), false],
];

for (const [what, text, isKept] of lengths) {
  test(`an exemplar of ${what} is ${isKept ? 'kept' : 'dropped and counted, and its update is not'}`, async () => {
    const registry = new Registry();
    counterIn(registry).inc(2, { trace_id: text });
    assert.equal((await exemplarOf(registry)) !== undefined, isKept);
    const exposition = await registry.expose();
    assert.match(exposition, /^c_total 2$/m);
    assert.equal(exposition.includes('zeroprom_exemplars_dropped_total{metric="c_total"} 1'), !isKept);
  });
}

for (const wrong of [null, 'trace', 5, { trace_id: null }, { trace_id: {} }, { '': 'a' }]) {
  test(`${JSON.stringify(wrong)} is not a valid exemplar: it is dropped and counted, and its update is not`, async () => {
    const registry = new Registry();
    // @ts-expect-error wrong on purpose
    counterIn(registry).inc(2, wrong);
    const exposition = await registry.expose();
    assert.match(exposition, /^c_total 2$/m);
    assert.match(exposition, /^zeroprom_exemplars_dropped_total\{metric="c_total"\} 1$/m);
  });
}

test('an exemplar of NaN has no bucket: it is dropped and counted', async () => {
  const registry = new Registry();
  new Histogram({ name: 'h', help: '', buckets: [1], registry }).observe(Number.NaN, { trace_id: 'a' });
  assert.match(await registry.expose(), /^zeroprom_exemplars_dropped_total\{metric="h"\} 1$/m);
});

test('reset() and remove() also remove exemplars', async () => {
  const registry = quietRegistry();
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x'], registry });
  counter.inc({ x: 'a' }, 1, { trace_id: 'a' });
  counter.reset();
  assert.equal(await exemplarOf(registry), undefined);
  counter.inc({ x: 'a' }, 1, { trace_id: 'a' });
  counter.remove('a');
  counter.inc({ x: 'a' });
  assert.equal(await exemplarOf(registry), undefined);
});

test('without a source, exemplars do not expire', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  counterIn(registry).inc(1, { trace_id: 'a' });
  clock.to(1e9);
  assert.equal(await exemplarOf(registry), '{trace_id="a"} 1 0');
});

test('updates without an exemplar are sampled from the source', async (t) => {
  mockClock(t, 1_500);
  const registry = quietRegistry();
  counterIn(registry, () => ({ trace_id: 'abc' })).inc(3);
  assert.equal(await exemplarOf(registry), '{trace_id="abc"} 3 1.5');
});

test('a sample is kept for at least 7 s and then replaced by the next update', async (t) => {
  const clock = mockClock(t, 10_000);
  const registry = quietRegistry();
  const { source } = counting();
  const counter = counterIn(registry, source);
  counter.inc(1);
  clock.to(16_999);
  counter.inc(2);
  assert.equal(await exemplarOf(registry), '{trace_id="1"} 1 10');
  clock.to(17_000);
  counter.inc(3);
  assert.equal(await exemplarOf(registry), '{trace_id="2"} 3 17');
});

test('a sample is exposed for at most 70 s', async (t) => {
  const clock = mockClock(t, 10_000);
  const registry = quietRegistry();
  counterIn(registry, () => ({ trace_id: 'a' })).inc();
  clock.to(80_000);
  assert.ok(await exemplarOf(registry));
  clock.to(80_001);
  assert.equal(await exemplarOf(registry), undefined);
});

test('a series calls the source at most every 90 ms, even if it returned nothing', async (t) => {
  const clock = mockClock(t, 10_000);
  const registry = quietRegistry();
  let asked = 0;
  const nothing = () => {
    asked++;
    return undefined;
  };
  const counter = counterIn(registry, nothing);
  counter.inc();
  clock.to(10_089);
  counter.inc();
  assert.equal(asked, 1);
  clock.to(10_090);
  counter.inc();
  assert.equal(asked, 2);
  assert.equal(await exemplarOf(registry), undefined);
});

test('buckets share the interval of their series, and series do not', async (t) => {
  const clock = mockClock(t, 10_000);
  const registry = quietRegistry();
  const { source, state } = counting();
  const options = { name: 'h', help: '', labelNames: ['x'], buckets: [1], exemplarSource: source, registry } as const;
  const histogram = new Histogram(options);
  histogram.observe({ x: 'a' }, 0.5);
  histogram.observe({ x: 'a' }, 5);
  histogram.observe({ x: 'b' }, 5);
  assert.equal(state.asked, 2);
  clock.to(10_090);
  histogram.observe({ x: 'a' }, 6);
  assert.equal(await exemplarOf(registry, 'h_bucket{x="a",le="1.0"}'), '{trace_id="1"} 0.5 10');
  assert.equal(await exemplarOf(registry, 'h_bucket{x="a",le="+Inf"}'), '{trace_id="3"} 6 10.09');
});

test('native buckets alone keep four samples at a time', async (t) => {
  const clock = mockClock(t, 10_000);
  const registry = quietRegistry();
  const { source, state } = counting();
  const histogram = new Histogram({ name: 'h', help: '', native: {}, exemplarSource: source, registry });
  for (let index = 0; index < 10; index++) {
    clock.to(10_000 + 100 * index);
    histogram.observe(2 ** index);
  }
  assert.equal(state.asked, 4);
  const value = (await families(registry))[0]?.points[0]?.value;
  assert.ok(typeof value === 'object' && 'native' in value);
  assert.deepEqual(
    value.native?.exemplars?.map((exemplar) => exemplar.value),
    [1, 2, 4, 8],
  );
  assert.equal(await exemplarOf(registry, 'h_bucket'), '{trace_id="4"} 8 10.3');
  clock.to(17_000);
  histogram.observe(3);
  histogram.observe(5);
  assert.equal(state.asked, 5, 'only the oldest is replaced');
});

test('NaN is never sampled', () => {
  const { source, state } = counting();
  const histogram = new Histogram({ name: 'h', help: '', exemplarSource: source, registry: null });
  histogram.observe(Number.NaN);
  assert.equal(state.asked, 0);
});

test('a sample never replaces an exemplar passed with an update', async (t) => {
  const clock = mockClock(t, 10_000);
  const registry = quietRegistry();
  const { source } = counting();
  const counter = counterIn(registry, source);
  counter.inc(1, { trace_id: 'given' });
  clock.to(20_000);
  counter.inc(2);
  assert.equal(await exemplarOf(registry), '{trace_id="given"} 1 10');
  clock.to(80_001);
  assert.equal(await exemplarOf(registry), '{trace_id="1"} 2 20', 'until that is too old to be shown');
});

const traces: readonly [what: string, labels: Record<string, string>, shown: string][] = [
  ['no trace', { user: 'x' }, '{trace_id="T",span_id="S",user="x"}'],
  ['a trace of its own', { trace_id: 'mine' }, '{trace_id="mine"}'],
  ['a span of its own', { span_id: 'mine' }, '{span_id="mine"}'],
  ['no room left', { user: 'x'.repeat(120) }, `{user="${'x'.repeat(120)}"}`],
  ['no labels at all', {}, '{trace_id="T",span_id="S"}'],
];

for (const [what, labels, shown] of traces) {
  test(`trace labels of the source and exemplars with ${what}: ${shown.slice(0, 40)}`, async (t) => {
    mockClock(t, 1_500);
    const registry = new Registry();
    counterIn(registry, () => ({ trace_id: 'T', span_id: 'S' })).inc(1, labels);
    assert.equal(await exemplarOf(registry), `${shown} 1 1.5`);
    assert.doesNotMatch(await registry.expose(), /dropped/);
  });
}

test('labels of the caller take precedence over those of the source', async () => {
  const registry = quietRegistry();
  counterIn(registry, () => ({ trace_id: 'T', user: 'source' })).inc(1, { user: 'given' });
  assert.match((await exemplarOf(registry)) ?? '', /user="given"/);
});

test('errors of a source are counted and do not fail the update', async () => {
  const registry = new Registry();
  const failing = () => {
    throw new Error('from the source');
  };
  counterIn(registry, failing).inc();
  const exposition = await registry.expose();
  assert.match(exposition, /^c_total 1$/m);
  assert.match(exposition, /^zeroprom_exemplars_dropped_total\{metric="c_total"\} 1$/m);
});

test('labels from a source are checked like those of callers', async () => {
  const registry = new Registry();
  counterIn(registry, () => ({ trace_id: 'a'.repeat(200) })).inc();
  assert.match(await registry.expose(), /^zeroprom_exemplars_dropped_total\{metric="c_total"\} 1$/m);
});
