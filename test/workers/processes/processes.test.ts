import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Registry } from '../../../src/index.ts';
import { collectWorkers } from '../../../src/workers/index.ts';
import { MemberProcess, meetingPlace, scrapeHere, startTwo, valuesIn } from './member-process.ts';

const MAIL = 'jobs_total{queue="mail"}';

test('any member exposes the metrics of all', async (t) => {
  const { directory, first, second } = await startTwo(t);
  assert.deepEqual([first.worker, second.worker], [0, 1]);
  await first.tell({ inc: 1, observe: 5, set: 10 });
  await second.tell({ inc: 2, observe: 50, set: 20 });
  for (const values of [await first.scrape(), await second.scrape(), await scrapeHere(directory)]) {
    assert.equal(values.get(MAIL), 3);
    assert.equal(values.get('size_count'), 2);
    assert.equal(values.get('size_bucket{le="10"}'), 1);
    assert.equal(values.get('queue_length{worker="0"}'), 10);
    assert.equal(values.get('queue_length{worker="1"}'), 20);
    assert.equal(values.get('zeroprom_worker_up{worker="0"}'), 1);
    assert.equal(values.get('zeroprom_worker_up{worker="1"}'), 1);
    assert.ok((values.get('zeroprom_worker_snapshot_age_seconds{worker="1"}') ?? 99) < 5);
  }
});

test('values change from scrape to scrape, also those of new series and metrics', async (t) => {
  const { first, second } = await startTwo(t);
  for (let round = 1; round <= 3; round++) {
    await first.tell({ inc: 1 });
    await second.tell({ inc: 10 });
    await second.tell({ inc: 1, queue: `queue ${round}` });
    await second.tell({ register: `late_${round}_total` });
    const values = await first.scrape();
    assert.equal(values.get(MAIL), 11 * round);
    assert.equal(values.get(`jobs_total{queue="queue ${round}"}`), 1);
    assert.equal(values.get(`late_${round}_total`), 1);
  }
});

for (const [how, order] of [
  ['exits', { exit: true }],
  ['throws', { fail: true }],
  ['leaves and ends', { leave: true, exit: true }],
  ['is disconnected and ends', { disconnect: true }],
] as const) {
  test(`nothing is lost when a member ${how}`, async (t) => {
    const { directory, first, second } = await startTwo(t);
    await second.tell({ inc: 5, observe: 1, set: 3 });
    await second.tell({ register: 'late_total' });
    await second.tell({ inc: 1, ...order });
    await second.ended;
    await first.tell({ inc: 100 });
    const values = await first.scrape();
    assert.equal(values.get(MAIL), 106);
    assert.equal(values.get('size_sum'), 1);
    assert.equal(values.get('late_total'), 1);
    assert.equal(values.get('queue_length{worker="1"}'), undefined);
    assert.equal(values.get('zeroprom_worker_up{worker="1"}'), undefined);
    assert.equal((await scrapeHere(directory)).get(MAIL), 106);
  });
}

test('scraped values are kept when a member is killed, and its successor gets its number', async (t) => {
  const { directory, first, second } = await startTwo(t);
  await second.tell({ inc: 5 });
  assert.equal((await first.scrape()).get(MAIL), 5);
  await second.tell({ inc: 1 });
  await second.kill();
  const third = await MemberProcess.start(t, directory);
  assert.equal(third.worker, 1);
  await third.tell({ inc: 10 });
  assert.equal((await first.scrape()).get(MAIL), 15);
  assert.equal((await third.scrape()).get(MAIL), 15);
});

test('values are kept when all members end', async (t) => {
  const directory = await meetingPlace(t);
  for (let round = 1; round <= 3; round++) {
    const member = await MemberProcess.start(t, directory);
    assert.equal(member.worker, 0);
    await member.tell({ inc: 1, exit: true });
    await member.ended;
    assert.equal((await scrapeHere(directory)).get(MAIL), round);
  }
});

test('a stopped member is shown with its last values', async (t) => {
  const { directory, first, second } = await startTwo(t);
  await second.tell({ inc: 5, set: 7 });
  await first.scrape();
  second.child.kill('SIGSTOP');
  await first.tell({ inc: 1 });
  const workers = collectWorkers({ directory, group: 'test' });
  const gatherer = { gather: () => workers.gather({ timeoutMs: 1000 }) };
  for (let round = 0; round < 2; round++) {
    const values = valuesIn(await Registry.merge(gatherer).expose());
    assert.equal(values.get(MAIL), 6);
    assert.equal(values.get('queue_length{worker="1"}'), 7);
    assert.equal(values.get('zeroprom_worker_up{worker="1"}'), 0);
    assert.equal(values.get('zeroprom_worker_errors_total{worker="1",reason="late"}'), round + 1);
  }
  second.child.kill('SIGCONT');
  await second.tell({ inc: 1 });
  const values = await first.scrape();
  assert.equal(values.get(MAIL), 7);
  assert.equal(values.get('zeroprom_worker_up{worker="1"}'), 1);
});

