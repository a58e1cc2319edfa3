import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunContext } from '../../src/scheduler/index.ts';
import { deferred, forever, setUpScheduler, untilAborted } from './scheduler-fixture.ts';

test('a function receives its run and its deadline', async () => {
  const { clock, scheduler } = setUpScheduler();
  const contexts: RunContext[] = [];
  scheduler.every('10s', (context) => contexts.push(context), { name: 'count', timeout: '4s' });
  scheduler.start();
  await clock.advance('20s');
  const [, second] = contexts;
  assert.deepEqual(second?.run, {
    task: 'count',
    number: 2,
    reason: 'schedule',
    dueAt: clock.wall(),
    startedAt: clock.wall(),
    lagMs: 0,
  });
  assert.equal(second?.deadline, clock.wall() + 4000);
  assert.equal(second?.attempt, 1);
  assert.equal(second?.signal.aborted, false);
});

test("a function's log lines carry the name of its task", async () => {
  const lines: unknown[] = [];
  const log = (message: string, fields?: object) => void lines.push([message, fields]);
  const { clock, scheduler } = setUpScheduler({ logger: { debug: log, info: log, warn: log, error: log } });
  scheduler.every('10s', (context) => context.log.info('hello', { size: 1 }), { name: 'count' });
  scheduler.start();
  await clock.advance('10s');
  assert.deepEqual(lines, [['hello', { task: 'count', size: 1 }]]);
});

const throwing = (thrown: unknown) => () => {
  throw thrown;
};

type Then = (resolve: () => void, reject: (error: Error) => void) => void;
const thenable = (then: Then) => () => Object.fromEntries([['then', then]]);

const failures: readonly (readonly [what: string, fn: () => unknown, message: string])[] = [
  ['throws', throwing(new Error('broken')), 'broken'],
  ['rejects', () => Promise.reject(new Error('broken')), 'broken'],
  ['rejects later', () => Promise.resolve().then(throwing(new Error('broken'))), 'broken'],
  ['throws a string', throwing('broken'), 'Task count threw broken.'],
  ['throws a symbol', throwing(Symbol('s')), 'Task count threw Symbol(s).'],
  ['throws null', throwing(null), 'Task count threw a value that is not an Error; see its cause.'],
  [
    'throws a bare object',
    throwing(Object.create(null)),
    'Task count threw a value that is not an Error; see its cause.',
  ],
  ['rejects with undefined', () => Promise.reject(undefined), 'Task count threw undefined.'],
  ['returns a thenable that throws', thenable(throwing(new Error('broken'))), 'broken'],
  ['returns a thenable that rejects', thenable((_, reject) => reject(new Error('broken'))), 'broken'],
  ['returns a proxy that throws', () => new Proxy({}, { has: throwing(new Error('broken')) }), 'broken'],
];

for (const [what, fn, message] of failures) {
  test(`a function that ${what} has failed and runs again`, async () => {
    const { clock, scheduler } = setUpScheduler();
    const errors: string[] = [];
    scheduler.on('error', ({ error }) => errors.push(error.message));
    const task = scheduler.every('10s', fn, { name: 'count' });
    scheduler.start();
    await clock.advance('20s');
    assert.deepEqual(errors, [message, message]);
    assert.equal(task.status.counts.error, 2);
    assert.equal(task.status.consecutiveFailures, 2);
    assert.equal(task.status.lastError?.message, message);
    assert.equal(task.status.state, 'scheduled');
  });
}

test('a thrown value that is not an Error is the cause of the reported error', async () => {
  const { scheduler } = setUpScheduler();
  const thrown = { code: 7 };
  const task = scheduler.every('10s', () => Promise.reject(thrown), { name: 'count' });
  scheduler.start();
  await task.runNow();
  assert.equal(task.status.lastError?.cause, thrown);
});

test('a success resets the consecutive failures and keeps the last error', async () => {
  const { clock, scheduler } = setUpScheduler();
  let calls = 0;
  const fn = () => {
    if (++calls < 3) throw new Error(`failure ${calls}`);
  };
  const task = scheduler.every('10s', fn, { name: 'count' });
  scheduler.start();
  await clock.advance('20s');
  assert.equal(task.status.consecutiveFailures, 2);
  await clock.advance('10s');
  assert.equal(task.status.consecutiveFailures, 0);
  assert.equal(task.status.lastError?.message, 'failure 2');
  assert.equal(task.status.lastSuccessAt, clock.wall());
});

