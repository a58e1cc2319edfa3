/** The default metrics on other runtimes than Node.js: the APIs that they lack are named once, and all else is served. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { until } from '../../../test/e2e/prometheus.ts';
import { freePort } from '../../../test/free-port.ts';
import { bun, deno } from './frameworks.ts';
import { startGroup } from './process-group.ts';

interface Runtime {
  readonly name: string;
  readonly args: (port: number) => readonly string[];
  /** APIs that are named. */
  readonly lacks: readonly string[];
  /** Groups of default metrics that are served, by the name of one of them. */
  readonly serves: readonly string[];
  readonly misses: readonly string[];
  /** Whether it has a clock when it starts. */
  readonly hasStart: boolean;
}

const EVERYWHERE = ['loaded_total', 'nodejs_version_info', 'process_cpu_seconds_total', 'nodejs_array_buffers_bytes'];
const HEAP = ['nodejs_heap_size_used_bytes', 'nodejs_heap_space_size_used_bytes'];
const FILES = ['process_resident_memory_bytes', 'process_open_fds', 'process_threads', 'process_io_read_bytes_total'];
const GC = 'nodejs_gc_duration_seconds';
const RESOURCES = 'nodejs_active_resources';

const runtimes: readonly Runtime[] = [
  {
    name: 'Bun',
    args: () => [bun, 'fetch.ts'],
    lacks: ["PerformanceObserver for 'gc'"],
    serves: [...HEAP, ...FILES],
    misses: [GC, RESOURCES],
    hasStart: true,
  },
  {
    name: 'Deno',
    args: (port) => [deno, 'serve', '--allow-all', `--port=${port}`, 'fetch.ts'],
    lacks: [],
    serves: [...HEAP, ...FILES, GC, RESOURCES],
    misses: [],
    hasStart: true,
  },
  {
    name: 'Deno without the permission to read',
    args: (port) => [deno, 'serve', '--allow-env', '--allow-sys', `--port=${port}`, 'fetch.ts'],
    lacks: ['/proc/self/status'],
    serves: [...HEAP, GC, RESOURCES],
    misses: FILES,
    hasStart: true,
  },
  {
    name: 'workerd',
    args: () => [process.execPath, '--import=tsx', resolve('programs/workerd.ts')],
    lacks: [], // It does not print warnings.
    serves: [],
    misses: [...HEAP, ...FILES, GC],
    hasStart: false,
  },
];

for (const { name, args, lacks, serves, misses, hasStart } of runtimes) {
  test(`${name}: what is missing is named once, and all else is served`, async (t) => {
    mkdirSync('work', { recursive: true });
    const folder = mkdtempSync(resolve('work', 'x'));
    t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    cpSync('programs/collect-defaults.ts', join(folder, 'fetch.ts'));
    const port = await freePort();
    const [command = '', ...rest] = args(port);
    const child = startGroup(t, command, rest, { PORT: String(port), NODE_NO_WARNINGS: '' }, folder);
    let response = new Response();
    await until('it is scraped', async () => {
      if (child.hasEnded()) throw new Error(`It ended:\n${child.output()}`);
      response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => new Response(undefined, { status: 599 }));
      return response.status === 200;
    });
    const families = Array.from((await response.text()).matchAll(/^# TYPE (\S+)/gm), ([, family]) => family);
    for (const family of [...EVERYWHERE, ...serves]) assert.ok(families.includes(family), `${family} in ${families}`);
    for (const family of misses) assert.ok(!families.includes(family), family);
    assert.equal(response.headers.has('process-start-time-unix'), hasStart);
    await fetch(`http://127.0.0.1:${port}/metrics`).then((again) => again.text());
    const isNamed = (api: string) => child.output().includes(`${api} is not available here`);
    await until('the warnings are read', async () => lacks.every(isNamed)); // They may arrive after the response.
    assert.equal(child.output().split('is not available here').length - 1, lacks.length, child.output());
  });
}
