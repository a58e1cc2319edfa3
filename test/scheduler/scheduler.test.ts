import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Duration, Scheduler, type TaskFunction, type TaskOptions } from '../../src/scheduler/index.ts';
import { deferred, forever, setUpScheduler, untilAborted } from './scheduler-fixture.ts';

test('a simple task takes one line', async () => {
  const { clock, scheduler } = setUpScheduler();
  let total = 0;
  scheduler.every('30s', () => total++, { name: 'count', immediate: true });
  scheduler.start();
  await clock.advance('1m');
  assert.equal(total, 3);
});

test('the status of a new task has no times yet', () => {
  const { scheduler } = setUpScheduler();
  const { status } = scheduler.every('30s', () => {}, { name: 'count' });
  assert.deepEqual(status, {
    name: 'count',
    state: 'stopped',
    intervalMs: 30_000,
    isRunning: false,
    isReady: true,
    nextRunAt: undefined,
    lastStartAt: undefined,
    lastSuccessAt: undefined,
    lastDurationMs: undefined,
    lastLagMs: undefined,
    lastError: undefined,
    consecutiveFailures: 0,
    abandonedRuns: 0,
    counts: { success: 0, error: 0, timeout: 0, aborted: 0, skipped: 0, missed: 0 },
  });
});

test('a status is a copy that later runs do not change', async () => {
  const { scheduler } = setUpScheduler();
  const task = scheduler.every('30s', () => {}, { name: 'count' });
  scheduler.start();
  const before = task.status;
  await task.runNow();
  assert.equal(before.counts.success, 0);
  assert.equal(task.status.counts.success, 1);
});

test('the status of a running task has its start time', async () => {
  const { clock, scheduler } = setUpScheduler();
  const task = scheduler.every('30s', forever, { name: 'slow' });
  scheduler.start();
  await clock.advance('31s');
  const { isRunning, lastStartAt, lastDurationMs, nextRunAt } = task.status;
  assert.deepEqual([isRunning, lastStartAt, lastDurationMs], [true, clock.wall() - 1000, undefined]);
  assert.equal(nextRunAt, clock.wall() + 29_000);
});

test('tasks are listed in the order in which they were added', () => {
  const { scheduler } = setUpScheduler();
  for (const name of ['b', 'a', 'c']) scheduler.every('30s', () => {}, { name });
  assert.deepEqual(
    scheduler.tasks.map(({ name }) => name),
    ['b', 'a', 'c'],
  );
  assert.equal(scheduler.task('a'), scheduler.tasks[1]);
  assert.equal(scheduler.task('d'), undefined);
});

test('a task with readyAfterFirstSuccess is ready after its first success', async () => {
  const { clock, scheduler } = setUpScheduler();
  let isBroken = true;
  const fn = () => {
    if (isBroken) throw new Error('broken');
  };
  const task = scheduler.every('10s', fn, { name: 'count', readyAfterFirstSuccess: true });
  scheduler.start();
  await clock.advance('10s');
  assert.equal(task.status.isReady, false);
  isBroken = false;
  await clock.advance('10s');
  assert.equal(task.status.isReady, true);
});

