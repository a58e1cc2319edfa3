/** Two copies of the package in one process, as with ESM beside CommonJS, or twice in a tree of dependencies. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as own from '../../src/index.ts';
import { gauge, samples } from './gauges.ts';

async function otherCopy(t: TestContext): Promise<typeof own> {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-copy-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(import.meta.dirname, '../../src'), join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const copy: typeof own = await import(pathToFileURL(join(folder, 'src/index.js')).href);
  assert.notEqual(copy.Registry, own.Registry);
  return copy;
}

test('all copies share one default registry', async (t) => {
  const other = await otherCopy(t);
  assert.equal(other.defaultRegistry, own.defaultRegistry);
  const metric = new other.Counter({ name: 'from_the_copy_total', help: '' });
  assert.equal(own.defaultRegistry.get('from_the_copy_total'), metric);
  assert.throws(() => new own.Counter({ name: 'from_the_copy_total', help: '' }), /already registered/);
  own.defaultRegistry.unregister('from_the_copy_total');
});

test('a module that is loaded again finds the existing default registry', async () => {
  const again: typeof own = await import(import.meta.resolve('../../src/registry/default-registry.js?again'));
  assert.equal(again.defaultRegistry, own.defaultRegistry);
});

for (const [how, isNew, deleted] of [
  ['the package is loaded again', true, '() => true'],
  ['only modules of the program are loaded again', false, '(path) => !path.includes("dist")'],
] as const) {
  test(`there is ${isNew ? 'a new' : 'the same'} default registry if ${how}`, () => {
    const source = `
const load = () => {
  for (const path of Object.keys(require.cache).filter(${deleted})) delete require.cache[path];
  const { defaultRegistry, Counter } = require('./dist/cjs/index.js');
  defaultRegistry.getOrCreate(Counter, { name: 'loaded_total', help: 'Help.' }).inc();
  return defaultRegistry;
};
const [first, second] = [load(), load()];
import('./dist/index.js').then(async ({ defaultRegistry }) => {
  const third = load();
  const shown = await Promise.all([first, second].map(async (registry) => (await registry.expose()).match(/loaded_total (\\d)/)[1]));
  console.log(first !== second, defaultRegistry === second, third !== second, ...shown);
});`;
    const output = execFileSync(process.execPath, ['-e', source], { encoding: 'utf8' }).trim();
    assert.equal(output, isNew ? 'true true true 1 1' : 'false true false 3 3');
  });
}

test('a registry exposes metrics of another copy, including through views', async (t) => {
  const other = await otherCopy(t);
  const registry = new own.Registry({ selfMetrics: false });
  new other.Gauge({ name: 'a', help: '', registry }).set(1);
  new other.Histogram({ name: 'b', help: '', buckets: [1], registry: registry.withPrefix('x_') }).observe(2);
  registry.register({ collect: () => [gauge('c')] });
  const again = registry.getOrCreate(own.Gauge, { name: 'a', help: '' });
  again.set(2);
  assert.deepEqual(await samples(registry), [
    'a 2',
    'c 1',
    'x_b_bucket{le="1"} 0',
    'x_b_bucket{le="+Inf"} 1',
    'x_b_sum 2',
    'x_b_count 1',
  ]);
});

test('registries of several copies can be merged and served', async (t) => {
  const other = await otherCopy(t);
  const registries = [own, other].map(({ Gauge, Registry }, index) => {
    const registry = new Registry({ selfMetrics: false });
    new Gauge({ name: 'a', help: '', labelNames: ['x'], registry }).set({ x: index }, index);
    return registry;
  });
  assert.deepEqual(await samples(own.Registry.merge(...registries)), ['a{x="0"} 0', 'a{x="1"} 1']);
  assert.deepEqual(await samples(other.Registry.merge(...registries)), ['a{x="0"} 0', 'a{x="1"} 1']);
});
