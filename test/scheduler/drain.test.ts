import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunContext, Scheduler, StopReport } from '../../src/scheduler/index.ts';
import { deferred, forever, setUpScheduler, untilAborted } from './scheduler-fixture.ts';

const nothing: StopReport = { drained: [], aborted: [], abandoned: [] };

test('stop() of an idle scheduler has nothing to wait for', async () => {
  const { clock, scheduler } = setUpScheduler();
  const task = scheduler.every('10s', () => {}, { name: 'count' });
  scheduler.start();
  const stopped = scheduler.stop();
  assert.equal(clock.pendingTimers, 0, 'timers are gone when stop() returns');
  assert.deepEqual(await stopped, nothing);
  await clock.advance('1m');
  assert.equal(task.status.lastStartAt, undefined);
});

test('stop() of a scheduler that never started has nothing to do', async () => {
  const { scheduler } = setUpScheduler();
  assert.deepEqual(await scheduler.stop(), nothing);
});

test('stop() waits for the run in flight', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, resolve } = deferred();
  const task = scheduler.every('10s', () => promise, { name: 'slow' });
  scheduler.start();
  await clock.advance('10s');
  let report: StopReport | undefined;
  void scheduler.stop().then((done) => {
    report = done;
  });
  await clock.advance('2s');
  assert.equal(report, undefined);
  assert.equal(task.status.state, 'running');
  resolve();
  await clock.advance(0);
  assert.deepEqual(report, { drained: ['slow'], aborted: [], abandoned: [] });
  assert.equal(task.status.state, 'stopped');
  assert.equal(task.status.counts.success, 1);
  assert.equal(clock.pendingTimers, 0);
});

test('stop() aborts runs that are still in flight at its deadline', async () => {
  const { clock, scheduler } = setUpScheduler();
  const task = scheduler.every('10s', untilAborted, { name: 'slow', timeout: false });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop({ timeout: '3s' });
  await clock.advance('2999ms');
  assert.equal(task.status.counts.aborted, 0);
  await clock.advance('1ms');
  assert.deepEqual(await stopped, { drained: [], aborted: ['slow'], abandoned: [] });
  assert.equal(task.status.counts.aborted, 1);
});

test('a function that ignores its signal is abandoned 100 ms later', async () => {
  const { clock, scheduler } = setUpScheduler();
  const task = scheduler.every('10s', forever, { name: 'deaf', timeout: false });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop({ timeout: '3s' });
  await clock.advance('3100ms');
  assert.deepEqual(await stopped, { drained: [], aborted: [], abandoned: ['deaf'] });
  assert.equal(task.status.abandonedRuns, 1);
  assert.equal(clock.pendingTimers, 0, 'nothing keeps the process alive');
});

test('stop() waits eight seconds by default', async () => {
  const { clock, scheduler } = setUpScheduler();
  scheduler.every('10s', untilAborted, { name: 'slow', timeout: false });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop();
  await clock.advance('7999ms');
  assert.equal(scheduler.task('slow')?.status.counts.aborted, 0);
  await clock.advance('1ms');
  assert.deepEqual((await stopped).aborted, ['slow']);
});

test('stop() can abort immediately and then wait', async () => {
  const { clock, scheduler } = setUpScheduler();
  const slow = deferred();
  scheduler.every('10s', () => slow.promise, { name: 'slow', timeout: false });
  scheduler.every('10s', untilAborted, { name: 'obedient', timeout: false });
  scheduler.every('10s', forever, { name: 'deaf', timeout: false });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop({ timeout: '3s', abort: 'now' });
  await clock.advance('2s');
  slow.resolve();
  await clock.advance('1s');
  assert.deepEqual(await stopped, { drained: [], aborted: ['obedient', 'slow'], abandoned: ['deaf'] });
});

test('a timeout of zero aborts immediately', async () => {
  const { clock, scheduler } = setUpScheduler();
  scheduler.every('10s', untilAborted, { name: 'slow', timeout: false });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop({ timeout: 0 });
  await clock.advance(0);
  assert.deepEqual((await stopped).aborted, ['slow']);
});

test('a run that times out while the scheduler stops is drained', async () => {
  const { clock, scheduler } = setUpScheduler();
  const task = scheduler.every('10s', untilAborted, { name: 'slow', timeout: '2s' });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop();
  await clock.advance('2s');
  assert.deepEqual(await stopped, { drained: ['slow'], aborted: [], abandoned: [] });
  assert.equal(task.status.counts.timeout, 1);
});

