import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Registry } from '../../src/index.ts';
import { collectorOf, failures, gauge, samples } from './gauges.ts';

/** The metrics of a registry about itself. Durations are replaced, because they differ between runs. */
async function told(registry: Registry): Promise<string[]> {
  return (await samples(registry))
    .filter((line) => line.startsWith('zeroprom_'))
    .map((line) => line.replace(/(duration_seconds\{.*\}) [\d.e-]+$/, '$1 seconds'));
}

test('a registry without collectors exposes no metrics about itself', async () => {
  const registry = new Registry();
  new Gauge({ name: 'a', help: '', registry });
  assert.deepEqual(await told(registry), []);
});

test('success, duration and errors of each collector are exposed', async () => {
  const registry = new Registry();
  let isBroken = false;
  registry.register(collectorOf('flaky', () => (isBroken ? undefined : [gauge('a')])));
  registry.register(collectorOf('sound', () => []));
  assert.deepEqual(await told(registry), [
    'zeroprom_collector_duration_seconds{collector="flaky"} seconds',
    'zeroprom_collector_duration_seconds{collector="sound"} seconds',
    'zeroprom_collector_errors_total{collector="flaky"} 0',
    'zeroprom_collector_errors_total{collector="sound"} 0',
    'zeroprom_collector_success{collector="flaky"} 1',
    'zeroprom_collector_success{collector="sound"} 1',
  ]);
  const flaky = async () => (await told(registry)).filter((line) => /(errors_total|success)\{collector="f/.test(line));
  isBroken = true;
  await registry.gather();
  assert.deepEqual(await flaky(), [
    'zeroprom_collector_errors_total{collector="flaky"} 2',
    'zeroprom_collector_success{collector="flaky"} 0',
  ]);
  isBroken = false;
  assert.deepEqual(await flaky(), [
    'zeroprom_collector_errors_total{collector="flaky"} 2',
    'zeroprom_collector_success{collector="flaky"} 1',
  ]);
});

test('a collector with left-out parts has not succeeded', async () => {
  const registry = new Registry();
  registry.register(collectorOf('partly', () => [gauge('a'), null]));
  assert.ok((await told(registry)).includes('zeroprom_collector_success{collector="partly"} 0'));
});

test('a duration is that of the collector, in seconds', async () => {
  const registry = new Registry();
  registry.register(collectorOf('hanging', () => new Promise(() => {})));
  const { entries } = await registry.gather({ timeoutMs: 50 });
  const duration = entries.find((entry) => 'name' in entry && entry.name === 'zeroprom_collector_duration_seconds');
  const [point] = duration !== undefined && 'points' in duration ? duration.points : [];
  assert.ok(typeof point?.value === 'number' && point.value > 0.045 && point.value < 5, String(point?.value));
});

test('collectors with the same name are combined', async () => {
  const registry = new Registry();
  registry.register(collectorOf('disk', () => [gauge('a')]));
  registry.register(collectorOf('disk', () => null));
  assert.deepEqual((await told(registry)).slice(1), [
    'zeroprom_collector_errors_total{collector="disk"} 1',
    'zeroprom_collector_success{collector="disk"} 0',
  ]);
});

test('a collector without a name has the name of its class', async () => {
  class DiskCollector {
    collect() {
      return [];
    }
  }
  const registry = new Registry();
  registry.register(new DiskCollector());
  registry.register({ collect: () => [] });
  registry.register(Object.assign(Object.create(null), { collect: () => [] }));
  assert.deepEqual(registry.collectorNames, ['DiskCollector', 'unnamed']);
});

test('a metric is reported from its first failed update on', async () => {
  const registry = new Registry();
  let isBroken = false;
  const collect = async () => {
    if (isBroken) throw new Error('broken');
  };
  new Gauge({ name: 'a', help: '', registry, collect });
  assert.deepEqual(await samples(registry), ['a 0']);
  isBroken = true;
  assert.deepEqual(await failures(registry), ['a: broken']);
  isBroken = false;
  assert.deepEqual((await told(registry)).slice(1), [
    'zeroprom_collector_errors_total{collector="a"} 1',
    'zeroprom_collector_success{collector="a"} 1',
  ]);
});

test('an unregistered collector is forgotten', async () => {
  const registry = new Registry();
  const collector = collectorOf('bad', () => null);
  registry.register(collector);
  await registry.gather();
  registry.unregister(collector);
  assert.deepEqual(await told(registry), []);
  registry.register(collector);
  assert.ok((await told(registry)).includes('zeroprom_collector_errors_total{collector="bad"} 1'));
});

test('updates beyond maxSeries are exposed', async () => {
  const registry = new Registry();
  const logger = { warn: () => {} };
  const counter = new Counter({ name: 'a_total', help: '', labelNames: ['x'], maxSeries: 1, logger, registry });
  counter.inc({ x: '1' });
  assert.deepEqual(await told(registry), []);
  counter.inc({ x: '2' });
  counter.inc({ x: '3' });
  assert.deepEqual(await told(registry), ['zeroprom_series_dropped_total{metric="a_total"} 2']);
});

test('dropped counts of metrics with one name are combined', async () => {
  const registry = new Registry();
  for (const pool of ['a', 'b']) {
    const view = registry.withLabels({ pool });
    const logger = { warn: () => {} };
    const counter = new Counter({ name: 'a_total', help: '', labelNames: ['x'], maxSeries: 1, logger, registry: view });
    for (const x of [1, 2]) counter.inc({ x });
  }
  assert.deepEqual(await told(registry), ['zeroprom_series_dropped_total{metric="a_total"} 2']);
});

test('exemplars that are too long are counted', async () => {
  const registry = new Registry();
  new Counter({ name: 'a_total', help: '', registry }).inc(1, { trace_id: 'x'.repeat(200) });
  assert.deepEqual(await told(registry), ['zeroprom_exemplars_dropped_total{metric="a_total"} 1']);
});

test('selfMetrics: false disables these metrics', async () => {
  const registry = new Registry({ selfMetrics: false });
  registry.register(collectorOf('bad', () => null));
  assert.equal(await registry.expose(), '');
});

test('the series of another registry about itself are exposed together with those of this registry', async () => {
  const other = new Registry();
  other.register(collectorOf('theirs', () => []));
  const { entries } = await other.gather();
  const registry = new Registry();
  registry.register(collectorOf('ours', () => entries));
  assert.deepEqual(
    (await told(registry)).filter((line) => line.includes('success')),
    ['zeroprom_collector_success{collector="theirs"} 1', 'zeroprom_collector_success{collector="ours"} 1'],
  );
});

test('a metric of the user keeps a name that the registry also uses, and the conflict is reported', async () => {
  const registry = new Registry();
  new Gauge({ name: 'zeroprom_collector_success', help: '', registry });
  registry.register(collectorOf('a', () => []));
  assert.match((await failures(registry)).join(), /^registry: zeroprom_collector_success cannot stand beside/);
  assert.ok((await told(registry)).includes('zeroprom_collector_success 0'));
});
