import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMetrics, protobuf } from '../../src/exposition/index.ts';
import * as zeroprom from '../../src/index.ts';
import {
  Counter,
  CounterChild,
  defaultRegistry,
  Gauge,
  GaugeChild,
  Histogram,
  HistogramChild,
  Registry,
  Summary,
  SummaryChild,
} from '../../src/index.ts';
import { type LabelSet, labelPairs } from '../../src/model/index.ts';
import { renderMetric, sampleValue } from '../../src/testing/index.ts';
import { gauge } from '../registry/gauges.ts';

test('one registry feeds every format, with the same families', async () => {
  const registry = new Registry({ selfMetrics: false });
  registry.register({ collect: () => [gauge('a', { x: 'y' }, 5), gauge('b')] });
  const { encodeGathering } = await import('../../src/exposition/index.ts');
  const gathering = await registry.gather();
  for (const format of [undefined, openMetrics, protobuf]) {
    const shown = encodeGathering(gathering, format).toString('latin1');
    for (const part of ['a', 'x', 'y', 'b']) assert.ok(shown.includes(part));
  }
  assert.deepEqual(
    (await registry.snapshot()).map(({ name }) => name),
    ['a', 'b'],
  );
});

test('a histogram is consistent in every scrape while it is observed', async () => {
  const registry = new Registry({ selfMetrics: false });
  const histogram = new Histogram({ name: 'seconds', help: '', labelNames: ['x'], buckets: [1, 2], registry });
  for (let x = 0; x < 1500; x++) histogram.observe({ x }, 0.5);
  const counts = new Map<string, number>();
  const buckets = new Map<string, number>();
  const encoder = {
    family: () => {},
    histogram: ({ labels }: { labels: LabelSet }, value: { count: number; bucketCounts: ArrayLike<number> }) => {
      const key = labelPairs(labels)[0]?.[1] ?? '';
      counts.set(key, value.count);
      buckets.set(
        key,
        Array.from(value.bucketCounts).reduce((sum, count) => sum + count, 0),
      );
    },
  };
  // @ts-expect-error a partial encoder with the methods for histograms
  for (const _ of (await registry.gather()).steps(encoder))
    for (let x = 0; x < 1500; x++) histogram.observe({ x }, x % 3);
  assert.equal(counts.size, 1500);
  assert.deepEqual(counts, buckets);
});

test('methods have the names of the guidelines', () => {
  const methods: readonly [object, readonly string[]][] = [
    [Counter.prototype, ['inc', 'labels', 'remove', 'clear']],
    [CounterChild.prototype, ['inc']],
    [Gauge.prototype, ['inc', 'dec', 'set', 'setToCurrentTime', 'startTimer', 'labels', 'remove', 'clear']],
    [GaugeChild.prototype, ['inc', 'dec', 'set', 'setToCurrentTime', 'startTimer']],
    [Histogram.prototype, ['observe', 'startTimer', 'time', 'labels', 'remove', 'clear']],
    [HistogramChild.prototype, ['observe', 'startTimer', 'time']],
    [Summary.prototype, ['observe', 'startTimer', 'time', 'labels', 'remove', 'clear']],
    [SummaryChild.prototype, ['observe', 'startTimer', 'time']],
    [Registry.prototype, ['register', 'unregister']],
  ];
  for (const [prototype, names] of methods) {
    for (const name of names) assert.equal(typeof Reflect.get(prototype, name), 'function', name);
  }
});

test('reset() sets series to zero and removes none', async () => {
  const counter = new Counter({ name: 'a_total', help: '', labelNames: ['x'], registry: null });
  const child = counter.labels('y');
  child.inc(3);
  counter.reset();
  assert.equal(await sampleValue(counter, 'a_total', { x: 'y' }), 0);
  child.inc();
  assert.equal(await sampleValue(counter, 'a_total', { x: 'y' }), 1);
});

test('counters without labels, timers, gauges and batch jobs need one or two lines', async () => {
  const done = new Counter({ name: 'done_total', help: 'Done.', registry: null });
  done.inc();
  const seconds = new Histogram({ name: 'job_seconds', help: 'Seconds.', registry: null });
  seconds.time(() => {});
  const waiting = new Gauge({ name: 'waiting', help: 'Waiting.', registry: null });
  waiting.set(5);
  const lastSuccess = new Gauge({ name: 'last_success_timestamp_seconds', help: 'When.', registry: null });
  lastSuccess.setToCurrentTime();
  for (const metric of [done, seconds, waiting, lastSuccess]) assert.notEqual(await renderMetric(metric), '');
});

test('counters, gauges, summaries and histograms exist', () => {
  for (const type of ['Counter', 'Gauge', 'Summary', 'Histogram'])
    assert.equal(typeof Reflect.get(zeroprom, type), 'function');
});

test('a metric that is a constant of a module is exposed without another call', async (t) => {
  const counter = new Counter({ name: 'constant_total', help: '' });
  t.after(() => defaultRegistry.unregister(counter));
  counter.inc();
  assert.match(await defaultRegistry.expose(), /^constant_total 1$/m);
});

test('a metric with registry: null is not in the default registry', async () => {
  new Counter({ name: 'outside_total', help: '', registry: null });
  new Counter({ name: 'elsewhere_total', help: '', registry: new Registry() });
  assert.doesNotMatch(await defaultRegistry.expose(), /outside|elsewhere/);
});

test('a custom collector can be registered in the default registry and unregistered', async () => {
  const collector = { collect: () => [gauge('custom')] };
  defaultRegistry.register(collector);
  assert.match(await defaultRegistry.expose(), /^custom 1$/m);
  assert.equal(defaultRegistry.unregister(collector), true);
  assert.doesNotMatch(await defaultRegistry.expose(), /custom/);
});

test('a custom collector can be in several registries', async () => {
  const collector = { collect: () => [gauge('custom')] };
  for (const registry of [new Registry(), new Registry()]) {
    registry.register(collector);
    assert.equal(await sampleValue(registry, 'custom'), 1);
  }
});

test('two scrapes of the same values have equal bytes', async () => {
  const registry = new Registry({ selfMetrics: false });
  const metric = new Gauge({ name: 'b', help: '', labelNames: ['x'], registry });
  for (const x of [3, 1, 2]) metric.set({ x }, x);
  new Histogram({ name: 'a', help: '', registry }).observe(1);
  registry.register({ collect: async () => [gauge('c')] });
  assert.equal(await registry.expose(), await registry.expose());
});
