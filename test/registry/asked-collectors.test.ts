import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Gathering, Gauge, Registry } from '../../src/index.ts';

function namesOf({ entries }: Gathering): string[] {
  return entries.map((entry) => ('descriptor' in entry ? entry.descriptor.name : entry.name));
}

test('collect and exclude select collectors', async () => {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'direct', help: 'Help.', registry }).set(1);
  const asked: string[] = [];
  for (const name of ['cpu', 'disk']) {
    const collect = () => {
      asked.push(name);
      return [{ name, help: 'Help.', type: 'gauge' as const, points: [{ value: 1 }] }];
    };
    registry.register({ name, collect });
  }
  assert.deepEqual(registry.collectorNames, ['cpu', 'disk']);
  assert.deepEqual(namesOf(await registry.gather({ collect: ['disk'] })), ['disk']);
  assert.deepEqual(namesOf(await registry.gather({ exclude: ['disk'] })), ['cpu', 'direct']);
  assert.deepEqual(asked, ['disk', 'cpu']);
});

test('merged registries know the collectors of all', () => {
  const registry = new Registry();
  registry.register({ name: 'cpu', collect: () => [] });
  assert.deepEqual(Registry.merge(registry, registry, new Registry()).collectorNames, ['cpu']);
});
