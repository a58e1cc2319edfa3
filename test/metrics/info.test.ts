import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Info, Registry } from '../../src/index.ts';
import { mockClock } from './clock.ts';
import { quietRegistry, samples } from './exposed-samples.ts';

function infoIn(registry: Registry | null) {
  return new Info({ name: 'build', help: 'Help.', labelNames: ['version', 'branch'], registry });
}

test('an info is a series of 1 whose name ends in _info', async () => {
  const registry = new Registry();
  infoIn(registry).set({ version: '1.0', branch: 'main' });
  assert.match(await registry.expose(), /^# TYPE build_info gauge\nbuild_info\{version="1.0",branch="main"\} 1$/m);
});

test('a name that ends in _info is not changed', () => {
  assert.equal(new Info({ name: 'build_info', help: '', registry: null }).name, 'build_info');
});

test('set() replaces all series', async () => {
  const registry = quietRegistry();
  const info = infoIn(registry);
  info.set({ version: '1.0', branch: 'main' });
  info.set({ version: '2.0', branch: 'main' });
  assert.deepEqual(await samples(registry), ['build_info{version="2.0",branch="main"} 1']);
});

test('add() adds a series', async () => {
  const registry = quietRegistry();
  const info = infoIn(registry);
  info.add({ version: '1.0', branch: 'main' });
  info.add({ version: '1.0', branch: 'main' });
  info.add({ version: '2.0', branch: 'main' });
  assert.equal((await samples(registry)).length, 2);
});

test('replace() changes nothing if one of the rows is invalid', async () => {
  const registry = quietRegistry();
  const info = infoIn(registry);
  info.set({ version: '1.0', branch: 'main' });
  // @ts-expect-error the second has no branch
  assert.throws(() => info.replace([{ version: '2.0', branch: 'main' }, { version: '3.0' }]), TypeError);
  assert.deepEqual(await samples(registry), ['build_info{version="1.0",branch="main"} 1']);
});

test('an info with only constant labels exists from the start', async () => {
  const registry = quietRegistry();
  new Info({ name: 'build', help: '', constLabels: { version: '1.0' }, registry });
  assert.deepEqual(await samples(registry), ['build_info{version="1.0"} 1']);
});

test('set() and add() keep existing series from expiring', async (t) => {
  const clock = mockClock(t, 0);
  const registry = quietRegistry();
  const info = new Info({ name: 'build', help: '', labelNames: ['x'], ttlMs: 1000, registry });
  info.add({ x: 'idle' });
  info.add({ x: 'told' });
  clock.to(900);
  info.add({ x: 'told' });
  clock.to(1500);
  assert.deepEqual(await samples(registry), ['build_info{x="told"} 1']);
  clock.to(2400);
  info.set({ x: 'told' });
  clock.to(3000);
  assert.deepEqual(await samples(registry), ['build_info{x="told"} 1']);
});

test('an info has no unit', () => {
  // @ts-expect-error wrong on purpose
  assert.throws(() => new Info({ name: 'build', help: '', unit: 'bytes', registry: null }), {
    name: 'TypeError',
    message: 'build: a metric of type info cannot have a unit, got bytes.',
  });
});

test('labels() also adds a series, and remove() removes it', async () => {
  const registry = quietRegistry();
  const info = infoIn(registry);
  assert.equal(info.labels('1.0', 'main'), info.labels({ version: '1.0', branch: 'main' }));
  assert.deepEqual(await samples(registry), ['build_info{version="1.0",branch="main"} 1']);
  assert.equal(info.remove('1.0', 'main'), true);
  assert.deepEqual(await samples(registry), []);
});
