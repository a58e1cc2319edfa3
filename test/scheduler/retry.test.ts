import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RetryOptions, RunContext, TaskOptions } from '../../src/scheduler/index.ts';
import { deferred, setUpScheduler } from './scheduler-fixture.ts';

/** A task that fails this many times and then succeeds, and records its calls. */
function failFirst(failures: number, options: Partial<TaskOptions>) {
  const fixture = setUpScheduler({ random: () => 0.5 });
  const calledAt: number[] = [];
  const fn = () => {
    calledAt.push(fixture.clock.now());
    if (calledAt.length <= failures) throw new Error(`failure ${calledAt.length}`);
  };
  const task = fixture.scheduler.every('1m', fn, { name: 'shaky', immediate: true, ...options });
  fixture.scheduler.start();
  return { ...fixture, task, calledAt };
}

const plain: RetryOptions = { attempts: 3, min: '1s', jitter: 'none' };

test('without retry a failure ends the run', async () => {
  const { clock, task, calledAt } = failFirst(1, {});
  await clock.advance('30s');
  assert.deepEqual(calledAt, [0]);
  assert.equal(task.status.counts.error, 1);
});

for (const name of ['retry', 'abandonAfter']) {
  test(`${name} may be null in JavaScript, for its default`, async () => {
    const { clock, task } = failFirst(1, { [name]: null });
    await clock.advance('30s');
    assert.equal(task.status.counts.error, 1);
  });
}

test('a failing function is called again within the run, after increasing waits', async () => {
  const { clock, task, calledAt } = failFirst(3, { retry: plain });
  await clock.advance('30s');
  assert.deepEqual(calledAt, [0, 1000, 3000, 7000]);
  assert.equal(task.status.counts.success, 1);
  assert.equal(task.status.counts.error, 0);
  assert.equal(task.status.lastDurationMs, 7000);
});

test('a run whose attempts have all failed has failed once, with the last error', async () => {
  const { clock, task, calledAt, scheduler } = failFirst(9, { retry: { ...plain, attempts: 2 } });
  const attempts: number[] = [];
  scheduler.on('run:end', (end) => attempts.push(end.attempts));
  await clock.advance('30s');
  assert.equal(calledAt.length, 3);
  assert.equal(task.status.counts.error, 1);
  assert.equal(task.status.lastError?.message, 'failure 3');
  assert.deepEqual(attempts, [3]);
});

test('no wait is longer than max', async () => {
  const { clock, calledAt } = failFirst(9, { retry: { ...plain, max: '2s' } });
  await clock.advance('30s');
  assert.deepEqual(calledAt, [0, 1000, 3000, 5000]);
});

test('full jitter, the default, waits for a random fraction of the time', async () => {
  const { clock, calledAt } = failFirst(9, { retry: { attempts: 2 } });
  await clock.advance('30s');
  assert.deepEqual(calledAt, [0, 500, 1500]);
});

test('a retry that would come after the deadline is not waited for', async () => {
  const { clock, task, calledAt } = failFirst(9, { retry: { ...plain, attempts: 9 }, timeout: '4s' });
  await clock.advance('3s');
  assert.deepEqual(calledAt, [0, 1000, 3000]);
  assert.equal(task.status.counts.error, 1);
  assert.equal(task.status.state, 'scheduled');
});

test('all attempts share one deadline and one signal', async () => {
  const { clock, scheduler } = setUpScheduler();
  const seen: RunContext[] = [];
  const fn = (context: RunContext) => {
    seen.push(context);
    return Promise.reject(new Error('no'));
  };
  scheduler.every('1m', fn, { name: 'shaky', immediate: true, retry: { ...plain, attempts: 1 } });
  scheduler.start();
  await clock.advance('5s');
  const [first, second] = seen;
  assert.equal(first?.signal, second?.signal);
  assert.equal(first?.deadline, second?.deadline);
  assert.equal(first?.run, second?.run);
  assert.deepEqual([first?.attempt, second?.attempt], [1, 2]);
});

test('an attempt that hangs times out at the deadline of the run', async () => {
  const { clock, scheduler } = setUpScheduler();
  let calls = 0;
  const fn = ({ signal }: RunContext) => {
    if (++calls === 1) throw new Error('no');
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const task = scheduler.every('1m', fn, { name: 'shaky', immediate: true, retry: plain, timeout: '5s' });
  scheduler.start();
  await clock.advance('5s');
  assert.equal(task.status.counts.timeout, 1);
  assert.equal(task.status.lastDurationMs, 5000);
});

test('a run is not retried if the process has slept past its deadline', async () => {
  const { clock, task, calledAt } = failFirst(1, { retry: plain, timeout: '10s' });
  await clock.advance(0);
  clock.block('20s');
  await clock.advance('1s');
  assert.equal(calledAt.length, 1);
  assert.equal(task.status.counts.timeout, 1);
  assert.equal(task.status.state, 'scheduled');
});

test('stop() immediately ends a run that waits for its next attempt', async () => {
  const { clock, task, calledAt, scheduler } = failFirst(9, { retry: plain });
  await clock.advance('500ms');
  assert.deepEqual(await scheduler.stop(), { drained: ['shaky'], aborted: [], abandoned: [] });
  assert.equal(task.status.counts.error, 1);
  await clock.advance('1m');
  assert.equal(calledAt.length, 1);
});

test('an attempt that fails after stop() was called is the last one', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, reject } = deferred();
  let calls = 0;
  const fn = () => {
    calls++;
    return promise;
  };
  scheduler.every('1m', fn, { name: 'shaky', immediate: true, retry: plain });
  scheduler.start();
  await clock.advance('1s');
  const stopped = scheduler.stop();
  reject(new Error('no'));
  assert.deepEqual((await stopped).drained, ['shaky']);
  assert.equal(calls, 1);
});

