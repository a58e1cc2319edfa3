import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { buildInfo, collectDefaults, collectNodeRuntime, collectProcess } from '../../src/collectors/index.ts';
import { Gauge, Registry } from '../../src/index.ts';
import { instrumentHttpClient } from '../../src/instrument/index.ts';

async function names(registry: Registry): Promise<string[]> {
  const { entries } = await registry.gather();
  return entries.map((entry) => ('descriptor' in entry ? entry.descriptor.name : entry.name));
}

const collects = {
  collectDefaults: (registry: Registry) => collectDefaults({ registry, build: { name: 'shop', version: '1' } }),
  collectProcess: (registry: Registry) => collectProcess({ registry, prefix: 'x_' }),
  collectNodeRuntime: (registry: Registry) => collectNodeRuntime({ registry, groups: { heap: false } }),
  instrumentHttpClient: (registry: Registry) => instrumentHttpClient({ registry, maxHosts: 3 }),
  buildInfo: (registry: Registry) => buildInfo({ registry, name: 'shop', version: '1' }),
};

for (const [name, collect] of Object.entries(collects)) {
  test(`${name}() returns the same handle again, and ends when the last caller has stopped it`, async () => {
    const registry = new Registry({ selfMetrics: false });
    const first = collect(registry);
    const shown = await names(registry);
    const second = collect(registry);
    assert.equal(second, first);
    assert.deepEqual(await names(registry), shown);
    first.stop();
    assert.deepEqual(await names(registry), shown);
    second[Symbol.dispose]();
    assert.deepEqual(await names(registry), []);
    collect(registry).stop();
  });

  test(`${name}() starts anew after the registry was cleared`, async () => {
    const registry = new Registry({ selfMetrics: false });
    collect(registry);
    const shown = await names(registry);
    registry.clear();
    const handle = collect(registry);
    assert.deepEqual(await names(registry), shown);
    handle.stop();
    assert.deepEqual(await names(registry), []);
  });

  test(`${name}() is independent in another registry`, async () => {
    const registries = [new Registry({ selfMetrics: false }), new Registry({ selfMetrics: false })] as const;
    const [first, second] = registries.map(collect);
    assert.notEqual(first, second);
    first?.stop();
    assert.deepEqual(await names(registries[0]), []);
    assert.notDeepEqual(await names(registries[1]), []);
    second?.stop();
  });
}

test('collectors that overlap share their groups', async () => {
  const registry = new Registry({ selfMetrics: false });
  const process = collectProcess({ registry });
  const defaults = collectDefaults({ registry });
  const all = await names(registry);
  process.stop();
  assert.deepEqual(await names(registry), all);
  defaults.stop();
  assert.deepEqual(await names(registry), []);
});

test('the same collectors with another prefix or other labels are collected as well', async () => {
  const registry = new Registry({ selfMetrics: false });
  collectProcess({ registry, prefix: 'a_' });
  const handle = collectProcess({ registry, prefix: 'b_' });
  assert.ok((await names(registry)).includes('b_process_cpu_seconds_total'));
  handle.stop();
  assert.ok((await names(registry)).includes('a_process_cpu_seconds_total'));
});

test('a metric of the program with one of the names is still an error, and nothing stays registered', async () => {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'process_threads', help: 'Mine.', registry });
  for (let call = 0; call < 2; call++) {
    assert.throws(() => collectDefaults({ registry }), /process_threads is already registered/);
    assert.deepEqual(await names(registry), ['process_threads']);
  }
});

test('a second copy of the package shares what is collected, and the adapters their metrics', () => {
  const source = `
const once = [require('./dist/cjs/collectors.js'), require('./dist/cjs/instrument.js')];
import('./dist/collectors.js').then(async (collectors) => {
  const instrument = await import('./dist/instrument.js');
  const same = once[0].collectDefaults() === collectors.collectDefaults();
  for (const { expressMetrics, fastifyMetrics, honoMetrics, koaMetrics } of [once[1], instrument]) {
    for (const create of [expressMetrics, fastifyMetrics, honoMetrics, koaMetrics]) create();
  }
  console.log(same);
  collectors.collectDefaults().stop();
});`;
  assert.equal(execFileSync(process.execPath, ['-e', source], { encoding: 'utf8' }).trim(), 'true');
});
