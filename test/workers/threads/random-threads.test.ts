import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Registry } from '../../../src/index.ts';
import { sampleValue } from '../../../src/testing/index.ts';
import { collectWorkers } from '../../../src/workers/index.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { progress } from '../../progress.ts';
import { generator, pick, type Random } from '../../random.ts';

/** `npm run test:threads` sets larger numbers. */
const INCREMENTS = Number(process.env.THREAD_INCREMENTS ?? 100_000);
const ROUNDS = Number(process.env.THREAD_ROUNDS ?? 20);
const SEED = Number(process.env.THREAD_SEED ?? Date.now() % 1e6);

const THREADS = 8;
const DEATHS = ['exit', 'throw', 'reject', 'return'];
/** Memory that a process may have more after many threads than after a tenth of them. */
const MAX_GROWTH = 4 * 2 ** 20;

const workers = Registry.merge(collectWorkers());

async function runThread(increments: number, death: string): Promise<void> {
  const thread = new Worker(new URL('./dying-thread.js', import.meta.url), { workerData: { increments, death } });
  thread.on('error', ({ message }) => assert.match(message, /^Uncaught, for a test/));
  await new Promise((resolve) => thread.on('exit', resolve));
}

async function counted(): Promise<number> {
  return (await sampleValue(workers, 'thread_work_total')) ?? 0;
}

/** The ports of threads close after their ends. */
async function allHaveEnded(): Promise<void> {
  while ((await sampleValue(workers, 'zeroprom_worker_up', { worker: '0' })) !== undefined) await delay(5);
}

/** Threads one after another, which die at random, until there are `INCREMENTS` increments. */
async function countInTurns(random: Random): Promise<void> {
  for (let left = INCREMENTS; left > 0; ) {
    const increments = Math.min(left, 1 + random(Math.ceil(INCREMENTS / 2)));
    await runThread(increments, pick(random, DEATHS));
    left -= increments;
  }
}

test(`no increment is lost when threads die at random (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
  const before = await counted();
  const turns = Array.from({ length: THREADS }, (_, index) => countInTurns(generator(SEED + index)));
  let isOver = false;
  const scraping = (async () => {
    for (let last = before; !isOver; await delay(20)) {
      const now = await counted();
      assert.ok(now >= last, `${now} after ${last}`);
      last = now;
    }
  })();
  await Promise.all(turns);
  await allHaveEnded();
  isOver = true;
  await scraping;
  assert.equal((await counted()) - before, THREADS * INCREMENTS);
});

test('threads that have ended leave no memory behind', { timeout: 7_200_000 }, async (t) => {
  const tell = progress(ROUNDS);
  const before = await counted();
  let early = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    await runThread(1, DEATHS[round % DEATHS.length] ?? '');
    await counted();
    if (round === Math.ceil(ROUNDS / 10)) early = await memory();
    tell(round);
  }
  await allHaveEnded();
  assert.equal((await counted()) - before, ROUNDS);
  const growth = (await memory()) - early;
  t.diagnostic(`${growth} bytes more after ${ROUNDS} threads than after a tenth of them`);
  assert.ok(growth < MAX_GROWTH, `${growth} bytes more`);
});

/** The memory that is in use, in bytes. */
async function memory(): Promise<number> {
  await allHaveEnded();
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    await delay(10);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