test('a series that one member removes is still counted while another has it', async (t) => {
  const { first, second } = await startTwo(t);
  await first.tell({ inc: 1 });
  await second.tell({ inc: 10 });
  await second.tell({ inc: 100, queue: 'fax' });
  await first.scrape();
  await second.tell({ remove: 'mail' });
  await second.tell({ remove: 'fax' });
  const values = await first.scrape();
  assert.equal(values.get(MAIL), 11);
  assert.equal(values.get('jobs_total{queue="fax"}'), undefined);
  await second.tell({ inc: 1000 });
  await second.tell({ inc: 1000, queue: 'fax' });
  const later = await first.scrape();
  assert.equal(later.get(MAIL), 1011);
  assert.equal(later.get('jobs_total{queue="fax"}'), 1100);
  await second.tell({ exit: true });
  await second.ended;
  assert.equal((await first.scrape()).get(MAIL), 1011);
});

test('a scrape that gives up does not fail those that share its round, unless all give up', async (t) => {
  const { directory, first, second } = await startTwo(t);
  await first.tell({ inc: 1 });
  second.child.kill('SIGSTOP'); // Lets each round last as long as its timeout.
  const workers = collectWorkers({ directory, group: 'test' });
  const impatient = new AbortController();
  const timeoutMs = 1000;
  const givesUp = assert.rejects(workers.gather({ timeoutMs, signal: impatient.signal }), /The client is gone/);
  const waits = workers.gather({ timeoutMs: timeoutMs * 2, signal: new AbortController().signal });
  const alsoWaits = workers.gather({ timeoutMs: timeoutMs * 2 });
  impatient.abort(new Error('The client is gone.'));
  await givesUp;
  for (const gathering of [await waits, await alsoWaits]) {
    const text = await Registry.merge({ gather: async () => gathering }).expose();
    assert.equal(valuesIn(text).get(MAIL), 1);
  }
  const last = new AbortController();
  const alone = assert.rejects(workers.gather({ timeoutMs, signal: last.signal }), /Gone, too/);
  last.abort(new Error('Gone, too.'));
  await alone;
  second.child.kill('SIGCONT');
  await second.tell({ inc: 1 });
  assert.equal((await scrapeHere(directory)).get(MAIL), 2);
});

test('a signal that is aborted already starts no round', async (t) => {
  const workers = collectWorkers({ directory: await meetingPlace(t), group: 'test' });
  await assert.rejects(workers.gather({ signal: AbortSignal.abort(new Error('Too late.')) }), /Too late/);
});

test('the last values of kept gauges count when their process has ended', async (t) => {
  const { first, second } = await startTwo(t);
  await first.tell({ set: 3 });
  await delay(2); // Values of the same millisecond are equally recent.
  await second.tell({ set: 7, exit: true });
  await second.ended;
  const values = await first.scrape();
  assert.equal(values.get('deepest'), 7);
  assert.equal(values.get('latest'), 7);
  assert.equal(values.get('queue_length{worker="1"}'), undefined);
  await first.tell({ set: 5 });
  const later = await first.scrape();
  assert.equal(later.get('deepest'), 7);
  assert.equal(later.get('latest'), 5);
});

test('quantiles that are left out are reported once', async (t) => {
  const directory = await meetingPlace(t);
  const first = await MemberProcess.start(t, directory);
  const workers = collectWorkers({ directory, group: 'test' });
  const problems = async () => (await workers.gather()).failures.map(({ error }) => error.message);
  assert.deepEqual(await problems(), [
    'size_summary: quantiles of several workers cannot be combined; use a histogram.',
  ]);
  assert.deepEqual(await problems(), []);
  for (let round = 0; round < 3; round++) await first.scrape();
  const values = await first.scrape(); // A process shows its own counts from the scrape before.
  assert.equal(values.get('size_summary_count'), 1);
  assert.equal(values.get('zeroprom_worker_errors_total{worker="all",reason="quantiles"}'), 1);
});

test('at most 10,000 series of ended processes are kept, and the loss is counted', async (t) => {
  const directory = await meetingPlace(t);
  const first = await MemberProcess.start(t, directory);
  await first.tell({ inc: 1 });
  for (let round = 0; round < 2; round++) {
    const other = await MemberProcess.start(t, directory);
    await other.tell({ series: 6000, exit: true });
    await other.ended;
  }
  await first.scrape();
  const values = await first.scrape(); // A process shows its own counts from the scrape before.
  assert.equal([...values.keys()].filter((key) => /^jobs_total\{queue="\d/.test(key)).length, 10_000);
  assert.equal(values.get('zeroprom_worker_errors_total{worker="all",reason="overflow"}'), 1);
  assert.equal(values.get(MAIL), 1);
});
