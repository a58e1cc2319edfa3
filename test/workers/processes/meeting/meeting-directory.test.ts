import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Counter, Registry } from '../../../../src/index.ts';
import { collectWorkers, joinWorkers } from '../../../../src/workers/index.ts';
import { meetingPlace, scrapeHere } from '../member-process.ts';

const PREFIX = `zeroprom-${process.getuid?.()}-`;

function registryWith(value: number): Registry {
  const registry = new Registry();
  new Counter({ name: 'jobs_total', help: 'Jobs.', registry }).inc(value);
  return registry;
}

test('only the user can read the directory', async (t) => {
  const directory = await meetingPlace(t);
  const member = await joinWorkers({ directory, group: 'test', registry: registryWith(1) });
  t.after(() => member.leave());
  const { mode } = await stat(join(directory, `${PREFIX}test`));
  assert.equal(mode & 0o777, 0o700);
});

test('a directory that others can use is refused', async (t) => {
  const directory = await meetingPlace(t);
  const path = join(directory, `${PREFIX}test`);
  await mkdir(path);
  await chmod(path, 0o750);
  await assert.rejects(
    joinWorkers({ directory, group: 'test' }),
    /must have mode 700, got 750; remove it or use another/,
  );
});

test('a link instead of the directory is refused', async (t) => {
  const directory = await meetingPlace(t);
  await mkdir(join(directory, 'elsewhere'), { mode: 0o700 });
  await symlink(join(directory, 'elsewhere'), join(directory, `${PREFIX}test`));
  await assert.rejects(joinWorkers({ directory, group: 'test' }), /must be a directory; remove it/);
});

test('a path that is too long for sockets is refused', async (t) => {
  const directory = join(await meetingPlace(t), 'a'.repeat(80));
  await assert.rejects(
    joinWorkers({ directory, group: 'test' }),
    /must have at most 103 bytes, got \d+; use a shorter/,
  );
});

for (const group of ['', '../up', 'a/b', 'a b', '\0', 'x'.repeat(41)]) {
  test(`the group ${JSON.stringify(group)} is refused`, async () => {
    await assert.rejects(joinWorkers({ group }), /group must have 1 to 40 letters, digits/);
    assert.throws(() => collectWorkers({ group }), RangeError);
  });
}

test('a process cannot join twice, but can join again after it has left', async (t) => {
  const directory = await meetingPlace(t);
  const options = { directory, group: 'test', registry: registryWith(1) };
  const member = await joinWorkers(options);
  await assert.rejects(joinWorkers(options), /has joined .* already; merge its registries/);
  await member.leave();
  const again = await joinWorkers(options);
  t.after(() => again.leave());
  assert.equal((await scrapeHere(directory)).get('jobs_total'), 2);
});

test('a directory without members has no workers', async (t) => {
  const directory = await meetingPlace(t);
  assert.deepEqual([...(await scrapeHere(directory)).keys()], []);
});

test('foreign and damaged files are reported and do not fail scrapes', async (t) => {
  const directory = await meetingPlace(t);
  const member = await joinWorkers({ directory, group: 'test', registry: registryWith(5) });
  t.after(() => member.leave());
  const path = join(directory, `${PREFIX}test`);
  await writeFile(join(path, 'member-7-aaaaaaaaaaaa'), 'damaged');
  await writeFile(join(path, 'baseline-3'), 'damaged');
  await writeFile(join(path, 'notes.txt'), 'foreign');
  const workers = collectWorkers({ directory, group: 'test' });
  const { failures } = await workers.gather();
  assert.deepEqual(failures.map(({ collector }) => collector).sort(), ['worker 7', 'workers']);
  assert.deepEqual((await workers.gather()).failures, [], 'each is reported once');
  const values = await scrapeHere(directory);
  assert.equal(values.get('jobs_total'), 5);
  assert.equal(values.get('zeroprom_worker_errors_total{worker="7",reason="unreadable"}'), 1);
  assert.ok(!(await readdir(path)).includes('member-7-aaaaaaaaaaaa'));
});

test('directories without processes are removed after a day', async (t) => {
  const directory = await meetingPlace(t);
  const day = 24 * 3600;
  for (const [name, age] of [
    ['old', day + 60],
    ['new', day - 60],
  ] as const) {
    const path = join(directory, `${PREFIX}${name}`);
    await mkdir(path, { mode: 0o700 });
    await writeFile(join(path, 'socket-aaaaaaaaaaaa'), '');
    await utimes(path, Date.now() / 1000 - age, Date.now() / 1000 - age);
  }
  const member = await joinWorkers({ directory, group: 'test', registry: registryWith(1) });
  t.after(() => member.leave());
  while ((await readdir(directory)).includes(`${PREFIX}old`)) await new Promise(setImmediate);
  assert.deepEqual((await readdir(directory)).sort(), [`${PREFIX}new`, `${PREFIX}test`]);
});

test('a registry that fails is shown with its last values', async (t) => {
  const directory = await meetingPlace(t);
  const registry = registryWith(5);
  let fails = false;
  const gatherer = { gather: async () => (fails ? Promise.reject(new Error('broken')) : registry.gather()) };
  const errors: Error[] = [];
  const onError = (error: Error) => void errors.push(error);
  const member = await joinWorkers({ directory, group: 'test', registry: gatherer, onError });
  t.after(() => member.leave());
  fails = true;
  assert.equal((await scrapeHere(directory)).get('jobs_total'), 5);
  assert.equal((await scrapeHere(directory)).get('zeroprom_worker_errors_total{worker="0",reason="gather"}'), 2);
  assert.equal(errors[0]?.message, 'broken');
});

test('a member joins again if the directory is deleted', async (t) => {
  const directory = await meetingPlace(t);
  const registry = registryWith(5);
  const errors: Error[] = [];
  const onError = (error: Error) => void errors.push(error);
  const member = await joinWorkers({ directory, group: 'test', registry, saveInterval: '10ms', onError });
  t.after(() => member.leave());
  const path = join(directory, `${PREFIX}test`);
  await rm(path, { recursive: true });
  const jobs = registry.getOrCreate(Counter, { name: 'jobs_total', help: 'Jobs.' });
  jobs.inc();
  while (errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.match(errors[0]?.message ?? '', /was deleted, and with it the counts of ended processes/);
  assert.equal((await scrapeHere(directory)).get('jobs_total'), 6);
  assert.equal((await readdir(path)).filter((name) => name.startsWith('member-0-')).length, 1);
});