test('overlap abort ends a run that waits for its next attempt and starts the next run', async () => {
  const { clock, scheduler } = setUpScheduler();
  const calls: string[] = [];
  const fn = ({ run, attempt }: RunContext) => {
    calls.push(`${run.number}.${attempt}@${clock.now()}`);
    throw new Error('no');
  };
  const retry = { attempts: 9, min: '7s', jitter: 'none', factor: 1 } as const;
  const task = scheduler.every('10s', fn, { name: 'shaky', overlap: 'abort', timeout: false, retry });
  scheduler.start();
  await clock.advance('20s');
  assert.deepEqual(calls, ['1.1@10000', '1.2@17000', '2.1@20000']);
  assert.equal(task.status.counts.aborted, 1);
});

test('after three consecutive failures the interval grows, starting at the failure', async () => {
  const { clock, calledAt } = failFirst(99, { backoff: true });
  await clock.advance('40m');
  const minutes = calledAt.map((ms) => ms / 60_000);
  // At 0, 1 and 2 minutes on the grid; then after 2, 4 and 8 minutes, and never more than ten.
  assert.deepEqual(minutes, [0, 1, 2, 4, 8, 16, 26, 36]);
});

test('a success restores the original due times', async () => {
  const { clock, calledAt } = failFirst(2, { backoff: { after: 2, factor: 1.5 }, immediate: '10s' });
  await clock.advance('4m10s');
  assert.deepEqual(calledAt, [10_000, 70_000, 160_000, 190_000, 250_000]);
});

test('due times during the backoff are neither missed nor skipped', async () => {
  const { clock, task } = failFirst(4, { backoff: true });
  await clock.advance('30m');
  assert.equal(task.status.counts.missed, 0);
  assert.equal(task.status.counts.skipped, 0);
});

test('the backoff never shortens the interval', async () => {
  const { clock, calledAt } = failFirst(99, { backoff: { after: 1, max: '10s' } });
  await clock.advance('3m');
  assert.deepEqual(calledAt, [0, 60_000, 120_000, 180_000]);
});

test('a successful runNow() ends the backoff', async () => {
  const { clock, scheduler, task } = failFirst(3, { backoff: true });
  await clock.advance('150s');
  assert.equal(task.status.nextRunAt, clock.wall() + 90_000);
  await task.runNow();
  assert.equal(task.status.nextRunAt, clock.wall() + 30_000);
  await scheduler.stop();
});

test('a task that was paused for longer than its backoff returns to the grid', async () => {
  const { clock, task } = failFirst(3, { backoff: true });
  await clock.advance('121s');
  task.pause();
  await clock.advance('10m');
  task.resume();
  assert.equal(task.status.nextRunAt, clock.wall() + 59_000);
});

test('a task that sleeps through its backoff runs once', async () => {
  const { clock, task, calledAt } = failFirst(99, { backoff: { after: 1, factor: 2, max: '2m' } });
  await clock.advance('1s');
  clock.block('10m');
  await clock.advance(0);
  assert.equal(calledAt.length, 2);
  assert.equal(task.status.counts.missed, 4);
});

const refused: readonly (readonly [options: Partial<TaskOptions>, message: string])[] = [
  [{ retry: { attempts: -1 } }, 'The retry.attempts of task x must be a number of at least 0, got -1.'],
  [{ retry: { factor: 0.5 } }, 'The retry.factor of task x must be a number of at least 1, got 0.5.'],
  [{ retry: { min: 0 } }, 'The retry.min of task x must be greater than 0, got 0.'],
  [{ retry: { max: -1 } }, 'The retry.max of task x must be greater than 0, got -1.'],
  [{ backoff: { after: 0 } }, 'The backoff.after of task x must be a number of at least 1, got 0.'],
  [{ backoff: { factor: Number.NaN } }, 'The backoff.factor of task x must be a number of at least 1, got NaN.'],
  [{ backoff: { max: 0 } }, 'The backoff.max of task x must be greater than 0, got 0.'],
];

for (const [options, message] of refused) {
  test(`${JSON.stringify(options)} is rejected when the task is added`, () => {
    const { scheduler } = setUpScheduler();
    assert.throws(() => scheduler.every('1m', () => {}, { name: 'x', ...options }), new RangeError(message));
    assert.equal(scheduler.task('x'), undefined);
  });
}
