import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { collectNodeRuntime } from '../../src/collectors/index.ts';
import { Registry } from '../../src/index.ts';
import { runProgram } from '../program.ts';
import { namesOf, valuesOf } from './scrape.ts';

const DELAY = 'nodejs_eventloop_delay_seconds';

/** Blocks the event loop. */
function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Waits until the condition holds. */
async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    await sleep(20);
  }
}

function delaysIn(values: ReadonlyMap<string, number>): [series: string, value: number][] {
  return [...values].filter(([series]) => series.startsWith(DELAY));
}

test('two scrapers see the same distribution of delays', async (t) => {
  const registry = new Registry();
  const handle = collectNodeRuntime({ registry });
  t.after(() => handle.stop());
  const count = (values: ReadonlyMap<string, number>) => values.get(`${DELAY}_count`) ?? 0;
  const slow = (values: ReadonlyMap<string, number>) =>
    count(values) - (values.get(`${DELAY}_bucket{le="0.025"}`) ?? 0);
  const scrape = () => valuesOf(registry);

  const begin = await scrape();
  block(700);
  const early = await until(scrape, (values) => count(values) > count(begin));
  assert.ok(slow(early) >= 1, 'The first scraper sees the block.');
  block(700);
  const late = await until(scrape, (values) => count(values) > count(early));
  assert.ok(slow(late) >= slow(early) + 1, 'So it does the second one.');

  // A scraper that missed the scrapes in between sees the same total. The delay may be sampled between the two scrapes.
  const [first, other] = await until(
    async () => [await scrape(), await scrape()] as const,
    ([one, two]) => count(one) === count(two),
  );
  assert.deepEqual(delaysIn(other), delaysIn(first));
  assert.ok(slow(other) - slow(begin) >= 2);
});

test('a long block counts with its whole duration', async (t) => {
  const registry = new Registry();
  const handle = collectNodeRuntime({ registry });
  t.after(() => handle.stop());
  const slow = (values: ReadonlyMap<string, number>) =>
    (values.get(`${DELAY}_count`) ?? 0) - (values.get(`${DELAY}_bucket{le="0.1"}`) ?? 0);
  block(3300);
  const values = await until(
    () => valuesOf(registry),
    (each) => slow(each) > 0,
  );
  // In 3,300 ms, 5 timers of 619 ms are due and wait for 2681, 2062, 1443, 824 and 205 ms.
  assert.ok(slow(values) >= 5, String(slow(values)));
  assert.equal(values.get(`${DELAY}_bucket{le="5"}`), values.get(`${DELAY}_count`));
});

test('scrapes do not sample the delay', async (t) => {
  const registry = new Registry();
  const handle = collectNodeRuntime({ registry });
  t.after(() => handle.stop());
  const begin = performance.now();
  for (let scrape = 0; scrape < 50; scrape++) await registry.expose();
  const count = (await valuesOf(registry)).get(`${DELAY}_count`) ?? 0;
  assert.ok(count <= (performance.now() - begin) / 619 + 1, `${count} samples`);
});

test('each of 200 garbage collections is counted by its kind', async (t) => {
  const program = `
    import { PerformanceObserver } from 'node:perf_hooks';
    import { collectNodeRuntime } from './src/collectors/index.js';
    import { Registry } from './src/registry/registry.js';
    const registry = new Registry();
    const seen = {};
    const observer = new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries()) seen[detail.kind] = (seen[detail.kind] ?? 0) + 1;
    });
    observer.observe({ entryTypes: ['gc'] });
    const handle = collectNodeRuntime({ registry });
    for (let index = 0; index < 200; index++) gc();
    for (let index = 0; index < 50; index++) gc({ type: 'minor' });
    // Node passes entries to observers in later turns of the event loop.
    while ((seen[4] ?? 0) < 200) await new Promise((resolve) => setImmediate(resolve));
    const text = await registry.expose();
    handle.stop();
    observer.disconnect();
    const counts = [...text.matchAll(/^nodejs_gc_duration_seconds_count\\{kind="(\\w+)"\\} (\\d+)$/gm)];
    console.log(JSON.stringify({ seen, counted: Object.fromEntries(counts.map(([, kind, count]) => [kind, Number(count)])) }));
  `;
  const { seen, counted } = JSON.parse(await runProgram(t, program, ['--expose-gc']));
  t.diagnostic(JSON.stringify({ seen, counted }));
  assert.equal(counted.major, 200);
  assert.ok(counted.minor >= 50);
  assert.deepEqual(counted, { major: seen[4], minor: seen[1], incremental: seen[8] ?? 0, weakcb: seen[16] ?? 0 });
});

test('active and idle time of the event loop add up to the elapsed time', async (t) => {
  const registry = new Registry();
  const handle = collectNodeRuntime({ registry });
  t.after(() => handle.stop());
  const read = async () => {
    const after = performance.now() / 1000;
    const values = await valuesOf(registry);
    const of = (state: string) => values.get(`nodejs_eventloop_time_seconds_total{state="${state}"}`) ?? Number.NaN;
    return { active: of('active'), idle: of('idle'), after, before: performance.now() / 1000 };
  };
  const begin = await read();
  block(200);
  const busy = await read();
  await sleep(200);
  const rested = await read();
  assert.ok(busy.active - begin.active >= 0.2);
  assert.ok(rested.idle - busy.idle >= 0.1);
  const passed = rested.active - begin.active + rested.idle - begin.idle;
  const [least, most] = [rested.after - begin.before, rested.before - begin.after];
  assert.ok(passed > least - 0.1 && passed < most + 0.1, `${passed} s of ${least} to ${most} s`);
});

