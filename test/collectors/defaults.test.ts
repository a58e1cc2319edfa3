import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectDefaults } from '../../src/collectors/index.ts';
import { openMetrics } from '../../src/exposition/index.ts';
import { defaultRegistry, Registry } from '../../src/index.ts';
import { assertGolden } from '../golden.ts';
import { needs, runInstalled } from '../installed-programs.ts';
import { runProgram } from '../program.ts';
import { linux, writeRootFiles } from './root-files.ts';
import { namesOf } from './scrape.ts';

const build = { name: 'app', version: '1.0.0', revision: 'abc', branch: 'main' };

test('promtool accepts the default metrics', needs('promtool'), async (t) => {
  const registry = new Registry();
  const handle = collectDefaults({ registry, build });
  t.after(() => handle.stop());
  runInstalled('promtool', ['check', 'metrics'], await registry.expose());
});

test('promtool accepts the metrics of control groups', needs('promtool'), async (t) => {
  const registry = new Registry();
  const handle = collectDefaults({ registry, build, root: writeRootFiles(t, linux) });
  t.after(() => handle.stop());
  runInstalled('promtool', ['check', 'metrics'], await registry.expose());
});

test('the default metrics are those of the golden scrape', async (t) => {
  const registry = new Registry();
  const handle = collectDefaults({ registry, build, root: writeRootFiles(t, linux) });
  t.after(() => handle.stop());
  assertGolden('default-metrics.txt', masked(await registry.expose()));
});

test('every family whose name ends in a unit declares it', async (t) => {
  const registry = new Registry();
  const handle = collectDefaults({ registry, build, root: writeRootFiles(t, linux) });
  t.after(() => handle.stop());
  const lines = (await registry.expose(openMetrics)).split('\n');
  const named = lines.flatMap((line) => /^# TYPE (\w+_(?:seconds|bytes)) /.exec(line)?.[1] ?? []);
  const declared = lines.flatMap((line) => /^# UNIT (\w+) \w+$/.exec(line)?.[1] ?? []);
  assert.deepEqual(declared, named);
  assert.ok(declared.length >= 38);
});

test('counters of the process have its start time', async (t) => {
  const registry = new Registry();
  const handle = collectDefaults({ registry, root: writeRootFiles(t, linux) });
  t.after(() => handle.stop());
  const text = await registry.expose(openMetrics, { createdLines: true });
  const [, start = ''] = /^process_start_time_seconds (.+)$/m.exec(text) ?? [];
  const [, created = ''] = /^process_cpu_seconds_created (.+)$/m.exec(text) ?? [];
  assert.equal(Number(created), Number(start));
  // The start time of interface counters is unknown.
  assert.doesNotMatch(text, /^process_network_receive_bytes_created/m);
});

test('the default metrics are in the default registry by default', async () => {
  const handle = collectDefaults();
  assert.ok((await namesOf(defaultRegistry)).includes('nodejs_version_info'));
  handle.stop();
  assert.deepEqual(await namesOf(defaultRegistry), []);
});

test('collectors do not keep the process alive, and leave nothing behind after stop()', async (t) => {
  const program = `
    import { collectDefaults } from './src/collectors/index.js';
    import { Registry } from './src/registry/registry.js';
    const registry = new Registry();
    const listeners = () => process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
    const before = JSON.stringify([process.getActiveResourcesInfo(), listeners()]);
    const handle = collectDefaults({ registry });
    await registry.expose();
    handle.stop();
    const after = JSON.stringify([process.getActiveResourcesInfo(), listeners()]);
    console.log(before === after ? 'nothing is left' : before + after);
    console.log((await registry.expose()) === '' ? 'nothing is shown' : await registry.expose());
    collectDefaults({ registry }); // Never stopped.
    await registry.expose();
  `;
  assert.equal(await runProgram(t, program), 'nothing is left\nnothing is shown');
});

test('collectors can be started again after stop()', async () => {
  const registry = new Registry();
  collectDefaults({ registry }).stop();
  const handle = collectDefaults({ registry });
  assert.ok((await namesOf(registry)).length > 40);
  handle.stop();
});

/** Replaces everything that differs between machines, Node.js versions and runs. */
function masked(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => (line.startsWith('#') ? line : line.replace(/ \S+$/, ' V')))
    .map((line) => line.replace(/\b(space|type|version|major|minor|patch|nodeversion|os|arch)="[^"]*"/g, '$1="…"'));
  return [...new Set(lines)].join('\n');
}
