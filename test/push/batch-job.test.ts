import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gauge, type Registry } from '../../src/index.ts';
import { BatchJob, type BatchJobOptions } from '../../src/push/index.ts';
import { ManualClock } from '../../src/scheduler/index.ts';

/** A job on a manual clock that records the lines of its deliveries, without metadata. */
function newJob(options: Partial<BatchJobOptions> = {}) {
  const clock = new ManualClock({ wall: 1_000_000 });
  const deliveries: string[][] = [];
  const flush = async (registry: Registry) => {
    const lines = (await registry.expose()).trim().split('\n');
    deliveries.push(lines.filter((line) => !line.startsWith('#')));
  };
  return { clock, deliveries, job: new BatchJob({ name: 'backup', flush, clock, ...options }) };
}

test('a job that succeeds delivers its times, its rows and its own metrics', async () => {
  const { clock, deliveries, job } = newJob();
  const result = await job.run(async ({ rows, registry }) => {
    rows();
    rows(4);
    new Gauge({ name: 'backup_size_bytes', help: 'Size.', registry }).set(7);
    await clock.advance('90s');
    return 'done';
  });
  assert.equal(result, 'done');
  assert.deepEqual(deliveries, [
    [
      'backup_duration_seconds 90',
      'backup_last_success_timestamp_seconds 1090',
      'backup_processed_rows_total 5',
      'backup_size_bytes 7',
      'backup_start_timestamp_seconds 1000',
      'backup_success 1',
    ],
  ]);
});

test('a job that fails delivers its metrics without a time of success, and rejects with its error', async () => {
  const { clock, deliveries, job } = newJob();
  const failing = job.run(async () => {
    await clock.advance('2s');
    throw new Error('Disk full.');
  });
  await assert.rejects(failing, /^Error: Disk full\.$/);
  assert.deepEqual(deliveries, [
    [
      'backup_duration_seconds 2',
      'backup_processed_rows_total 0',
      'backup_start_timestamp_seconds 1000',
      'backup_success 0',
    ],
  ]);
});

test('a job that throws synchronously delivers its metrics', async () => {
  const { deliveries, job } = newJob();
  const throwing = () => {
    throw new Error('Bug.');
  };
  await assert.rejects(job.run(throwing), /Bug/);
  assert.equal(deliveries.length, 1);
});

for (const [how, flush] of [
  ['rejects', () => Promise.reject(new Error('Gateway down.'))],
  [
    'throws',
    () => {
      throw new Error('Gateway down.');
    },
  ],
] as const) {
  test(`a delivery that ${how} fails a job that succeeded, and does not hide the error of one that failed`, async () => {
    const { job } = newJob({ flush });
    await assert.rejects(
      job.run(() => 1),
      /Gateway down/,
    );
    const failing = () => Promise.reject(new Error('Disk full.'));
    await assert.rejects(job.run(failing), /Disk full/);
  });
}

test('a run after a success keeps the time of that success if it fails', async () => {
  const { clock, deliveries, job } = newJob();
  await job.run(() => {});
  await clock.advance('1h');
  await assert.rejects(job.run(() => Promise.reject(new Error('Disk full.'))));
  const second = deliveries[1] ?? [];
  assert(second.includes('backup_last_success_timestamp_seconds 1000'));
  assert(second.includes('backup_success 0'));
});

test('names that cannot begin a metric name are refused', () => {
  for (const name of ['', 'my backup', '1', 'a.b']) assert.throws(() => newJob({ name }), RangeError, name);
});
