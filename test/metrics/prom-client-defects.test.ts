/** Correct behavior in cases that prom-client gets wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMetrics, text } from '../../src/exposition/index.ts';
import { Counter, Gauge, Histogram, Summary } from '../../src/index.ts';
import { openMetricsSamples, quietRegistry, samples } from './exposed-samples.ts';

const options = { name: 'a_total', help: 'Help.' };

test('labels that look the same when joined are different series', async () => {
  const registry = quietRegistry();
  const counter = new Counter({ ...options, labelNames: ['x', 'y'], registry });
  counter.inc({ x: 'p|', y: 'q' });
  counter.inc({ x: 'p', y: '|q' });
  assert.deepEqual(await samples(registry), ['a_total{x="p|",y="q"} 1', 'a_total{x="p",y="|q"} 1']);
});

test('an incomplete set of labels is an error', async () => {
  const registry = quietRegistry();
  const counter = new Counter({ ...options, labelNames: ['x', 'y'], registry });
  // @ts-expect-error y is missing
  assert.throws(() => counter.inc({ x: '1' }), new TypeError('a_total: label y is missing.'));
  counter.inc({ x: '1', y: '' });
  assert.deepEqual(await samples(registry), ['a_total{x="1",y=""} 1']);
});

test('a counter refuses NaN and keeps its value', async () => {
  const registry = quietRegistry();
  const counter = new Counter({ ...options, registry });
  counter.inc(3);
  assert.throws(() => counter.inc(Number.NaN), RangeError);
  assert.deepEqual(await samples(registry), ['a_total 3']);
});

test('a gauge of NaN is shown as NaN', async () => {
  const registry = quietRegistry();
  new Gauge({ name: 'a', help: '', registry }).set(Number.NaN);
  assert.deepEqual(await samples(registry), ['a NaN']);
});

test('a histogram without labels is still there after reset(), at zero', async () => {
  const registry = quietRegistry();
  const histogram = new Histogram({ name: 'a', help: '', buckets: [1], registry });
  histogram.observe(0.5);
  histogram.reset();
  assert.deepEqual(await samples(registry), ['a_bucket{le="1"} 0', 'a_bucket{le="+Inf"} 0', 'a_sum 0', 'a_count 0']);
});

test('encoding a counter as OpenMetrics does not change it', async () => {
  const registry = quietRegistry();
  const counter = new Counter({ ...options, registry });
  counter.inc();
  const before = await registry.expose(text);
  assert.match(await registry.expose(openMetrics), /^# TYPE a counter\na_total 1$/m);
  assert.equal(await registry.expose(text), before);
  assert.equal(counter.name, 'a_total');
});

test('le is a float with a decimal point in OpenMetrics', async () => {
  const registry = quietRegistry();
  new Histogram({ name: 'a', help: '', buckets: [1], registry });
  assert.equal((await openMetricsSamples(registry))[0], 'a_bucket{le="1.0"} 0');
});

test('a metric that fails to update does not affect the others', async () => {
  const registry = quietRegistry();
  const collect = () => {
    throw new Error('no answer');
  };
  new Gauge({ name: 'failing', help: '', collect, registry });
  new Gauge({ name: 'working', help: '', registry });
  assert.deepEqual(await samples(registry), ['working 0']);
  assert.deepEqual((await registry.gather()).failures, [{ collector: 'failing', error: new Error('no answer') }]);
});

test('a gauge cannot have the name of a sample of a histogram', () => {
  const registry = quietRegistry();
  new Histogram({ name: 'x', help: '', registry });
  assert.throws(() => new Gauge({ name: 'x_count', help: '', registry }), /x_count cannot stand beside x/);
});

test('buckets out of order are refused, and +Inf appears once', async () => {
  const registry = quietRegistry();
  assert.throws(() => new Histogram({ name: 'a', help: '', buckets: [5, 1, 3], registry }), RangeError);
  new Histogram({ name: 'a', help: '', buckets: [1, Number.POSITIVE_INFINITY], registry });
  assert.deepEqual((await samples(registry)).slice(0, 2), ['a_bucket{le="1"} 0', 'a_bucket{le="+Inf"} 0']);
});

test('labels that begin with __, and values that are null or undefined, are refused', () => {
  assert.throws(() => new Counter({ ...options, labelNames: ['__x'], registry: null }), RangeError);
  const counter = new Counter({ ...options, labelNames: ['x'], registry: null });
  for (const x of [null, undefined]) {
    // @ts-expect-error wrong on purpose
    assert.throws(() => counter.inc({ x }), TypeError);
    // @ts-expect-error wrong on purpose
    assert.throws(() => counter.labels({ x }), TypeError);
  }
});

test('a summary has no quantiles by default', async () => {
  const registry = quietRegistry();
  new Summary({ name: 'a', help: '', registry });
  assert.deepEqual(await samples(registry), ['a_sum 0', 'a_count 0']);
});

test('observing NaN does not throw: it is counted in no bucket', async () => {
  const registry = quietRegistry();
  new Histogram({ name: 'a', help: '', buckets: [1], registry }).observe(Number.NaN);
  const [first, , sum, count] = await samples(registry);
  assert.deepEqual([first, sum, count], ['a_bucket{le="1"} 0', 'a_sum NaN', 'a_count 1']);
});

test('a child takes exemplars, of up to 128 code points', async () => {
  const registry = quietRegistry();
  const child = new Histogram({ name: 'a', help: '', labelNames: ['x'], buckets: [], registry }).labels('1');
  child.observe(1, { id: '😀'.repeat(126) });
  assert.match((await openMetricsSamples(registry))[0] ?? '', /# \{id="(?:😀){126}"\} 1 /u);
  child.observe(2, { id: '😀'.repeat(127) });
  assert.match((await openMetricsSamples(registry))[0] ?? '', /^a_bucket\{x="1",le="\+Inf"\} 2 # .*\} 1 /u);
});

test('the exemplar of a counter has the added value', async () => {
  const registry = quietRegistry();
  const counter = new Counter({ ...options, registry });
  counter.inc(100);
  counter.inc(3, { trace_id: 'a' });
  assert.match((await openMetricsSamples(registry))[0] ?? '', /^a_total 103 # \{trace_id="a"\} 3 /);
});
