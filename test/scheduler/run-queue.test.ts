import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred, forever, setUpScheduler, untilAborted } from './scheduler-fixture.ts';

type Fixture = ReturnType<typeof setUpScheduler>;

test('a task that is still running skips runs that become due', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, resolve } = deferred();
  const task = scheduler.every('10s', () => promise, { name: 'slow', timeout: false });
  scheduler.start();
  await clock.advance('40s');
  assert.equal(task.status.state, 'running');
  assert.equal(task.status.counts.skipped, 3);
  resolve();
  await clock.advance('10s');
  assert.deepEqual({ ...task.status.counts }, { success: 2, error: 0, timeout: 0, aborted: 0, skipped: 3, missed: 0 });
});

test('listeners receive skipped runs with their due times', async () => {
  const { clock, scheduler } = setUpScheduler();
  const skips: object[] = [];
  scheduler.on('run:skip', (skip) => skips.push(skip));
  scheduler.every('10s', forever, { name: 'slow', timeout: false });
  scheduler.start();
  await clock.advance('20s');
  assert.deepEqual(skips, [{ task: 'slow', outcome: 'skipped', cause: 'overlap', dueAt: clock.wall() }]);
});

test('queue keeps one run for later and skips the others', async () => {
  const { clock, scheduler } = setUpScheduler();
  const first = deferred();
  const startedAt: number[] = [];
  const fn = () => {
    startedAt.push(clock.now());
    return startedAt.length === 1 ? first.promise : undefined;
  };
  const task = scheduler.every('10s', fn, { name: 'slow', overlap: 'queue', timeout: false });
  scheduler.start();
  await clock.advance('45s');
  assert.equal(task.status.counts.skipped, 2);
  first.resolve();
  await clock.advance(0);
  assert.deepEqual(startedAt, [10_000, 45_000]);
  assert.equal(task.status.lastLagMs, 25_000, 'it was due at 20 s');
  await clock.advance('5s');
  assert.deepEqual(startedAt, [10_000, 45_000, 50_000]);
});

test('abort aborts the run and starts the next one when it has settled', async () => {
  const { clock, scheduler } = setUpScheduler();
  const first = deferred();
  const events: string[] = [];
  const fn = ({ signal, run }: { signal: AbortSignal; run: { number: number } }) => {
    events.push(`start ${run.number} @${clock.now()}`);
    signal.addEventListener('abort', () => events.push(`${signal.reason.name} ${run.number} @${clock.now()}`));
    return run.number === 1 ? first.promise : undefined;
  };
  const task = scheduler.every('10s', fn, { name: 'slow', overlap: 'abort', timeout: false });
  scheduler.start();
  await clock.advance('22s');
  assert.deepEqual(events, ['start 1 @10000', 'AbortError 1 @20000']);
  first.resolve();
  await clock.advance(0);
  assert.deepEqual(events.slice(2), ['start 2 @22000']);
  assert.equal(task.status.counts.aborted, 1);
  assert.equal(task.status.counts.success, 1);
  assert.equal(task.status.consecutiveFailures, 0);
});

test('abort starts the next run when the aborted one is abandoned', async () => {
  const { clock, scheduler } = setUpScheduler();
  const task = scheduler.every('10s', forever, { name: 'deaf', overlap: 'abort', timeout: false, abandonAfter: '2s' });
  scheduler.start();
  await clock.advance('21s');
  assert.equal(task.status.lastStartAt, clock.wall() - 11_000);
  await clock.advance('1s');
  assert.equal(task.status.lastStartAt, clock.wall());
  assert.equal(task.status.abandonedRuns, 1);
});

test('abort keeps one run waiting and skips those that become due after it', async () => {
  const { clock, scheduler } = setUpScheduler();
  const options = { name: 'deaf', overlap: 'abort', timeout: false, abandonAfter: '25s' } as const;
  const task = scheduler.every('10s', forever, options);
  scheduler.start();
  await clock.advance('40s');
  assert.equal(task.status.counts.skipped, 2);
  assert.equal(task.status.counts.aborted, 1);
});

const wishes = [
  ['removes its task', (scheduler: Fixture['scheduler']) => void scheduler.remove('slow')],
  ['pauses its task', (scheduler: Fixture['scheduler']) => scheduler.task('slow')?.pause()],
  ['stops the scheduler', (scheduler: Fixture['scheduler']) => void scheduler.stop()],
] as const;

