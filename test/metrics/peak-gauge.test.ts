import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gauge, PeakGauge, Registry } from '../../src/index.ts';
import { mockClock } from './clock.ts';
import { quietRegistry, samples } from './exposed-samples.ts';

test('a peak gauge shows the largest value of the window to every scraper, and NaN at rest', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const peak = new PeakGauge({ name: 'lag', help: '', maxAgeMs: 60_000, ageBuckets: 6, registry });
  assert.deepEqual(await samples(registry), ['lag NaN']);
  peak.observe(5);
  peak.observe(9);
  peak.observe(7);
  assert.deepEqual(await samples(registry), ['lag 9']);
  assert.deepEqual(await samples(registry), ['lag 9']);
  clock.to(30_000);
  peak.observe(4);
  clock.to(60_000);
  assert.deepEqual(await samples(registry), ['lag 4']);
  clock.to(90_000);
  assert.deepEqual(await samples(registry), ['lag NaN']);
});

test('labels are passed with the call, or once for a child', async () => {
  const registry = quietRegistry();
  const peak = new PeakGauge({ name: 'lag', help: '', labelNames: ['x'], registry });
  peak.observe({ x: 'a' }, 1);
  peak.labels('a').observe(3);
  peak.curry({ x: 'b' }).observe(2);
  assert.deepEqual(await samples(registry), ['lag{x="a"} 3', 'lag{x="b"} 2']);
  peak.reset();
  assert.deepEqual(await samples(registry), ['lag{x="a"} NaN', 'lag{x="b"} NaN']);
});

test('anything except a number is refused', () => {
  const peak = new PeakGauge({ name: 'lag', help: '', registry: null });
  // @ts-expect-error wrong on purpose
  assert.throws(() => peak.observe('5'), new TypeError('Gauge lag takes a number, got string.'));
});

test('getOrCreate() distinguishes a peak gauge from a gauge and from one with another window', () => {
  const registry = new Registry();
  const options = { name: 'lag', help: '', registry };
  new Gauge(options);
  assert.throws(() => registry.getOrCreate(PeakGauge, options), /with different isPeak \(none, not true\)/);
  registry.clear();
  const peak = registry.getOrCreate(PeakGauge, options);
  assert.equal(registry.getOrCreate(PeakGauge, options), peak);
  assert.throws(
    () => registry.getOrCreate(PeakGauge, { ...options, maxAgeMs: 5 }),
    /with different maxAgeMs \(600000, not 5\)/,
  );
});
