import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Summary } from '../../src/index.ts';
import { renderMetric, sampleValue } from '../../src/testing/index.ts';

function requests(): Counter<readonly ['method', 'code']> {
  return new Counter({ name: 'requests_total', help: 'Requests.', labelNames: ['method', 'code'], registry: null });
}

test('all series of a metric have the same label names', () => {
  const counter = requests();
  for (const labels of [{}, { method: 'GET' }, { method: 'GET', code: 1, zone: 'a' }, { method: 'GET', coed: 1 }]) {
    // @ts-expect-error labels are missing, too many, or misspelt
    assert.throws(() => counter.inc(labels), TypeError);
  }
});

test('without labels, calls take numbers only', async () => {
  const counter = new Counter({ name: 'plain_total', help: '', registry: null });
  counter.inc();
  assert.equal(await sampleValue(counter, 'plain_total'), 1);
});

test('a metric can have any number of labels', async () => {
  const labelNames = Array.from({ length: 40 }, (_, index) => `label_${index}`);
  const gauge = new Gauge({ name: 'wide', help: '', labelNames, registry: null });
  const labels = Object.fromEntries(labelNames.map((name, index) => [name, index]));
  gauge.set(labels, 5);
  assert.equal(await sampleValue(gauge, 'wide', labels), 5);
});

test('label names are checked', () => {
  for (const labelNames of [['__x'], [''], ['a', 'a'], ['\ud800']]) {
    assert.throws(() => new Gauge({ name: 'x', help: '', labelNames, registry: null }), RangeError);
  }
  new Gauge({ name: 'x', help: '', labelNames: ['größe'], registry: null });
});

test('labels() returns the same child for labels by position and by name', () => {
  const counter = requests();
  assert.equal(counter.labels('GET', 200), counter.labels({ code: '200', method: 'GET' }));
});

test('updates through a retained child are exposed', async () => {
  const counter = requests();
  const child = counter.labels('GET', 200);
  child.inc();
  child.inc(2);
  assert.equal(await sampleValue(counter, 'requests_total', { method: 'GET', code: 200 }), 3);
});

test('children removed by remove() and clear() are not exposed again, and new ones start at 0', async () => {
  const counter = requests();
  const [first, second] = [counter.labels('GET', 200), counter.labels('GET', 500)];
  first.inc();
  assert.equal(counter.remove('GET', 200), true);
  assert.equal(counter.remove({ method: 'GET', code: 200 }), false);
  first.inc();
  assert.equal(await sampleValue(counter, 'requests_total', { method: 'GET', code: 200 }), undefined);
  counter.labels('GET', 200);
  assert.equal(await sampleValue(counter, 'requests_total', { method: 'GET', code: 200 }), 0);
  counter.clear();
  second.inc();
  assert.equal(await renderMetric(counter), '');
});

test('a child is exposed with its initial value after a call of labels()', async () => {
  const counter = requests();
  counter.labels('GET', 200);
  assert.equal(await sampleValue(counter, 'requests_total', { method: 'GET', code: 200 }), 0);
});

test('metrics without labels are exposed before their first use, and after clear() and reset()', async () => {
  for (const metric of [
    new Counter({ name: 'a', help: '', registry: null }),
    new Gauge({ name: 'a', help: '', registry: null }),
    new Histogram({ name: 'a', help: '', registry: null }),
    new Summary({ name: 'a', help: '', registry: null }),
  ]) {
    const fresh = await renderMetric(metric);
    assert.match(fresh, / 0$/m);
    for (const act of [() => metric.clear(), () => metric.reset()]) {
      act();
      assert.equal(await renderMetric(metric), fresh);
    }
  }
});
