import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Registry, StateSet, Summary } from '../../src/index.ts';
import { ManualClock } from '../../src/scheduler/index.ts';
import type { CardinalityReport, SeriesPage } from '../../src/status-page/detail-protocol.ts';
import type { FullMessage, HistoryMessage } from '../../src/status-page/protocol.ts';
import { silent } from '../silent-logger.ts';
import { Events, read, servePage } from './page-client.ts';

test('a counter that is reset counts from zero, and a series that disappears takes nothing away', async (t) => {
  const clock = new ManualClock();
  const { url, registry } = await servePage(t, {}, { clock });
  const counter = new Counter({ name: 'a_total', help: 'Help.', labelNames: ['x'], registry });
  counter.inc({ x: '1' }, 100);
  counter.inc({ x: '2' }, 50);
  const events = new Events(t, url);
  const { families } = await events.full();
  const id = families[0]?.id ?? 0;
  const rateAfter = async (change: () => void, index: number) => {
    change();
    await clock.advance('1s');
    return (await events.changes(index)).values[id]?.rate;
  };
  assert.equal(await rateAfter(() => counter.inc({ x: '1' }, 7), 1), 7);
  assert.equal(
    await rateAfter(() => {
      counter.reset();
      counter.inc({ x: '1' }, 3);
    }, 2),
    3,
  );
  assert.equal(
    await rateAfter(() => {
      counter.remove({ x: '1' });
      counter.inc({ x: '2' }, 5);
    }, 3),
    5,
  );
});

test('a histogram has buckets, quantiles, rate and mean of the latest observations', async (t) => {
  const clock = new ManualClock();
  const { url, registry } = await servePage(t, {}, { clock });
  const classic = new Histogram({ name: 'a_seconds', help: 'Help.', buckets: [1, 2, 4], registry });
  const native = new Histogram({ name: 'b_seconds', help: 'Help.', buckets: [], native: {}, registry });
  const summary = new Summary({ name: 'c_seconds', help: 'Help.', registry });
  for (const metric of [classic, native, summary]) metric.observe(100);
  const events = new Events(t, url);
  const [a, b, c] = (await events.full()).families.map(({ id }) => id);
  for (let index = 0; index < 10; index++) for (const metric of [classic, native, summary]) metric.observe(1.5);
  await clock.advance('1s');
  const { values } = await events.changes(1);
  assert.deepEqual(values[a ?? 0], {
    series: 1,
    value: 11,
    rate: 10,
    mean: 1.5,
    quantiles: [1.5, 1.9, 1.99],
    buckets: [0, 10, 0, 0],
  });
  assert.equal(values[b ?? 0]?.buckets?.[21], 10); // From 1 to 2.
  assert.deepEqual(values[c ?? 0], { series: 1, value: 11, rate: 10, mean: 1.5 });
});

test('history has a value a second for 15 minutes, and gaps where a family was missing', async (t) => {
  const clock = new ManualClock();
  const registry = new Registry({ selfMetrics: false });
  let isShown = true;
  registry.register({
    name: 'some',
    collect: () => (isShown ? [{ name: 'b', help: 'B.', type: 'gauge' as const, points: [{ value: 4 }] }] : []),
  });
  const gauge = new Gauge({ name: 'a', help: 'A.', registry });
  const states = new StateSet({ name: 'c', help: 'C.', states: ['on', 'off'], registry });
  const { url } = await servePage(t, { registry }, { clock });
  const events = new Events(t, url);
  for (let second = 0; second < 1000; second++) {
    await events.received(second + 1);
    gauge.set(second);
    isShown = second % 2 === 0;
    if (second > 0) states.switchTo(second % 4 < 2 ? 'on' : 'off');
    await clock.advance('1s');
  }
  await events.received(1001);
  const { times, families } = await read<HistoryMessage>(url, 'history');
  assert.equal(times.length, 900);
  assert.equal((times.at(-1) ?? 0) - (times[0] ?? 0), 899_000);
  const lines = families.map(({ line, states: bands }) => line ?? bands);
  assert.deepEqual(lines[0]?.slice(-3), [997, 998, 999]);
  assert.deepEqual(lines[1]?.slice(-4), [4, null, 4, null]);
  assert.deepEqual(
    families[2]?.states?.map((band) => band.slice(-4)),
    [
      [1, 1, 0, 0],
      [0, 0, 1, 1],
    ],
  );
  const full = await read<FullMessage>(url, 'snapshot');
  assert.ok(full.cost.historyBytes > 0 && full.cost.historyBytes < 100_000, String(full.cost.historyBytes));
});