test('worker threads are counted while they run', async (t) => {
  const registry = new Registry();
  const handle = collectNodeRuntime({ registry });
  t.after(() => handle.stop());
  const running = async () => (await valuesOf(registry)).get('nodejs_worker_threads');
  assert.equal(await running(), 0);
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
  await once(worker, 'online');
  assert.equal(await running(), 1);
  await worker.terminate();
  assert.equal(await running(), 0);
});

test('a worker thread shows its own heap', async (t) => {
  const program = `
    import { Worker } from 'node:worker_threads';
    const worker = new Worker(\`
      const { parentPort } = require('node:worker_threads');
      (async () => {
        const { collectDefaults } = await import('./src/collectors/index.js');
        const { Registry } = await import('./src/registry/registry.js');
        const registry = new Registry();
        collectDefaults({ registry });
        parentPort.postMessage(await registry.expose());
      })();
    \`, { eval: true, execArgv: [] });
    worker.on('message', (text) => console.log(text));
  `;
  const text = await runProgram(t, program);
  assert.match(text, /^nodejs_heap_size_used_bytes [1-9]\d+$/m);
  assert.match(text, /^process_cpu_seconds_total \d/m);
});

test('memory of buffers is exposed', async (t) => {
  const registry = new Registry();
  const handle = collectNodeRuntime({ registry });
  t.after(() => handle.stop());
  const read = async () => {
    const values = await valuesOf(registry);
    return ['nodejs_array_buffers_bytes', 'nodejs_external_memory_bytes'].map((name) => values.get(name) ?? Number.NaN);
  };
  const [buffers = 0, external = 0] = await read();
  const kept = Buffer.alloc(50_000_000);
  const [moreBuffers = 0, moreExternal = 0] = await read();
  assert.ok(moreBuffers - buffers > kept.length * 0.9);
  assert.ok(moreExternal - external > kept.length * 0.9);
});

test('the heap spaces add up to the heap', async (t) => {
  const registry = new Registry();
  const handle = collectNodeRuntime({ registry });
  t.after(() => handle.stop());
  const values = await valuesOf(registry);
  const spaces = [...values].filter(([series]) => series.startsWith('nodejs_heap_space_size_total_bytes'));
  assert.ok(values.has('nodejs_heap_space_size_used_bytes{space="old"}'), 'Without the ending that V8 gives.');
  assert.equal(
    spaces.reduce((sum, [, value]) => sum + value, 0),
    values.get('nodejs_heap_size_total_bytes'),
  );
});

test('active resources are counted by type', async (t) => {
  const registry = new Registry();
  const handle = collectNodeRuntime({ registry });
  t.after(() => handle.stop());
  const servers = [createServer(), createServer()];
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    for (const server of servers) server.close();
  });
  assert.equal((await valuesOf(registry)).get('nodejs_active_resources{type="TCPServerWrap"}'), 2);
});

for (const [value, size] of [
  [undefined, 4],
  ['16', 16],
  ['0', 1],
  ['5000', 1024],
  ['many', 1],
] as const) {
  test(`the libuv thread pool has ${size} threads if UV_THREADPOOL_SIZE is ${value}`, async (t) => {
    const before = process.env['UV_THREADPOOL_SIZE'];
    const set = (text: string | undefined) => {
      delete process.env['UV_THREADPOOL_SIZE'];
      if (text !== undefined) process.env['UV_THREADPOOL_SIZE'] = text;
    };
    t.after(() => set(before));
    set(value);
    const registry = new Registry();
    const handle = collectNodeRuntime({ registry });
    t.after(() => handle.stop());
    assert.equal((await valuesOf(registry)).get('nodejs_uv_threadpool_size'), size);
  });
}

test('the version is exposed as a whole and in parts', async (t) => {
  const registry = new Registry();
  const handle = collectNodeRuntime({ registry });
  t.after(() => handle.stop());
  const [major, minor, patch] = process.versions.node.split('.');
  const labels = `version="${process.version}",major="${major}",minor="${minor}",patch="${patch}"`;
  assert.equal((await valuesOf(registry)).get(`nodejs_version_info{${labels}}`), 1);
});

test('groups that are left out measure nothing', async (t) => {
  const program = `
    import { collectNodeRuntime } from './src/collectors/index.js';
    import { Registry } from './src/registry/registry.js';
    import { PerformanceObserver } from 'node:perf_hooks';
    let timers = 0;
    const started = globalThis.setTimeout;
    globalThis.setTimeout = (...args) => (timers++, started(...args));
    let observers = 0;
    const { observe } = PerformanceObserver.prototype;
    PerformanceObserver.prototype.observe = function (...args) { observers++; return observe.apply(this, args); };
    const show = () => JSON.stringify({ timers, observers, listeners: process.listenerCount('worker') });
    const off = { eventLoopDelay: false, garbageCollection: false, threads: false };
    collectNodeRuntime({ registry: new Registry(), groups: off });
    console.log(show());
    collectNodeRuntime({ registry: new Registry() });
    console.log(show());
  `;
  assert.deepEqual((await runProgram(t, program)).split('\n'), [
    '{"timers":0,"observers":0,"listeners":0}',
    '{"timers":1,"observers":1,"listeners":1}',
  ]);
});

test('the group of a metric can be left out by its name', async (t) => {
  const registry = new Registry();
  const handle = collectNodeRuntime({ registry, groups: { heapSpaces: false, garbageCollection: false } });
  t.after(() => handle.stop());
  const names = await namesOf(registry);
  assert.ok(names.includes('nodejs_heap_size_used_bytes'));
  assert.deepEqual(
    names.filter((name) => /space|gc/.test(name)),
    [],
  );
});
