import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunContext, Scheduler, StopReport } from '../../src/scheduler/index.ts';
import { deferred, forever, setStage, untilAborted } from './scheduler-fixture.ts';

const nothing: StopReport = { drained: [], aborted: [], abandoned: [] };

test('semantic 10: stop() of an idle scheduler has nothing to wait for', async () => {
  const { clock, scheduler } = setStage();
  const task = scheduler.every('10s', () => {}, { name: 'count' });
  scheduler.start();
  const stopped = scheduler.stop();
  assert.equal(clock.pendingTimers, 0, 'timers are gone when stop() returns');
  assert.deepEqual(await stopped, nothing);
  await clock.advance('1m');
  assert.equal(task.status.lastStartAt, undefined);
});

test('semantic 10: stop() of a scheduler that never started has nothing to do', async () => {
  const { scheduler } = setStage();
  assert.deepEqual(await scheduler.stop(), nothing);
});

test('semantic 10: stop() waits for the run that is under way', async () => {
  const { clock, scheduler } = setStage();
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

test('semantic 10: at the deadline stop() aborts what is still running', async () => {
  const { clock, scheduler } = setStage();
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

test('semantic 10: what ignores its signal is given up on a tenth of a second later', async () => {
  const { clock, scheduler } = setStage();
  const task = scheduler.every('10s', forever, { name: 'deaf', timeout: false });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop({ timeout: '3s' });
  await clock.advance('3100ms');
  assert.deepEqual(await stopped, { drained: [], aborted: [], abandoned: ['deaf'] });
  assert.equal(task.status.abandonedRuns, 1);
  assert.equal(clock.pendingTimers, 0, 'nothing keeps the process alive');
});

test('semantic 10: stop() waits eight seconds unless told otherwise', async () => {
  const { clock, scheduler } = setStage();
  scheduler.every('10s', untilAborted, { name: 'slow', timeout: false });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop();
  await clock.advance('7999ms');
  assert.equal(scheduler.task('slow')?.status.counts.aborted, 0);
  await clock.advance('1ms');
  assert.deepEqual((await stopped).aborted, ['slow']);
});

test('semantic 10: stop() can abort at once and then wait', async () => {
  const { clock, scheduler } = setStage();
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

test('semantic 10: a timeout of zero aborts as soon as it can', async () => {
  const { clock, scheduler } = setStage();
  scheduler.every('10s', untilAborted, { name: 'slow', timeout: false });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop({ timeout: 0 });
  await clock.advance(0);
  assert.deepEqual((await stopped).aborted, ['slow']);
});

test('semantic 10: a run that times out while the scheduler stops is drained', async () => {
  const { clock, scheduler } = setStage();
  const task = scheduler.every('10s', untilAborted, { name: 'slow', timeout: '2s' });
  scheduler.start();
  await clock.advance('10s');
  const stopped = scheduler.stop();
  await clock.advance('2s');
  assert.deepEqual(await stopped, { drained: ['slow'], aborted: [], abandoned: [] });
  assert.equal(task.status.counts.timeout, 1);
});

test('semantic 10: runs that wait for a slot or for their turn do not begin any more', async () => {
  const { clock, scheduler } = setStage({ maxConcurrent: 1 });
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

test('semantic 10: stop() twice is one stop, with one report', async () => {
  const { clock, scheduler } = setStage();
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

test('semantic 10: a removed task that is still running is waited for as well', async () => {
  const { clock, scheduler } = setStage();
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
  ['at its beginning', (scheduler) => scheduler.stop()],
  [
    'after an await, if it says who it is',
    async (scheduler, { run }) => {
      await null;
      return scheduler.stop({ from: run });
    },
  ],
];

for (const [when, stop] of callers) {
  test(`semantic 10: a task may await stop() ${when}: its own run is not waited for`, async () => {
    const { clock, scheduler } = setStage();
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

test('semantic 10: a task that joins a stop() under way is not waited for either', async () => {
  const { clock, scheduler } = setStage();
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

test('semantic 10: a task that awaits stop() without saying who it is waits until its deadline', async () => {
  const { clock, scheduler } = setStage();
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

test('semantic 10: a task that stops the scheduler with abort is not aborted itself', async () => {
  const { clock, scheduler } = setStage();
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

test('semantic 10: a task that has run another one at once is still known as the caller of stop()', async () => {
  const { clock, scheduler } = setStage();
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

test('semantic 10: a function that is aborted before it has returned its promise is given up on in time', async () => {
  const { clock, scheduler } = setStage();
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

test('semantic 10: a listener may stop the scheduler before the function is called', async () => {
  const { clock, scheduler } = setStage();
  let calls = 0;
  const task = scheduler.every('10s', () => calls++, { name: 'count' });
  scheduler.on('run:start', () => void scheduler.stop({ abort: 'now' }));
  scheduler.start();
  await clock.advance('10s');
  assert.equal(calls, 0);
  assert.equal(task.status.counts.aborted, 1);
  assert.deepEqual(await scheduler.stop(), { drained: [], aborted: ['count'], abandoned: [] });
});

test('semantic 11: start() twice is one start', async () => {
  const { clock, scheduler } = setStage();
  const ranAt: number[] = [];
  scheduler.every('10s', () => ranAt.push(clock.now()), { name: 'count', immediate: true });
  scheduler.start();
  await clock.advance('4s');
  scheduler.start();
  await clock.advance('8s');
  assert.deepEqual(ranAt, [0, 10_000]);
});

test('semantic 11: after stop() a start begins a new grid', async () => {
  const { clock, scheduler } = setStage();
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

test('semantic 11: start() while the scheduler still stops is too early', async () => {
  const { clock, scheduler } = setStage();
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
  test(`stop() refuses a timeout of ${options.timeout}, and the scheduler goes on`, () => {
    const { scheduler } = setStage();
    scheduler.start();
    assert.throws(() => scheduler.stop(options), new RangeError(message));
    assert.equal(scheduler.isStarted, true);
  });
}

test('semantic 10: a run that was given up on before, in favour of the one that stops the scheduler, is not reported', async () => {
  const { clock, scheduler } = setStage({ maxConcurrent: 1 });
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