test('stop() drops runs that wait for a slot or for an earlier run', async () => {
  const { clock, scheduler } = setUpScheduler({ maxConcurrent: 1 });
  const { promise, resolve } = deferred();
  scheduler.every('10s', () => promise, { name: 'first', timeout: false, overlap: 'queue' });
  const second = scheduler.every('10s', () => {}, { name: 'second' });
  scheduler.start();
  await clock.advance('20s');
  const manual = second.runNow();
  const stopped = scheduler.stop();
  const result = await manual;
  assert.equal(result.outcome === 'skipped' && result.cause, 'stopped');
  resolve();
  assert.deepEqual(await stopped, { drained: ['first'], aborted: [], abandoned: [] });
  await clock.advance('1m');
  assert.equal(scheduler.task('first')?.status.counts.success, 1);
  assert.equal(second.status.lastStartAt, undefined);
});

test('a second stop() returns the same report', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, resolve } = deferred();
  scheduler.every('10s', () => promise, { name: 'slow' });
  scheduler.start();
  await clock.advance('10s');
  const first = scheduler.stop();
  const second = scheduler.stop();
  resolve();
  assert.deepEqual(await first, await second);
  assert.deepEqual(await scheduler.stop(), { drained: ['slow'], aborted: [], abandoned: [] });
});

test('stop() also waits for a removed task that is still running', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, resolve } = deferred();
  scheduler.every('10s', () => promise, { name: 'slow' });
  scheduler.start();
  await clock.advance('10s');
  scheduler.remove('slow');
  const stopped = scheduler.stop();
  resolve();
  assert.deepEqual((await stopped).drained, ['slow']);
});

const callers: readonly (readonly [
  when: string,
  fn: (scheduler: Scheduler, context: RunContext) => Promise<StopReport>,
])[] = [
  ['before its first await', (scheduler) => scheduler.stop()],
  [
    'after an await if it passes its run',
    async (scheduler, { run }) => {
      await null;
      return scheduler.stop({ from: run });
    },
  ],
];

for (const [when, stop] of callers) {
  test(`a task may await stop() ${when}, which does not wait for its own run`, async () => {
    const { clock, scheduler } = setUpScheduler();
    let report: StopReport | undefined;
    const fn = async (context: RunContext) => {
      report = await stop(scheduler, context);
    };
    const task = scheduler.every('10s', fn, { name: 'suicidal', timeout: false });
    scheduler.start();
    await clock.advance('10s');
    assert.deepEqual(report, nothing);
    assert.equal(task.status.counts.success, 1);
    assert.equal(task.status.state, 'stopped');
  });
}

test('a stop() in progress does not wait for a task that joins it', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, resolve } = deferred();
  const fn = async ({ run }: RunContext) => {
    await promise;
    await scheduler.stop({ from: run });
  };
  scheduler.every('10s', fn, { name: 'late', timeout: false });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop();
  resolve();
  assert.deepEqual(await stopped, nothing);
});

test('a task that awaits stop() after an await without passing its run waits until the deadline', async () => {
  const { clock, scheduler } = setUpScheduler();
  const fn = async () => {
    await null;
    await scheduler.stop({ timeout: '2s' });
  };
  scheduler.every('10s', fn, { name: 'slow', timeout: false });
  scheduler.start();
  await clock.advance('13s');
  assert.deepEqual(await scheduler.stop(), { drained: [], aborted: [], abandoned: ['slow'] });
  assert.equal(scheduler.task('slow')?.status.abandonedRuns, 0, 'stop() resolved, so the function could end');
});

test('a task that stops the scheduler with abort is not aborted itself', async () => {
  const { clock, scheduler } = setUpScheduler();
  const other = scheduler.every('10s', untilAborted, { name: 'other', timeout: false });
  const fn = async ({ signal }: RunContext) => {
    const report = await scheduler.stop({ abort: 'now' });
    assert.deepEqual(report.aborted, ['other']);
    assert.equal(signal.aborted, false);
  };
  const task = scheduler.every('10s', fn, { name: 'suicidal', timeout: false });
  scheduler.start();
  await clock.advance('10s');
  assert.equal(task.status.counts.success, 1);
  assert.equal(other.status.counts.aborted, 1);
});

