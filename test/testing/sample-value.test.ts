import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Info, Registry, StateSet, Summary } from '../../src/index.ts';
import { sampleValue } from '../../src/testing/index.ts';
import { collectorOf, gauge } from '../registry/gauges.ts';

test('sampleValue() finds a sample in a registry by name and labels', async () => {
  const registry = new Registry();
  const requests = new Counter({ name: 'requests_total', help: '', labelNames: ['method', 'code'], registry });
  requests.inc({ method: 'GET', code: 200 }, 3);
  assert.equal(await sampleValue(registry, 'requests_total', { code: 200, method: 'GET' }), 3);
  assert.equal(await sampleValue(registry, 'requests_total', { code: '200', method: 'GET' }), 3);
});

test('a missing sample is undefined: the labels must match exactly', async () => {
  const requests = new Counter({ name: 'requests_total', help: '', labelNames: ['method', 'code'], registry: null });
  requests.inc({ method: 'GET', code: 200 });
  for (const labels of [{}, { method: 'GET' }, { method: 'GET', code: 201 }, { method: 'GET', code: 200, zone: 'a' }]) {
    assert.equal(await sampleValue(requests, 'requests_total', labels), undefined);
  }
  assert.equal(await sampleValue(requests, 'requests', { method: 'GET', code: 200 }), undefined);
});

test('a metric does not have to be registered', async () => {
  const load = new Gauge({ name: 'load', help: '', registry: null });
  load.set(0.5);
  assert.equal(await sampleValue(load, 'load'), 0.5);
});

test('samples of a histogram have their names in the text format, and buckets are cumulative', async () => {
  const seconds = new Histogram({ name: 'seconds', help: '', labelNames: ['x'], buckets: [0.5, 1], registry: null });
  for (const value of [0.1, 0.7, 5]) seconds.observe({ x: 'y' }, value);
  assert.equal(await sampleValue(seconds, 'seconds_bucket', { x: 'y', le: 0.5 }), 1);
  assert.equal(await sampleValue(seconds, 'seconds_bucket', { x: 'y', le: '1.0' }), 2);
  assert.equal(await sampleValue(seconds, 'seconds_bucket', { x: 'y', le: '+Inf' }), 3);
  assert.equal(await sampleValue(seconds, 'seconds_bucket', { x: 'y', le: Number.POSITIVE_INFINITY }), 3);
  assert.equal(await sampleValue(seconds, 'seconds_count', { x: 'y' }), 3);
  assert.equal(await sampleValue(seconds, 'seconds_sum', { x: 'y' }), 5.8);
  assert.equal(await sampleValue(seconds, 'seconds', { x: 'y' }), undefined);
});

test('summaries, infos and state sets have samples too', async () => {
  const registry = new Registry();
  new Summary({ name: 's', help: '', quantiles: [0.5], registry }).observe(2);
  new Info({ name: 'build_info', help: '', labelNames: ['version'], registry }).set({ version: '1' });
  new StateSet({ name: 'light', help: '', states: ['on', 'off'], registry }).switchTo('on');
  assert.equal(await sampleValue(registry, 's_count'), 1);
  assert.ok(Math.abs(((await sampleValue(registry, 's', { quantile: 0.5 })) ?? 0) - 2) < 0.1);
  assert.equal(await sampleValue(registry, 'build_info', { version: '1' }), 1);
  assert.equal(await sampleValue(registry, 'light', { light: 'on' }), 1);
  assert.equal(await sampleValue(registry, 'light', { light: 'off' }), 0);
});

test('a single collector can be a source, and its errors are thrown', async () => {
  assert.equal(
    await sampleValue(
      collectorOf('up', () => [gauge('up', { x: 1 }, 5)]),
      'up',
      { x: 1 },
    ),
    5,
  );
  const broken = collectorOf('broken', () => Promise.reject(new Error('broken')));
  await assert.rejects(sampleValue(broken, 'up'), new Error('broken'));
});

test('merged registries can be a source', async () => {
  const registry = new Registry();
  new Gauge({ name: 'a', help: '', registry }).set(2);
  assert.equal(await sampleValue(Registry.merge(registry), 'a'), 2);
});
