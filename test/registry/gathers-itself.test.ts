/** Collectors that gather, directly or indirectly, the registry that waits for them, and collectors that may gather. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type Collector, Gauge, metricsFetchHandler, metricsHandler, Registry } from '../../src/index.ts';
import type { GatherOptions } from '../../src/registry/gathering.ts';
import { rawGet } from '../http/raw.ts';
import { serve } from '../http/serve.ts';
import { gauge } from './gauges.ts';

const DIRECT = 'Collector itself must not gather its own registry; use another registry.';

/** Ways in which a collector gathers a registry; it returns the families, or none. */
type Ask = (registry: Registry) => Promise<unknown>;

const ways: readonly (readonly [what: string, ask: Ask])[] = [
  ['at once', (registry) => registry.gather()],
  ['after a turn of the event loop', async (registry) => [await turn(), await registry.gather()]],
  ['again and again', async (registry) => Promise.all([registry.gather(), registry.gather(), registry.gather()])],
  ['and goes on without', async (registry) => registry.gather().catch(() => {})],
  ['in part', (registry) => registry.gather({ names: ['well', 'itself'] })],
  ['as a text', (registry) => registry.expose()],
  ['as a snapshot', (registry) => registry.snapshot()],
  ['in a merged registry', (registry) => Registry.merge(new Registry(), registry).gather()],
  ['in a merged registry, as a text', (registry) => Registry.merge(registry).expose()],
  [
    'in a gatherer of its own',
    (registry) => Registry.merge({ gather: (options) => registry.gather(options) }).gather(),
  ],
  ['by a handler', (registry) => metricsFetchHandler({ registry })(new Request('http://x/')).then((r) => r.text())],
];

function registryWith(collector: Collector): Registry {
  const registry = new Registry();
  new Gauge({ name: 'well', help: '', registry }).set(1);
  registry.register(collector);
  return registry;
}

for (const [what, ask] of ways) {
  test(`a collector that gathers its own registry ${what} fails, and the error names it`, async () => {
    let runs = 0;
    const registry = registryWith({
      name: 'itself',
      async collect() {
        runs++;
        await ask(registry);
        return [gauge('never')];
      },
    });
    for (let scrape = 1; scrape <= 3; scrape++) {
      const { failures, entries } = await registry.gather();
      assert.deepEqual(
        failures.map(({ collector, error }) => [collector, error.message]),
        [['itself', DIRECT]],
      );
      assert.equal(entries.length > 1, true);
      assert.equal(runs, scrape);
    }
    assert.match(await registry.expose(), /^well 1\n/m);
  });

  test(`a callback of a metric that gathers ${what} fails`, async () => {
    let runs = 0;
    const registry = new Registry();
    new Gauge({ name: 'well', help: '', registry }).set(1);
    const collect = async () => {
      runs++;
      await ask(registry);
    };
    new Gauge({ name: 'itself', help: '', registry, collect });
    const { failures } = await registry.gather();
    assert.deepEqual(
      failures.map(({ error }) => error.message),
      [DIRECT],
    );
    assert.equal(runs, 1);
  });

  test(`a collector of a view that gathers ${what} fails`, async () => {
    const registry = new Registry();
    const collect = async () => {
      await ask(registry);
      return [gauge('never')];
    };
    registry.withPrefix('a_').withLabels({ b: 'c' }).register({ name: 'itself', collect });
    const { failures } = await registry.gather();
    assert.deepEqual(
      failures.map(({ error }) => error.message),
      [DIRECT],
    );
  });

  test(`collectors of three registries that gather each other ${what} fail, and the errors name them`, async () => {
    const registries = [new Registry(), new Registry(), new Registry()];
    const runs: string[] = [];
    for (const [index, registry] of registries.entries()) {
      registry.register({
        name: `c${index}`,
        async collect() {
          runs.push(`c${index}`);
          await ask(registries[(index + 1) % 3] ?? registry);
          return [];
        },
      });
    }
    const [first] = registries;
    const { failures } = (await first?.gather()) ?? { failures: [] };
    assert.deepEqual(
      failures.map(({ collector, error }) => [collector, error.message]),
      [['c0', 'Collector c0 must not gather its own registry, even through c1 and c2; use another registry.']],
    );
    assert.ok(runs.length <= 13, runs.join());
  });
}