const refused: readonly (readonly [what: string, interval: Duration, options: TaskOptions, error: Error])[] = [
  ['an interval of zero', 0, { name: 'x' }, new RangeError('The interval of task x must be greater than 0, got 0.')],
  [
    'a negative interval',
    -1000,
    { name: 'x' },
    new RangeError('The interval of task x must be greater than 0, got -1000.'),
  ],
  [
    'an interval of NaN',
    Number.NaN,
    { name: 'x' },
    new RangeError('The interval of task x must be a number, got NaN.'),
  ],
  [
    'an infinite interval',
    Number.POSITIVE_INFINITY,
    { name: 'x' },
    new RangeError('The interval of task x must be at most ten years, got Infinity.'),
  ],
  [
    'an interval of eleven years',
    '11y',
    { name: 'x' },
    new RangeError("The interval of task x must be at most ten years, got '11y'."),
  ],
  [
    'a first run in the past',
    '1m',
    { name: 'x', immediate: -1 },
    new RangeError('The immediate of task x must be at least 0, got -1.'),
  ],
  [
    'a timeout of zero',
    '1m',
    { name: 'x', timeout: 0 },
    new RangeError('The timeout of task x must be greater than 0, got 0.'),
  ],
  [
    'a negative abandonAfter',
    '1m',
    { name: 'x', abandonAfter: -1 },
    new RangeError('The abandonAfter of task x must be at least 0, got -1.'),
  ],
  [
    'a maxAbandoned of zero',
    '1m',
    { name: 'x', maxAbandoned: 0 },
    new RangeError('The maxAbandoned of task x must be an integer of at least 1, got 0.'),
  ],
  [
    'jitter of more than the interval',
    '1m',
    { name: 'x', jitter: 1.5 },
    new RangeError("The jitter of task x must be a number from 0 to 1 or 'hash', got 1.5."),
  ],
  [
    'jitter of NaN',
    '1m',
    { name: 'x', jitter: Number.NaN },
    new RangeError("The jitter of task x must be a number from 0 to 1 or 'hash', got NaN."),
  ],
  [
    'an overlap that does not exist',
    '1m',
    // @ts-expect-error unknown overlap
    { name: 'x', overlap: 'all' },
    new RangeError('The overlap of task x must be one of skip, queue, abort, got all.'),
  ],
  [
    'an empty name',
    '1m',
    { name: '' },
    new TypeError("A task must have a name that is not empty: every('30s', fn, { name: 'count' })."),
  ],
  [
    'a name that is a number',
    '1m',
    // @ts-expect-error a name is a string
    { name: 5 },
    new TypeError("A task must have a name that is not empty: every('30s', fn, { name: 'count' })."),
  ],
  [
    'no name',
    '1m',
    // @ts-expect-error a name is required
    {},
    new TypeError("A task must have a name that is not empty: every('30s', fn, { name: 'count' })."),
  ],
];

for (const [what, interval, options, error] of refused) {
  test(`every() rejects ${what}`, () => {
    const { scheduler } = setUpScheduler();
    assert.throws(() => scheduler.every(interval, () => {}, options), error);
    assert.deepEqual(scheduler.tasks, []);
  });
}

test('every() rejects a value that is not a function', () => {
  const { scheduler } = setUpScheduler();
  const message = 'Task x must have a function to call, got string.';
  // @ts-expect-error a string is not a function
  assert.throws(() => scheduler.every('1m', 'echo', { name: 'x' }), new TypeError(message));
});

test('every() rejects a name that is taken', () => {
  const { scheduler } = setUpScheduler();
  scheduler.every('1m', () => {}, { name: 'count' });
  const message = 'A task named count is already scheduled; remove() it first, or use another name.';
  assert.throws(() => scheduler.every('1m', () => {}, { name: 'count' }), new Error(message));
});

test('a scheduler rejects a maxConcurrent of 0', () => {
  assert.throws(() => new Scheduler({ maxConcurrent: 0 }), new RangeError('maxConcurrent must be at least 1, got 0.'));
  assert.throws(() => new Scheduler({ maxConcurrent: Number.NaN }), RangeError);
});

test('remove() frees the name, lets the run finish and starts no more', async () => {
  const { clock, scheduler } = setUpScheduler();
  const { promise, resolve } = deferred();
  const removed = scheduler.every('10s', () => promise, { name: 'count' });
  scheduler.start();
  await clock.advance('10s');
  assert.equal(scheduler.remove('count'), true);
  assert.equal(scheduler.remove('count'), false);
  assert.equal(removed.status.state, 'removed');
  const added = scheduler.every('10s', () => {}, { name: 'count' });
  resolve();
  await clock.advance('10s');
  assert.equal(removed.status.counts.success, 1);
  assert.equal(added.status.counts.success, 1);
  assert.deepEqual(scheduler.tasks, [added]);
});

