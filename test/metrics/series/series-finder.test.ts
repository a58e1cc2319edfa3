import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Registry } from '../../../src/index.ts';
import { mockClock } from '../clock.ts';
import { quietRegistry, samples } from '../exposed-samples.ts';

interface Warning {
  readonly message: string;
  readonly fields: unknown;
}

function limitedIn(registry: Registry | null, maxSeries = 2) {
  const warnings: Warning[] = [];
  const logger = { warn: (message: string, fields?: unknown) => void warnings.push({ message, fields }) };
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x', 'y'], maxSeries, logger, registry });
  return { counter, warnings };
}

const OVERFLOW = 'c_total{x="__overflow__",y="__overflow__"}';

test('updates beyond maxSeries are counted together, so the total remains correct', async () => {
  const registry = quietRegistry();
  const { counter } = limitedIn(registry);
  for (let x = 0; x < 5; x++) counter.inc({ x, y: 'a' }, 10);
  counter.inc({ x: 1, y: 'a' });
  assert.deepEqual(await samples(registry), ['c_total{x="0",y="a"} 10', 'c_total{x="1",y="a"} 11', `${OVERFLOW} 30`]);
});

test('labels() beyond maxSeries returns one shared child without an error', async () => {
  const registry = quietRegistry();
  const { counter } = limitedIn(registry);
  for (let x = 0; x < 2; x++) counter.labels(x, 'a');
  assert.equal(counter.labels(2, 'a'), counter.labels(3, 'b'));
  counter.labels(4, 'c').inc(7);
  assert.equal((await samples(registry))[2], `${OVERFLOW} 7`);
});

test('the warning is logged once, even if the overflow series is removed and created again', () => {
  const { counter, warnings } = limitedIn(null);
  for (let x = 0; x < 5; x++) counter.inc({ x, y: 'a' });
  counter.clear();
  for (let x = 0; x < 5; x++) counter.inc({ x, y: 'a' });
  const message =
    'c_total has reached its maxSeries of 2: updates of further series go to one with __overflow__ as the value of each label.';
  assert.deepEqual(warnings, [{ message, fields: { metric: 'c_total', maxSeries: 2 } }]);
});

test('without a logger, the warning is a process warning', async (t) => {
  const emitted = t.mock.method(process, 'emitWarning', () => {});
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x'], maxSeries: 1, registry: null });
  for (let x = 0; x < 5; x++) counter.inc({ x });
  assert.equal(emitted.mock.callCount(), 1);
  const [message, options] = emitted.mock.calls[0]?.arguments ?? [];
  assert.match(String(message), /^c_total has reached its maxSeries of 1:/);
  assert.deepEqual(options, { type: 'ZeropromWarning', code: 'MAX_SERIES' });
});

test('updates that went to the overflow series are counted by metric', async () => {
  const registry = new Registry();
  const { counter } = limitedIn(registry);
  new Gauge({ name: 'g', help: '', labelNames: ['x'], registry }).set({ x: 1 }, 1);
  for (let x = 0; x < 5; x++) for (let times = 0; times < 3; times++) counter.inc({ x, y: 'a' });
  assert.deepEqual(
    (await samples(registry)).filter((line) => line.startsWith('zeroprom_')),
    ['zeroprom_series_dropped_total{metric="c_total"} 9'],
  );
});

test('a removed series makes room for another', async () => {
  const registry = quietRegistry();
  const { counter } = limitedIn(registry);
  for (let x = 0; x < 3; x++) counter.inc({ x, y: 'a' });
  counter.remove(0, 'a');
  counter.inc({ x: 7, y: 'a' });
  counter.inc({ x: 8, y: 'a' });
  assert.deepEqual(await samples(registry), ['c_total{x="1",y="a"} 1', `${OVERFLOW} 2`, 'c_total{x="7",y="a"} 1']);
});

test('the default limit is 10,000 series', async () => {
  const registry = quietRegistry();
  const logger = { warn: () => {} };
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x'], logger, registry });
  for (let x = 0; x < 10_002; x++) counter.inc({ x });
  const lines = await samples(registry);
  assert.equal(lines.length, 10_001);
  assert.equal(lines.at(-1), 'c_total{x="__overflow__"} 2');
});