test('series are paged, with a value every ten seconds, and their exemplars', async (t) => {
  const clock = new ManualClock();
  const { url, registry } = await servePage(t, {}, { clock });
  const counter = new Counter({ name: 'a_total', help: 'Help.', labelNames: ['x'], registry });
  for (let x = 0; x < 700; x++) counter.inc({ x });
  counter.inc({ x: 1 }, 1, { trace_id: 'abc' });
  const events = new Events(t, url);
  for (let second = 1; second <= 30; second++) {
    await events.received(second);
    counter.inc({ x: 600 }, 2);
    await clock.advance('1s');
  }
  await events.received(31);
  const first = await read<SeriesPage>(url, 'family=a_total');
  assert.deepEqual([first.total, first.series.length, first.untracked], [700, 100, 0]);
  const { series } = await read<SeriesPage>(url, 'family=a_total&offset=600&limit=1');
  assert.deepEqual(series[0]?.labels, [['x', '600']]);
  assert.deepEqual([series[0]?.value, series[0]?.rate, series[0]?.line], [61, 2, [null, 2, 2, 2]]);
  assert.equal((await read<SeriesPage>(url, 'family=a_total&limit=100000')).series.length, 500);
  assert.deepEqual(first.exemplars[0]?.labels, [['trace_id', 'abc']]);
  assert.equal((await fetch(`${url}/?family=b`)).status, 404);
  assert.equal((await fetch(`${url}/?family=a_total&offset=-1`)).status, 400);
});

test('more than 10,000 series and 1,000 families are counted, but have no history', async (t) => {
  const { url, registry } = await servePage(t);
  const gauge = new Gauge({ name: 'a', help: 'Help.', labelNames: ['x'], maxSeries: 20_000, registry });
  for (let x = 0; x < 12_000; x++) gauge.set({ x }, 1);
  for (let index = 0; index < 1100; index++) new Gauge({ name: `g${index}`, help: 'Help.', registry });
  const { families, omittedFamilies, cost } = await read<FullMessage>(url, 'snapshot');
  assert.equal(families.length, 1000);
  assert.equal(omittedFamilies, 101);
  assert.deepEqual(families[0]?.values, { series: 12_000, value: 12_000 });
  assert.equal(cost.trackedSeries, 10_000);
  assert.ok(cost.historyBytes <= 16 * 1024 * 1024);
});

test('the report on cardinality has series, bytes and label values', async (t) => {
  const { url, registry } = await servePage(t);
  const gauge = new Gauge({
    name: 'big',
    help: 'Help.',
    labelNames: ['x', 'y'],
    maxSeries: 50,
    registry,
    logger: silent,
  });
  for (let x = 0; x < 60; x++) gauge.set({ x, y: 'same' }, 1);
  new Gauge({ name: 'small', help: 'Help.', registry });
  const report = await read<CardinalityReport>(url, 'cardinality');
  const text = await registry.expose();
  assert.equal(report.bytes, Buffer.byteLength(text));
  assert.deepEqual(
    report.families.map(({ name }) => name),
    ['big', 'small'],
  );
  assert.ok((report.families[0]?.overflowed ?? 0) >= 10);
  assert.deepEqual([report.labels[0]?.family, report.labels[0]?.label], ['big', 'x']);
  assert.ok((report.labels[0]?.values ?? 0) >= 50);
});
