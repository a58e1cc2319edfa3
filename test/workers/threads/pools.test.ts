import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import Tinypool from 'tinypool';
import { Registry } from '../../../src/index.ts';
import { sampleValue } from '../../../src/testing/index.ts';
import { collectWorkers } from '../../../src/workers/index.ts';

const TASKS = 50;
const workers = Registry.merge(collectWorkers());
const filename = new URL('./pool-worker.js', import.meta.url).href;

const pools = {
  piscina: () => new Piscina({ filename, minThreads: 2, maxThreads: 2 }),
  tinypool: () => new Tinypool({ filename: fileURLToPath(filename), minThreads: 2, maxThreads: 2 }),
};

for (const [name, start] of Object.entries(pools)) {
  test(`the threads of ${name} are merged, also when the pool has ended`, { timeout: 60_000 }, async () => {
    const pool = start();
    const total = () => sampleValue(workers, 'pool_tasks_total', { pool: name });
    await Promise.all(Array.from({ length: TASKS }, () => pool.run(name)));
    assert.equal(await total(), TASKS);
    await pool.destroy();
    assert.equal(await total(), TASKS);
  });
}
