import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { snapshotOf } from '../../../src/exposition/index.ts';
import { collectWorkers } from '../../../src/workers/index.ts';

const workers = collectWorkers();

function startThread(t: TestContext | undefined, increments: number, end: string): Worker {
  const worker = new Worker(new URL('./counting-thread.js', import.meta.url), { workerData: { increments, end } });
  worker.on('error', (error) => {
    if (!error.message.startsWith('Uncaught, for a test')) throw error;
  });
  t?.after(() => worker.terminate());
  return worker;
}

/** The values of all series of a family by the values of a label. */
async function values(name: string, label: string): Promise<Record<string, unknown>> {
  const family = snapshotOf(await workers.gather()).find((one) => one.name === name);
  return Object.fromEntries(family?.points.map(({ labels, value }) => [labels?.[label] ?? '', value]) ?? []);
}

async function total(): Promise<number> {
  return Object.values(await values('work_total', 'kind')).reduce<number>((sum, value) => sum + Number(value), 0);
}

/** Waits until the main thread knows that a thread has ended: its port closes after the thread's exit. */
async function forgotten(): Promise<void> {
  while (Object.keys(await values('zeroprom_worker_up', 'worker')).length > 0) await delay(5);
}

test('threads are merged, and nothing is lost when they end in any way', { timeout: 60_000 }, async () => {
  const before = await total();
  const ends = ['exit', 'throw', 'return', 'leave', 'exit', 'throw', 'return', 'leave'];
  const increments = 100_000;
  const threads = ends.map((end) => startThread(undefined, increments, end));
  await Promise.all(threads.map((thread) => once(thread, 'exit').catch(() => {})));
  await forgotten();
  assert.equal((await total()) - before, ends.length * (increments + 100));
  const families = snapshotOf(await workers.gather());
  const find = (name: string) => families.find((family) => family.name === name)?.points[0]?.value;
  assert.deepEqual(find('work_seconds'), { upperBounds: [1, 2], bucketCounts: [0, 8, 0], count: 8, sum: 12 });
  assert.match(JSON.stringify(find('native_seconds')), /"count":8,.*"counts":\[8\]/);
  assert.deepEqual(find('sizes'), { count: 8, sum: 80, quantiles: [] });
  assert.equal(find('thread'), undefined);
  assert.equal(find('busy'), undefined);
  assert.equal(find('kept_sum'), 16);
  assert.equal(find('mode'), undefined);
});

test('no counter decreases while threads start and end', { timeout: 60_000 }, async () => {
  let isOver = false;
  const scraping = (async () => {
    let last = await total();
    while (!isOver) {
      const now = await total();
      assert.ok(now >= last, `${now} after ${last}`);
      last = now;
      await delay(1);
    }
  })();
  const before = await total();
  for (let round = 0; round < 10; round++) {
    const ends = ['exit', 'throw', 'return'];
    await Promise.all(ends.map((end) => once(startThread(undefined, 1000, end), 'exit').catch(() => {})));
  }
  await forgotten();
  isOver = true;
  await scraping;
  assert.equal((await total()) - before, 30 * 1100);
});

test('a thread that is blocked is read in place, and shown as not up', { timeout: 60_000 }, async (t) => {
  const thread = startThread(t, 0, 'block');
  const [{ worker }] = await once(thread, 'message');
  assert.equal(worker, 0);
  await once(thread, 'message');
  await delay(500);
  const first = await values('work_total', 'kind');
  let second = first;
  while (Number(second['block']) <= Number(first['block'])) second = await values('work_total', 'kind');
  assert.deepEqual(await values('zeroprom_worker_up', 'worker'), { 0: 0 });
  await thread.terminate();
  await forgotten();
  assert.ok(Number((await values('work_total', 'kind'))['block']) >= Number(second['block']));
});

test('a series that one thread removes still counts if another one has it', { timeout: 60_000 }, async (t) => {
  const threads = [0, 1].map(() => {
    const thread = new Worker(new URL('./removing-thread.js', import.meta.url));
    t.after(() => thread.terminate());
    return thread;
  });
  const [one, other] = threads;
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  const kinds = async () => Object.values(await values('removable_total', 'kind'));
  const all = Array.from({ length: 200 }, () => 4);
  assert.deepEqual(await kinds(), all);
  for (const count of [1, 180]) {
    one?.postMessage(count);
    await once(one!, 'message');
    assert.deepEqual(await kinds(), all);
  }
  other?.postMessage(180);
  await once(other!, 'message');
  assert.deepEqual(await kinds(), all.slice(180));
  await Promise.all(threads.map((thread) => thread.terminate()));
  await forgotten();
  assert.deepEqual(await kinds(), all.slice(180));
});

test('gauges are shown for each thread, or merged according to their option', { timeout: 60_000 }, async (t) => {
  const threads = [startThread(t, 0, 'stay'), startThread(t, 0, 'stay')];
  await Promise.all(threads.map((thread) => once(thread, 'message').then(() => once(thread, 'message'))));
  assert.deepEqual(
    new Set(Object.values(await values('thread', 'worker'))),
    new Set(threads.map(({ threadId }) => threadId)),
  );
  assert.deepEqual(await values('busy', ''), { '': 2 });
  assert.deepEqual(await values('mode', ''), { '': { states: ['off', 'on'], enabled: [false, true] } });
  assert.deepEqual(await values('zeroprom_worker_up', 'worker'), { 0: 1, 1: 1 });
  await Promise.all(threads.map((thread) => thread.terminate()));
  await forgotten();
});

test('at most 10,000 series of ended threads are kept, and the loss is counted', { timeout: 60_000 }, async () => {
  const series = async () => Object.keys(await values('wide_total', 'id')).length;
  const code = `
    (async () => {
      const { workerData: { first, modules } } = require('node:worker_threads');
      const { Counter } = await import(modules[0]);
      const { joinWorkers } = await import(modules[1]);
      const wide = new Counter({ name: 'wide_total', help: 'Wide.', labelNames: ['id'] });
      for (let id = first; id < first + 6000; id++) wide.inc({ id });
      await joinWorkers();
      process.exit();
    })();`;
  const modules = ['../../../src/index.js', '../../../src/workers/index.js'].map(
    (path) => new URL(path, import.meta.url).href,
  );
  for (const first of [0, 6000]) {
    const thread = new Worker(code, { eval: true, workerData: { first, modules } });
    await once(thread, 'exit');
    await forgotten();
  }
  assert.equal(await series(), 10_000);
  const errors = await values('zeroprom_worker_errors_total', 'reason');
  assert.equal(errors['overflow'], 1);
});