test('a callback that gathers without waiting does not loop', async () => {
  const registry = new Registry();
  let runs = 0;
  const collect = () => {
    runs++;
    registry.gather().catch(() => {});
  };
  new Gauge({ name: 'itself', help: '', registry, collect });
  await registry.gather();
  await turn();
  assert.equal(runs, 1);
});

test('a collector that scrapes its own server is late, and each of the two is answered', async (t) => {
  let runs = 0;
  const registry = registryWith({
    name: 'itself',
    async collect() {
      runs++;
      await rawGet(url);
      return [gauge('never')];
    },
  });
  const url = await serve(t, metricsHandler({ registry, timeoutMs: 200 }));
  const { status, body } = await rawGet(url);
  assert.equal(status, 200);
  assert.match(body, /^zeroprom_collector_success\{collector="itself"\} 0$/m);
  assert.ok(runs <= 2, String(runs));
});

suite('collectors that may gather', () => {
  test('another registry, also one that is gathered at the same time', async () => {
    const inner = registryWith({ name: 'inner', collect: () => [gauge('inner')] });
    const outer = registryWith({
      name: 'outer',
      collect: async () => [gauge('outer', {}, (await inner.gather()).entries.length)],
    });
    const [a, b] = await Promise.all([outer.gather(), Registry.merge(inner, outer).gather(), inner.gather()]);
    assert.deepEqual([...a.failures, ...b.failures], []);
  });

  test('the same collector in two registries, of which one is gathered by another collector', async () => {
    const shared: Collector = { name: 'shared', collect: () => [gauge('shared')] };
    const inner = registryWith(shared);
    const outer = registryWith(shared);
    const collect = async () => [gauge('outer', {}, (await inner.gather()).entries.length)];
    outer.register({ name: 'outer', collect });
    assert.deepEqual((await outer.gather()).failures, []);
  });

  test('its own registry without itself', async () => {
    const registry = registryWith({ name: 'other', collect: () => [gauge('other')] });
    const count = async (options: GatherOptions) => (await registry.gather(options)).entries.length;
    registry.register({ name: 'sum', collect: async () => [gauge('sum', {}, await count({ exclude: ['sum'] }))] });
    registry.register({ name: 'one', collect: async () => [gauge('one', {}, await count({ collect: ['other'] }))] });
    const collect = async (metric: Gauge) => metric.set(await count({ names: ['well'], collect: ['other'] }));
    new Gauge({ name: 'metric', help: '', registry, collect });
    assert.deepEqual(
      (await registry.gather()).failures.map(({ error }) => error.message),
      [],
    );
  });

  test('its own registry, in work that it left running', async () => {
    const later: Promise<unknown>[] = [];
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const registry = registryWith({
      name: 'leaves',
      collect: () => {
        if (later.length === 0) later.push(gate.then(() => registry.gather()));
        return [gauge('left')];
      },
    });
    assert.deepEqual((await registry.gather()).failures, []);
    const again = registry.gather();
    go();
    await again;
    const [gathering] = await Promise.all(later);
    assert.deepEqual((gathering as Awaited<ReturnType<Registry['gather']>>).failures, []);
  });

  test('concurrent scrapes are not a loop', async () => {
    const registry = registryWith({ name: 'slow', collect: async () => [gauge('slow', {}, await turn(1))] });
    const gatherings = await Promise.all(Array.from({ length: 200 }, () => registry.gather()));
    for (const { failures } of gatherings) assert.deepEqual(failures, []);
  });
});
