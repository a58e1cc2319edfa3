import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, type Gatherer, Gauge, Histogram, Registry } from '../../src/index.ts';
import { collectorOf, failures, gauge, samples } from './gauges.ts';

function registryWith(name: string, labels: Readonly<Record<string, number>>): Registry {
  const registry = new Registry({ selfMetrics: false });
  const metric = new Gauge({ name, help: 'Help.', labelNames: ['x'], registry });
  for (const [x, value] of Object.entries(labels)) metric.set({ x }, value);
  return registry;
}

test('merged registries expose the families of all, sorted by name', async () => {
  const merged = Registry.merge(registryWith('b', { p: 1 }), registryWith('c', { p: 2 }), registryWith('a', { p: 3 }));
  assert.deepEqual(await samples(merged), ['a{x="p"} 3', 'b{x="p"} 1', 'c{x="p"} 2']);
});

test('a family of several registries is one family, and the first of equal series is used', async () => {
  const merged = Registry.merge(registryWith('a', { p: 1, q: 2 }), registryWith('a', { q: 3, r: 4 }));
  assert.equal(await merged.expose(), '# HELP a Help.\n# TYPE a gauge\na{x="p"} 1\na{x="q"} 2\na{x="r"} 4\n');
});

test('merged histograms remain complete', async () => {
  const [one, other] = [1, 2].map((x) => {
    const registry = new Registry({ selfMetrics: false });
    new Histogram({ name: 'a', help: '', labelNames: ['x'], buckets: [1], registry }).observe({ x }, x);
    return registry;
  });
  assert.deepEqual(await samples(Registry.merge(one!, other!, one!)), [
    'a_bucket{x="1",le="1"} 1',
    'a_bucket{x="1",le="+Inf"} 1',
    'a_sum{x="1"} 1',
    'a_count{x="1"} 1',
    'a_bucket{x="2",le="1"} 0',
    'a_bucket{x="2",le="+Inf"} 1',
    'a_sum{x="2"} 2',
    'a_count{x="2"} 1',
  ]);
});

test('metrics and families of collectors are merged alike', async () => {
  const other = new Registry({ selfMetrics: false });
  other.register(collectorOf('other', () => [gauge('a', { x: 'q' }, 2)]));
  assert.deepEqual(await samples(Registry.merge(registryWith('a', { p: 1 }), other)), ['a{x="p"} 1', 'a{x="q"} 2']);
});

const differing: readonly [what: string, (registry: Registry) => unknown][] = [
  ['type', (registry) => new Counter({ name: 'a', help: 'Help.', registry })],
  ['help', (registry) => new Gauge({ name: 'a', help: 'Other.', registry })],
  ['unit', (registry) => registry.register(collectorOf('other', () => [{ ...gauge('a'), unit: 'seconds' }]))],
];

for (const [what, make] of differing) {
  test(`a family that differs in ${what} from one before it is left out and reported`, async () => {
    const other = new Registry({ selfMetrics: false });
    make(other);
    new Gauge({ name: 'b', help: '', registry: other });
    const merged = Registry.merge(registryWith('a', { p: 1 }), other);
    assert.deepEqual(await samples(merged), ['a{x="p"} 1', 'b 0']);
    assert.deepEqual(await failures(merged), [
      'a: a differs in type, help or unit from an earlier family with this name.',
    ]);
  });
}

test("a family with the name of another's samples is left out and reported", async () => {
  const one = new Registry({ selfMetrics: false });
  new Histogram({ name: 'a', help: '', buckets: [1], registry: one });
  const merged = Registry.merge(one, registryWith('a_count', { p: 1 }));
  assert.deepEqual(await failures(merged), [
    'a_count: a_count cannot stand beside a: both would be shown as a_count. Rename one of them.',
  ]);
  assert.equal((await samples(merged)).length, 4);
});

test('failures of all are reported, and one that rejects as a whole is left out', async () => {
  const one = new Registry({ selfMetrics: false });
  one.register(collectorOf('bad', () => Promise.reject(new Error('broken'))));
  const rejecting: Gatherer = { gather: () => Promise.reject(new Error('no registry')) };
  const throwing: Gatherer = {
    gather: () => {
      throw new Error('none either');
    },
  };
  const merged = Registry.merge(one, rejecting, throwing, registryWith('a', { p: 1 }));
  assert.deepEqual(await failures(merged), ['bad: broken', 'registry: no registry', 'registry: none either']);
  assert.deepEqual(await samples(merged), ['a{x="p"} 1']);
});

test('merged registries can be merged, filtered and limited to some collectors', async () => {
  const one = registryWith('a', { p: 1 });
  one.register(collectorOf('b', () => [gauge('b')]));
  const merged = Registry.merge(Registry.merge(one), registryWith('c', { p: 1 }));
  assert.deepEqual(merged.collectorNames, ['b']);
  assert.equal((await merged.gather({ names: ['a', 'b'] })).entries.length, 2);
  assert.equal((await merged.gather({ collect: ['b'] })).entries.length, 1);
  assert.equal((await merged.gather({ exclude: ['b'] })).entries.length, 2);
  assert.equal((await merged.snapshot()).length, 3);
});

test('metrics registered after merging are exposed too', async () => {
  const registry = new Registry({ selfMetrics: false });
  const merged = Registry.merge(registry);
  new Gauge({ name: 'late', help: '', registry });
  assert.deepEqual(await samples(merged), ['late 0']);
});