test('invalid values are refused beyond the limit, too', () => {
  const { counter } = limitedIn(null, 1);
  counter.inc({ x: 1, y: 1 });
  // @ts-expect-error wrong on purpose
  assert.throws(() => counter.inc({ x: 2, y: null }), TypeError);
});

function normalizedIn(registry: Registry | null) {
  return new Counter({
    name: 'c_total',
    help: '',
    labelNames: { method: ['GET', 'POST', 'other'], code: Number },
    normalize: {
      method: (text) => (['GET', 'POST'].includes(text.toUpperCase()) ? text.toUpperCase() : 'other'),
    },
    registry,
  });
}

test('labels are normalized in every call', async () => {
  const registry = quietRegistry();
  const counter = normalizedIn(registry);
  const labels = (method: string) => ({ method, code: 200 }) as { method: 'GET'; code: number };
  for (const method of ['GET', 'get', 'Get', 'PROPFIND', 'anything']) counter.inc(labels(method));
  assert.equal(counter.labels(labels('get')), counter.labels(labels('GET')));
  assert.deepEqual(await samples(registry), [
    'c_total{method="GET",code="200"} 3',
    'c_total{method="other",code="200"} 2',
  ]);
  assert.equal(counter.remove(labels('TRACE')), true);
  assert.equal(counter.removeMatching({ method: labels('get').method }), 1);
  assert.deepEqual(await samples(registry), []);
});

test('a normalizer must return a string, number or boolean', async () => {
  const registry = quietRegistry();
  const make = (normalizer: () => unknown) =>
    new Counter({
      name: 'c_total',
      help: '',
      labelNames: ['x'],
      // @ts-expect-error wrong on purpose
      normalize: { x: normalizer },
      registry: null,
    });
  assert.throws(() => make(() => undefined).inc({ x: 1 }), {
    name: 'TypeError',
    message: 'c_total: label x must be a string, number or boolean, got undefined.',
  });
  assert.deepEqual(await samples(registry), []);
});

test('the next scrape drops and counts a series that was not updated for ttlMs', async (t) => {
  const clock = mockClock(t, 0);
  const registry = new Registry();
  const histogram = new Histogram({ name: 'h', help: '', labelNames: ['x'], buckets: [], ttlMs: 1000, registry });
  const shown = async () => (await samples(registry)).filter((line) => /^h_count|^zeroprom/.test(line));
  histogram.observe({ x: 'a' }, 1);
  histogram.observe({ x: 'b' }, 1);
  clock.to(1000);
  assert.equal((await shown()).length, 2);
  histogram.labels('b').observe(1);
  clock.to(1001);
  assert.deepEqual(await shown(), ['h_count{x="b"} 2', 'zeroprom_series_expired_total{metric="h"} 1']);
  clock.to(2001);
  assert.deepEqual(await shown(), ['zeroprom_series_expired_total{metric="h"} 2']);
});

const updates: readonly [what: string, update: (gauge: Gauge<readonly ['x']>) => void][] = [
  ['set()', (gauge) => gauge.set({ x: 'a' }, 1)],
  ['inc()', (gauge) => gauge.inc({ x: 'a' })],
  ['dec()', (gauge) => gauge.labels('a').dec()],
  ['replace()', (gauge) => gauge.replace([[{ x: 'a' }, 1]])],
];

for (const [what, update] of updates) {
  test(`${what} prevents a series from becoming idle`, async (t) => {
    const clock = mockClock(t, 0);
    const registry = quietRegistry();
    const gauge = new Gauge({ name: 'g', help: '', labelNames: ['x'], ttlMs: 1000, registry });
    gauge.set({ x: 'a' }, 1);
    clock.to(900);
    update(gauge);
    clock.to(1900);
    assert.equal((await samples(registry)).length, 1);
  });
}

test('the child of a dropped series does not affect the new series, which starts at zero', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['x'], ttlMs: 1000, registry });
  const old = counter.labels('a');
  old.inc(5);
  clock.to(5000);
  assert.deepEqual(await samples(registry), []);
  old.inc(5);
  assert.deepEqual(await samples(registry), []);
  counter.inc({ x: 'a' });
  old.inc(5);
  assert.deepEqual(await samples(registry), ['c_total{x="a"} 1']);
});

test('a metric without labels is never idle', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  new Counter({ name: 'c_total', help: '', ttlMs: 1, registry }).inc();
  clock.to(1e9);
  assert.deepEqual(await samples(registry), ['c_total 1']);
});