test('the time of the last success is the system time at its end, even if that was set during the run', async () => {
  const { clock, scheduler } = setUpScheduler();
  const task = scheduler.every('10s', () => clock.setWall(5_000_000), { name: 'count' });
  scheduler.start();
  await clock.advance('10s');
  assert.equal(task.status.lastSuccessAt, 5_000_000);
  assert.equal(task.status.lastDurationMs, 0);
});

test('a run that takes too long times out, and its signal aborts with a TimeoutError', async () => {
  const { clock, scheduler } = setUpScheduler();
  const reasons: unknown[] = [];
  const fn = (context: RunContext) => {
    context.signal.addEventListener('abort', () => reasons.push(context.signal.reason));
    return untilAborted(context);
  };
  const task = scheduler.every('1m', fn, { name: 'slow', timeout: '5s', immediate: true });
  scheduler.start();
  await clock.advance('4999ms');
  assert.equal(task.status.counts.timeout, 0);
  await clock.advance('1ms');
  assert.equal(task.status.counts.timeout, 1);
  assert.equal(task.status.counts.error, 0, 'the rejection that follows is not counted again');
  assert.equal(task.status.lastDurationMs, 5000);
  const [reason] = reasons;
  assert.ok(reason instanceof DOMException);
  assert.equal(reason.name, 'TimeoutError');
  assert.equal(reason.message, 'Task slow did not finish within 5s.');
  assert.equal(task.status.lastError, reason);
});

const timeouts = [
  ['10s', undefined, 10_000],
  ['5m', undefined, 30_000],
  ['5m', 'interval', 300_000],
  ['10s', '1m', 60_000],
  ['10s', 2500, 2500],
  ['10s', false, Number.POSITIVE_INFINITY],
] as const;

for (const [interval, timeout, milliseconds] of timeouts) {
  test(`with an interval of ${interval} and timeout ${timeout}, a run may take ${milliseconds} ms`, async () => {
    const { clock, scheduler } = setUpScheduler();
    const deadlines: number[] = [];
    const options = { name: 'count', ...(timeout === undefined ? {} : { timeout }) };
    const task = scheduler.every(interval, ({ deadline }) => deadlines.push(deadline), options);
    scheduler.start();
    await task.runNow();
    assert.deepEqual(deadlines, [clock.wall() + milliseconds]);
  });
}

test('a timeout that depends on the interval follows a new interval', async () => {
  const { clock, scheduler } = setUpScheduler();
  const deadlines: number[] = [];
  const task = scheduler.every('10s', ({ deadline }) => deadlines.push(deadline), { name: 'count' });
  scheduler.start();
  task.reschedule('4s');
  await task.runNow();
  assert.deepEqual(deadlines, [clock.wall() + 4000]);
});

test('a new interval changes the timeout of a task that has run, but not of a run in flight', async () => {
  const { clock, scheduler } = setUpScheduler();
  const deadlines: number[] = [];
  const gate = deferred();
  const record = ({ deadline }: { readonly deadline: number }) => {
    deadlines.push(deadline);
    return gate.promise;
  };
  const task = scheduler.every('10s', record, { name: 'count' });
  scheduler.start();
  const first = task.runNow();
  task.reschedule('4s');
  await clock.advance('5s');
  gate.resolve();
  assert.equal((await first).outcome, 'success');
  await task.runNow();
  assert.deepEqual(deadlines, [clock.wall() + 5000, clock.wall() + 4000]);
});

test('runNow() resolves at the timeout, not when the function returns', async () => {
  const { clock, scheduler } = setUpScheduler();
  const task = scheduler.every('1m', forever, { name: 'deaf', timeout: '5s' });
  scheduler.start();
  const result = task.runNow();
  await clock.advance('5s');
  assert.equal((await result).outcome, 'timeout');
  assert.equal(task.status.state, 'running');
});

test('a function that ignores its signal is abandoned, and the task continues', async () => {
  const { clock, scheduler } = setUpScheduler();
  let calls = 0;
  const fn = () => (++calls === 1 ? forever() : undefined);
  const task = scheduler.every('10s', fn, { name: 'deaf', timeout: '4s', abandonAfter: '5s' });
  scheduler.start();
  await clock.advance('18s');
  assert.equal(task.status.state, 'running');
  await clock.advance('1s');
  assert.equal(task.status.state, 'scheduled');
  assert.equal(task.status.abandonedRuns, 1);
  await clock.advance('1s');
  assert.equal(calls, 2);
  assert.equal(task.status.counts.success, 1);
});