for (const [what, wish] of wishes) {
  test(`a run that is aborted for the next one may do this first: it ${what}`, async () => {
    const { clock, scheduler } = setUpScheduler();
    let runs = 0;
    const fn = ({ signal }: { signal: AbortSignal }) => {
      runs++;
      signal.addEventListener('abort', () => wish(scheduler));
      return untilAborted({ signal });
    };
    scheduler.every('10s', fn, { name: 'slow', overlap: 'abort', timeout: false });
    scheduler.start();
    await clock.advance('40s');
    assert.equal(runs, 1);
  });
}

test('runNow() in a listener for the end of an aborted run joins the run that replaces it', async () => {
  const { clock, scheduler } = setUpScheduler();
  const results: object[] = [];
  const task = scheduler.every('10s', untilAborted, { name: 'slow', overlap: 'abort', timeout: false });
  scheduler.on('run:end', () => void task.runNow().then((result) => results.push(result)));
  scheduler.start();
  await clock.advance('35s');
  assert.equal(results.length, 1, 'the run that began at 20 s was aborted at 30 s');
});

test('runNow() runs immediately, keeps the grid and returns the result', async () => {
  const { clock, scheduler } = setUpScheduler();
  const ranAt: number[] = [];
  const task = scheduler.every('10s', () => ranAt.push(clock.now()), { name: 'count' });
  scheduler.start();
  await clock.advance('4s');
  const result = await task.runNow({ reason: 'button' });
  assert.deepEqual(result, {
    task: 'count',
    number: 1,
    reason: 'button',
    dueAt: clock.wall(),
    startedAt: clock.wall(),
    lagMs: 0,
    outcome: 'success',
    durationMs: 0,
    attempts: 1,
    error: undefined,
  });
  await clock.advance('6s');
  assert.deepEqual(ranAt, [4000, 10_000]);
});

test('runNow() joins the run in flight', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, resolve } = deferred();
  const task = scheduler.every('10s', () => promise, { name: 'slow' });
  scheduler.start();
  await clock.advance('10s');
  const results = Promise.all([task.runNow(), task.runNow()]);
  resolve();
  const [first, second] = await results;
  assert.equal(first, second);
  assert.equal(task.status.counts.success, 1);
});

test('runNow() resolves with the result of a failed run', async () => {
  const { scheduler } = setUpScheduler();
  const error = new Error('no');
  const task = scheduler.every('10s', () => Promise.reject(error), { name: 'broken' });
  scheduler.start();
  const result = await task.runNow();
  assert.equal(result.outcome, 'error');
  assert.equal(result.outcome === 'error' && result.error, error);
});

test('runNow() after a timeout waits for the function to return and then runs again', async () => {
  const { clock, scheduler } = setUpScheduler();
  const first = deferred();
  let calls = 0;
  const fn = () => (++calls === 1 ? first.promise : undefined);
  const task = scheduler.every('10s', fn, { name: 'slow', timeout: '1s', abandonAfter: '1h' });
  scheduler.start();
  await clock.advance('12s');
  const result = task.runNow();
  first.resolve();
  assert.equal((await result).outcome, 'success');
  assert.equal(calls, 2);
});

test('runNow() runs a paused task', async () => {
  const { scheduler } = setUpScheduler();
  const task = scheduler.every('10s', () => {}, { name: 'count', enabled: false });
  scheduler.start();
  assert.equal((await task.runNow()).outcome, 'success');
  assert.equal(task.status.state, 'paused');
});

const refusals = [
  ['is not started', 'stopped', () => {}],
  [
    'has stopped',
    'stopped',
    (scheduler: ReturnType<typeof setUpScheduler>['scheduler']) => {
      scheduler.start();
      void scheduler.stop();
    },
  ],
] as const;

for (const [what, cause, prepare] of refusals) {
  test(`runNow() is skipped while the scheduler ${what}`, async () => {
    const { scheduler } = setUpScheduler();
    const task = scheduler.every('10s', () => {}, { name: 'count' });
    prepare(scheduler);
    const result = await task.runNow();
    assert.equal(result.outcome, 'skipped');
    assert.equal(result.outcome === 'skipped' && result.cause, cause);
    assert.equal(task.status.lastStartAt, undefined);
    assert.equal(task.status.counts.skipped, 0);
  });
}