test('a task may remove itself', async () => {
  const { clock, scheduler } = setUpScheduler();
  let runs = 0;
  const fn = () => {
    if (++runs === 2) scheduler.remove('twice');
  };
  scheduler.every('10s', fn, { name: 'twice' });
  scheduler.start();
  await clock.advance('1m');
  assert.equal(runs, 2);
  assert.equal(clock.pendingTimers, 0);
});

test('a task may remove another one that is due at the same time', async () => {
  const { clock, scheduler } = setUpScheduler();
  scheduler.every('10s', () => scheduler.remove('second'), { name: 'first' });
  const second = scheduler.every('10s', () => {}, { name: 'second' });
  scheduler.start();
  await clock.advance('30s');
  assert.equal(second.status.lastStartAt, undefined);
});

test('a task may add tasks, which start immediately', async () => {
  const { clock, scheduler } = setUpScheduler();
  const ranAt: string[] = [];
  const add = () => {
    const name = `task ${scheduler.tasks.length}`;
    scheduler.every('1h', () => ranAt.push(`${name} @${clock.now()}`), { name, immediate: true });
  };
  scheduler.every('10s', add, { name: 'adder' });
  scheduler.start();
  await clock.advance('20s');
  assert.deepEqual(ranAt, ['task 1 @10000', 'task 2 @20000']);
});

test('a task may reschedule and pause itself', async () => {
  const { clock, scheduler } = setUpScheduler();
  const ranAt: number[] = [];
  const fn = () => {
    ranAt.push(clock.now());
    if (ranAt.length === 1) task.reschedule('3s');
    if (ranAt.length === 2) task.pause();
  };
  const task = scheduler.every('10s', fn, { name: 'count' });
  scheduler.start();
  await clock.advance('1m');
  assert.deepEqual(ranAt, [10_000, 13_000]);
});

test('without a logger, a failure becomes a process warning', async () => {
  const { clock } = setUpScheduler();
  const warnings: Error[] = [];
  const keep = (warning: Error) => void warnings.push(warning);
  process.on('warning', keep);
  const scheduler = new Scheduler({ clock });
  const fn = ({ log }: { log: { info(message: string): void } }) => {
    log.info('not worth a warning');
    throw new Error('broken');
  };
  scheduler.every('10s', fn, { name: 'count', immediate: true });
  scheduler.start();
  await clock.advance(0);
  process.off('warning', keep);
  assert.deepEqual(
    warnings.map(({ name, message }) => `${name}: ${message}`),
    ['SchedulerWarning: Task count failed: broken'],
  );
});

test('without a logger, a process warning contains the fields', async (t) => {
  const warn = t.mock.method(process, 'emitWarning', () => {});
  const { clock } = setUpScheduler();
  const scheduler = new Scheduler({ clock });
  const fn: TaskFunction = ({ log }) => {
    log.warn('The target is slow.', { target: 'a:1\n', seconds: 3, nothing: undefined });
    log.error('The target is down.', { error: new Error('refused') });
  };
  scheduler.every('10s', fn, { name: 'count', immediate: true });
  scheduler.start();
  await clock.advance(0);
  const [first, second] = warn.mock.calls.map(
    // As warningLogger calls it.
    (call) => call.arguments as unknown as [string, { readonly detail: string }],
  );
  assert.deepEqual(first, [
    'The target is slow.',
    { type: 'SchedulerWarning', detail: 'task: count\ntarget: a:1\\n\nseconds: 3\nnothing: undefined' },
  ]);
  assert.equal(second?.[0], 'The target is down.');
  assert.match(second[1].detail, /^task: count\nError: refused\n/);
});

test('an aborted run is neither a failure nor a success', async () => {
  const { clock, scheduler } = setUpScheduler();
  const failures: object[] = [];
  scheduler.on('error', (failure) => failures.push(failure));
  const task = scheduler.every('10s', untilAborted, { name: 'slow', timeout: false, overlap: 'abort' });
  scheduler.start();
  await clock.advance('35s');
  assert.equal(task.status.counts.aborted, 2);
  assert.equal(task.status.consecutiveFailures, 0);
  assert.deepEqual(failures, []);
});