test('an abandoned function that returns is no longer counted, and its result is ignored', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, resolve } = deferred();
  const task = scheduler.every('1m', () => promise, {
    name: 'deaf',
    timeout: '1s',
    abandonAfter: '1s',
    immediate: true,
  });
  const ends: string[] = [];
  scheduler.on('run:end', ({ outcome }) => ends.push(outcome));
  scheduler.start();
  await clock.advance('10s');
  assert.equal(task.status.abandonedRuns, 1);
  resolve();
  await clock.advance('1s');
  assert.equal(task.status.abandonedRuns, 0);
  assert.deepEqual(ends, ['timeout']);
  assert.equal(task.status.lastSuccessAt, undefined);
});

test('a function that fails after it was abandoned affects nothing', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, reject } = deferred();
  const task = scheduler.every('1m', () => promise, {
    name: 'deaf',
    timeout: '1s',
    abandonAfter: '1s',
    immediate: true,
  });
  scheduler.start();
  await clock.advance('10s');
  reject(new Error('too late'));
  await clock.advance('1s');
  assert.equal(task.status.counts.error, 0);
  assert.equal(task.status.abandonedRuns, 0);
});

test('an abandoned run gives its slot to the next one', async () => {
  const { clock, scheduler } = setUpScheduler({ maxConcurrent: 1 });
  scheduler.every('1h', forever, { name: 'deaf', timeout: '1s', abandonAfter: '1s', immediate: true });
  const other = scheduler.every('1h', () => {}, { name: 'other', immediate: true });
  scheduler.start();
  await clock.advance('1900ms');
  assert.equal(other.status.counts.success, 0);
  await clock.advance('200ms');
  assert.equal(other.status.counts.success, 1);
});

test('a task with too many abandoned runs is stuck and starts no more', async () => {
  const { clock, scheduler, logged } = setUpScheduler();
  let calls = 0;
  const fn = () => {
    calls++;
    return forever();
  };
  const task = scheduler.every('10s', fn, { name: 'deaf', timeout: '1s', abandonAfter: '1s', maxAbandoned: 2 });
  scheduler.start();
  await clock.advance('55s');
  assert.equal(calls, 2);
  assert.equal(task.status.state, 'stuck');
  assert.equal(task.status.counts.skipped, 3);
  assert.ok(logged.includes('Task deaf is stuck: 2 abandoned runs have not returned.'));
  const result = await task.runNow();
  assert.equal(result.outcome === 'skipped' && result.cause, 'stuck');
});

test('a stuck task continues when one of its functions returns', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, resolve } = deferred();
  let calls = 0;
  const fn = () => (++calls === 1 ? promise : undefined);
  const task = scheduler.every('10s', fn, { name: 'deaf', timeout: '1s', abandonAfter: '1s', maxAbandoned: 1 });
  scheduler.start();
  await clock.advance('35s');
  assert.equal(task.status.state, 'stuck');
  resolve();
  await clock.advance('5s');
  assert.equal(task.status.state, 'scheduled');
  assert.equal(calls, 2);
});

test('a waiting run is dropped when the task gets stuck', async () => {
  const { clock, scheduler } = setUpScheduler();
  const options = { name: 'deaf', overlap: 'queue', timeout: '15s', abandonAfter: '1s', maxAbandoned: 1 } as const;
  const task = scheduler.every('10s', forever, options);
  scheduler.start();
  await clock.advance('27s');
  assert.equal(task.status.state, 'stuck');
  assert.equal(task.status.counts.skipped, 1);
});

test('a synchronous function that takes longer than its timeout succeeds', async () => {
  const { clock, scheduler } = setUpScheduler();
  const task = scheduler.every('10s', () => clock.block('7s'), { name: 'busy', timeout: '1s' });
  scheduler.start();
  await clock.advance('10s');
  assert.equal(task.status.counts.success, 1);
  assert.equal(task.status.lastDurationMs, 7000);
});

test('a finished run leaves no alarm', async () => {
  const { clock, scheduler } = setUpScheduler();
  const task = scheduler.every('1h', async () => {}, { name: 'count', enabled: false });
  scheduler.start();
  await task.runNow();
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});
