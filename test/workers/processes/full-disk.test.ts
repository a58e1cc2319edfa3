import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { MemberProcess, meetingPlace, scrapeHere } from './member-process.ts';

const MAIL = 'jobs_total{queue="mail"}';
const SAVE_ERRORS = 'zeroprom_worker_errors_total{worker="1",reason="save"}';

/** Mounts a file system of this size in memory; returns undefined if this process must not. */
async function smallDisk(t: TestContext, size: string): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'zp-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', directory]);
  t.after(async () => {
    if (status === 0) spawnSync('umount', ['-l', directory]);
    await rm(directory, { recursive: true, force: true });
  });
  return status === 0 ? directory : undefined;
}

test('on a full disk, scrapes are answered, and what could not be saved is counted', async (t) => {
  const directory = await smallDisk(t, '128k');
  if (directory === undefined) return t.diagnostic('Not tested: only root can mount a file system.');
  const first = await MemberProcess.start(t, directory);
  const second = await MemberProcess.start(t, directory);
  await second.tell({ inc: 5 });
  assert.equal((await first.scrape()).get(MAIL), 5);
  const filling = join(directory, 'filling');
  await writeFile(filling, Buffer.alloc(200_000)).catch(() => {});
  await second.tell({ series: 3000 });
  const values = await first.scrape();
  assert.equal(values.get(MAIL), 5);
  assert.equal([...values.keys()].filter((key) => key.startsWith('jobs_total{')).length, 3001);
  assert.ok(Number((await first.scrape()).get(SAVE_ERRORS)) >= 1);
  // A process that ends cannot be added to the sums, so its last known values are shown until there is space.
  await second.kill();
  for (let round = 0; round < 2; round++) {
    const after = await first.scrape();
    assert.equal(after.get(MAIL), 5);
    assert.equal([...after.keys()].filter((key) => key.startsWith('jobs_total{')).length, 3001);
    assert.equal(after.get('zeroprom_worker_up{worker="1"}'), 0);
  }
  assert.equal((await scrapeHere(directory)).get(MAIL), 5, 'a new collector sees what was saved');
  await rm(filling);
  spawnSync('mount', ['-o', 'remount,size=4m', directory]);
  const later = await first.scrape();
  assert.equal(later.get(MAIL), 5);
  assert.equal([...later.keys()].filter((key) => key.startsWith('jobs_total{')).length, 3001);
  assert.equal(later.get('zeroprom_worker_up{worker="1"}'), undefined);
  assert.equal((await scrapeHere(directory)).get(MAIL), 5);
});

test('a process that may only write small files is shown, and what could not be saved is counted', async (t) => {
  const directory = await meetingPlace(t);
  const limited = join(directory, 'limited-node');
  await writeFile(limited, `#!/bin/sh\nulimit -f 16\nexec ${JSON.stringify(process.execPath)} "$@"\n`);
  await chmod(limited, 0o700);
  const first = await MemberProcess.start(t, directory);
  const second = await MemberProcess.start(t, directory, {}, limited);
  await second.tell({ inc: 5 });
  await first.scrape();
  await second.tell({ inc: 1, series: 3000 });
  assert.equal((await first.scrape()).get(MAIL), 6);
  assert.ok(Number((await first.scrape()).get(SAVE_ERRORS)) >= 1);
  await second.tell({ exit: true });
  await second.ended;
  assert.equal((await first.scrape()).get(MAIL), 6, 'a collector that knows the values adds them to the sums');
  assert.equal((await scrapeHere(directory)).get(MAIL), 6);
});
