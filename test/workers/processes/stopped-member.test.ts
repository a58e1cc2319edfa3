import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sized } from '../../long.ts';
import { startTwo } from './member-process.ts';

/** They take 7 s with `npm run test:long`. */
const SCRAPES = sized(3, 20);

test('scrapes continue while a member is stopped, with its last values', { timeout: 60_000 }, async (t) => {
  const { first, second } = await startTwo(t);
  await second.tell({ inc: 5, set: 7 });
  await first.scrape();
  second.child.kill('SIGSTOP');
  for (let scrapes = 1; scrapes <= SCRAPES; scrapes++) {
    await first.tell({ inc: 1 });
    const values = await first.scrape(500);
    assert.equal(values.get('jobs_total{queue="mail"}'), 5 + scrapes);
    assert.equal(values.get('queue_length{worker="1"}'), 7);
    assert.equal(values.get('zeroprom_worker_up{worker="0"}'), 1);
    assert.equal(values.get('zeroprom_worker_up{worker="1"}'), 0);
    await delay(250);
  }
  second.child.kill('SIGCONT');
  // Its answers to the earlier scrapes arrive first.
  while ((await first.scrape()).get('zeroprom_worker_up{worker="1"}') !== 1);
  await second.tell({ inc: 1 });
  const values = await first.scrape();
  assert.equal(values.get('jobs_total{queue="mail"}'), 6 + SCRAPES);
  assert.equal(values.get('zeroprom_worker_up{worker="1"}'), 1);
});