test('a task that has called runNow() of another task is still known as the caller of stop()', async () => {
  const { clock, scheduler } = setUpScheduler();
  const other = scheduler.every('1h', () => {}, { name: 'other' });
  const fn = async () => {
    void other.runNow();
    assert.deepEqual(await scheduler.stop(), nothing);
  };
  const task = scheduler.every('10s', fn, { name: 'suicidal', timeout: false });
  scheduler.start();
  await clock.advance('10s');
  assert.equal(task.status.counts.success, 1);
  assert.equal(other.status.counts.success, 1);
});

test('a function that is aborted before it has returned its promise is abandoned in time', async () => {
  const { clock, scheduler } = setUpScheduler();
  const stopper = scheduler.every('1h', () => void scheduler.stop({ abort: 'now' }), { name: 'stopper' });
  const fn = () => {
    void stopper.runNow();
    return forever();
  };
  scheduler.every('10s', fn, { name: 'deaf', timeout: false, abandonAfter: '1s' });
  scheduler.start();
  await clock.advance('11s');
  assert.equal(scheduler.task('deaf')?.status.abandonedRuns, 1);
  assert.deepEqual(await scheduler.stop(), { drained: [], aborted: [], abandoned: ['deaf'] });
});

test('a listener may stop the scheduler before the function is called', async () => {
  const { clock, scheduler } = setUpScheduler();
  let calls = 0;
  const task = scheduler.every('10s', () => calls++, { name: 'count' });
  scheduler.on('run:start', () => void scheduler.stop({ abort: 'now' }));
  scheduler.start();
  await clock.advance('10s');
  assert.equal(calls, 0);
  assert.equal(task.status.counts.aborted, 1);
  assert.deepEqual(await scheduler.stop(), { drained: [], aborted: ['count'], abandoned: [] });
});

test('a second start() does nothing', async () => {
  const { clock, scheduler } = setUpScheduler();
  const ranAt: number[] = [];
  scheduler.every('10s', () => ranAt.push(clock.now()), { name: 'count', immediate: true });
  scheduler.start();
  await clock.advance('4s');
  scheduler.start();
  await clock.advance('8s');
  assert.deepEqual(ranAt, [0, 10_000]);
});

test('start() after stop() begins a new grid', async () => {
  const { clock, scheduler } = setUpScheduler();
  const ranAt: number[] = [];
  const task = scheduler.every('10s', () => ranAt.push(clock.now()), { name: 'count', immediate: true });
  scheduler.start();
  await clock.advance('15s');
  await scheduler.stop();
  await clock.advance('18s');
  scheduler.start();
  await clock.advance('10s');
  assert.deepEqual(ranAt, [0, 10_000, 33_000, 43_000]);
  assert.equal(task.status.counts.missed, 0);
});

test('start() throws while the scheduler is still stopping', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, resolve } = deferred();
  scheduler.every('10s', () => promise, { name: 'slow' });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop();
  const message = 'The scheduler is still stopping; await stop() before start().';
  assert.throws(() => scheduler.start(), new Error(message));
  resolve();
  await stopped;
  scheduler.start();
  assert.equal(scheduler.isStarted, true);
});

const refused = [
  [{ timeout: -1 }, 'The timeout of stop() must be at least 0, got -1.'],
  [
    { timeout: 'soon' },
    "The timeout of stop() must be a duration such as '1m30s', got 'soon': expected numbers with units.",
  ],
] as const;

for (const [options, message] of refused) {
  test(`stop() rejects a timeout of ${options.timeout}, and the scheduler continues`, () => {
    const { scheduler } = setUpScheduler();
    scheduler.start();
    assert.throws(() => scheduler.stop(options), new RangeError(message));
    assert.equal(scheduler.isStarted, true);
  });
}

test('a run that was abandoned before stop() is not reported', async () => {
  const { clock, scheduler } = setUpScheduler({ maxConcurrent: 1 });
  let report: StopReport | undefined;
  const stop = async () => {
    report = await scheduler.stop();
  };
  scheduler.every('1h', forever, { name: 'deaf', immediate: true, timeout: '1s', abandonAfter: '1s' });
  scheduler.every('1h', stop, { name: 'last', immediate: true });
  scheduler.start();
  await clock.advance('3s');
  assert.deepEqual(report, nothing);
});
