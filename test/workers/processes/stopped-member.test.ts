import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sized } from '../../long.ts';
import { MemberProcess, meetingPlace } from './member-process.ts';

const STOPPED_MS = sized(1500, 7000);

test('scrapes continue while a member is stopped, with its last values', { timeout: 60_000 }, async (t) => {
  const directory = await meetingPlace(t);
  const first = await MemberProcess.start(t, directory);
  const second = await MemberProcess.start(t, directory);
  await second.tell({ inc: 5, set: 7 });
  await first.scrape();
  second.child.kill('SIGSTOP');
  let scrapes = 0;
  for (const end = performance.now() + STOPPED_MS; performance.now() < end; await delay(250)) {
    await first.tell({ inc: 1 });
    scrapes++;
    const values = await first.scrape(500);
    assert.equal(values.get('jobs_total{queue="mail"}'), 5 + scrapes);
    assert.equal(values.get('queue_length{worker="1"}'), 7);
    assert.equal(values.get('zeroprom_worker_up{worker="0"}'), 1);
    assert.equal(values.get('zeroprom_worker_up{worker="1"}'), 0);
  }
  assert.ok(scrapes > 1, `${scrapes} scrapes`);
  second.child.kill('SIGCONT');
  await second.tell({ inc: 1 });
  const values = await first.scrape();
  assert.equal(values.get('jobs_total{queue="mail"}'), 6 + scrapes);
  assert.equal(values.get('zeroprom_worker_up{worker="1"}'), 1);
});