test('runNow() of a removed task is skipped', async () => {
  const { scheduler } = setUpScheduler();
  const task = scheduler.every('10s', () => {}, { name: 'count' });
  scheduler.start();
  scheduler.remove('count');
  const result = await task.runNow();
  assert.equal(result.outcome === 'skipped' && result.cause, 'removed');
  assert.equal(task.status.lastStartAt, undefined);
});

test('pause() lets the run finish and drops the one that waits', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, resolve } = deferred();
  const task = scheduler.every('10s', () => promise, { name: 'slow', overlap: 'queue', timeout: false });
  scheduler.start();
  await clock.advance('20s');
  task.pause();
  assert.equal(task.status.state, 'running');
  resolve();
  await clock.advance('30s');
  assert.equal(task.status.state, 'paused');
  assert.equal(task.status.counts.success, 1);
  assert.equal(task.status.counts.skipped, 0);
});

test('at most maxConcurrent runs are in flight, and the others start in the order in which they were due', async () => {
  const { clock, scheduler } = setUpScheduler({ maxConcurrent: 2 });
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  for (const name of ['a', 'b', 'c', 'd']) {
    const { promise, resolve } = deferred();
    ends.set(name, resolve);
    scheduler.every('10s', () => started.push(name) && promise, { name, timeout: false });
  }
  scheduler.start();
  await clock.advance('10s');
  assert.deepEqual(started, ['a', 'b']);
  assert.equal(scheduler.task('c')?.status.state, 'queued');
  ends.get('b')?.();
  await clock.advance('3s');
  assert.deepEqual(started, ['a', 'b', 'c']);
  ends.get('a')?.();
  await clock.advance('1s');
  assert.deepEqual(started, ['a', 'b', 'c', 'd']);
});

test('waiting for a slot counts as lag, not towards the timeout', async () => {
  const { clock, scheduler } = setUpScheduler({ maxConcurrent: 1 });
  const { promise, resolve } = deferred();
  scheduler.every('1h', () => promise, { name: 'first', immediate: true, timeout: false });
  const second = scheduler.every('1h', untilAborted, { name: 'second', immediate: true, timeout: '5s' });
  scheduler.start();
  await clock.advance('8s');
  resolve();
  await clock.advance('4s');
  assert.equal(second.status.lastLagMs, 8000);
  assert.equal(second.status.state, 'running');
  await clock.advance('2s');
  assert.equal(second.status.counts.timeout, 1);
});

test('a task that waits for a slot skips runs that become due', async () => {
  const { clock, scheduler } = setUpScheduler({ maxConcurrent: 1 });
  scheduler.every('1h', forever, { name: 'first', immediate: true, timeout: false });
  const second = scheduler.every('10s', () => {}, { name: 'second', immediate: true });
  scheduler.start();
  await clock.advance('30s');
  assert.equal(second.status.counts.skipped, 3);
  assert.equal(second.status.counts.success, 0);
});

test('a task that is removed while it waits for a slot never starts', async () => {
  const { clock, scheduler } = setUpScheduler({ maxConcurrent: 1 });
  const { promise, resolve } = deferred();
  scheduler.every('1h', () => promise, { name: 'first', immediate: true, timeout: false });
  const second = scheduler.every('1h', () => {}, { name: 'second', immediate: true });
  scheduler.start();
  await clock.advance('1s');
  scheduler.remove('second');
  resolve();
  await clock.advance('10s');
  assert.equal(second.status.lastStartAt, undefined);
});

test('thousands of waiting runs start without a stack overflow, in slices', async () => {
  const { clock, scheduler } = setUpScheduler({ maxConcurrent: 1 });
  const { promise, resolve } = deferred();
  let runs = 0;
  scheduler.every('1h', () => promise, { name: 'first', immediate: true, timeout: false });
  for (let i = 0; i < 10_000; i++) scheduler.every('1h', () => runs++, { name: `task ${i}`, immediate: true });
  scheduler.start();
  await clock.advance('1s');
  assert.equal(runs, 0);
  resolve();
  await clock.advance('1s');
  assert.equal(runs, 10_000);
});
