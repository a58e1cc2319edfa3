import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readSnapshot } from '../../src/exposition/index.ts';
import { Counter, Gauge, Histogram, Info, type MetricFamily, Registry, StateSet, Summary } from '../../src/index.ts';
import { families } from '../exposition/arbitrary-families.ts';
import { collectorOf, failures } from './gauges.ts';

function registryOf(collect: () => readonly MetricFamily[]): Registry {
  const registry = new Registry({ selfMetrics: false });
  registry.register(collectorOf('families', collect));
  return registry;
}

function allTypes(): Registry {
  const registry = new Registry({ selfMetrics: false });
  new Counter({ name: 'a_total', help: 'A.', labelNames: ['x'], registry }).inc({ x: 'y' }, 2, { trace_id: 't' });
  new Gauge({ name: 'b', help: 'B.', unit: 'ratio', registry }).set(Number.NaN);
  new Histogram({ name: 'c', help: 'C.', buckets: [1, 2], registry }).observe(1.5, { trace_id: 't' });
  new Histogram({ name: 'd', help: 'D.', native: {}, registry }).observe(1.5);
  new Summary({ name: 'e', help: 'E.', quantiles: [0.5], registry }).observe(1);
  new Info({ name: 'f', help: 'F.', labelNames: ['x'], registry }).set({ x: 'y' });
  new StateSet({ name: 'g', help: 'G.', states: ['on', 'off'], registry }).switchTo('on');
  return registry;
}

test('a snapshot is plain data that survives JSON', async () => {
  const snapshot = await allTypes().snapshot();
  assert.deepEqual(JSON.parse(JSON.stringify(snapshot)), snapshot);
  assert.deepEqual(
    snapshot.map(({ name, type }) => `${name} ${type}`),
    ['a_total counter', 'b_ratio gauge', 'c histogram', 'd histogram', 'e summary', 'f_info info', 'g stateset'],
  );
});

test('a snapshot does not change later', async () => {
  const registry = new Registry({ selfMetrics: false });
  const gauge = new Gauge({ name: 'a', help: '', registry });
  const snapshot = await registry.snapshot();
  gauge.set(5);
  assert.deepEqual(snapshot, [{ name: 'a', help: '', type: 'gauge', points: [{ value: 0 }] }]);
});

test('families of a snapshot, served again by a collector, are the same exposition', async () => {
  const registry = allTypes();
  const received = JSON.stringify(await registry.snapshot());
  const again = registryOf(() => readSnapshot(JSON.parse(received)));
  assert.equal(await again.expose(), await registry.expose());
  assert.deepEqual(await again.snapshot(), JSON.parse(received));
  assert.deepEqual(await failures(again), []);
});

test('a snapshot that is sent as JSON and served again gives the same snapshot', async () => {
  await fc.assert(
    fc.asyncProperty(families, async (made) => {
      const snapshot = await registryOf(() => made).snapshot();
      const again = registryOf(() => readSnapshot(JSON.parse(JSON.stringify(snapshot))));
      assert.deepEqual(await failures(again), []);
      assert.deepEqual(await again.snapshot(), snapshot);
      const shown = made.filter(({ points }) => [...points].length > 0).map(({ name }) => name);
      assert.deepEqual(snapshot.map(({ name }) => name).sort(), shown.sort());
    }),
    { numRuns: 200 },
  );
});

test('a snapshot leaves out data that cannot be exposed', async () => {
  const registry = registryOf(() => [
    { name: 'a', help: '', type: 'gauge', points: [{ labels: { __name__: 'x' }, value: 1 }, { value: 2 }] },
  ]);
  assert.deepEqual(await registry.snapshot(), [{ name: 'a', help: '', type: 'gauge', points: [{ value: 2 }] }]);
});
