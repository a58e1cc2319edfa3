import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SchedulerEvents } from '../../src/scheduler/index.ts';
import { deferred, setUpScheduler } from './scheduler-fixture.ts';

test('listeners receive the events of a run from start to end', async () => {
  const { clock, scheduler } = setUpScheduler();
  const heard: string[] = [];
  scheduler.on('run:start', ({ task, number, reason }) => heard.push(`start ${task} ${number} ${reason}`));
  scheduler.on('run:end', ({ task, outcome, durationMs }) => heard.push(`end ${task} ${outcome} ${durationMs}`));
  scheduler.on('state', ({ from, to }) => heard.push(`${from} -> ${to}`));
  const { promise, resolve } = deferred();
  scheduler.every('10s', () => promise, { name: 'slow' });
  scheduler.start();
  await clock.advance('12s');
  resolve();
  await clock.advance(0);
  assert.deepEqual(heard, [
    'stopped -> scheduled',
    'start slow 1 schedule',
    'scheduled -> running',
    'end slow success 2000',
    'running -> scheduled',
  ]);
});

test('a failed run emits error with the run that it belongs to', async () => {
  const { scheduler } = setUpScheduler();
  const failures: SchedulerEvents['error'][] = [];
  scheduler.on('error', (failure) => failures.push(failure));
  const error = new Error('broken');
  const task = scheduler.every('10s', () => Promise.reject(error), { name: 'count' });
  scheduler.start();
  const run = await task.runNow();
  assert.deepEqual(failures, [{ task: 'count', error, run }]);
});

test('onError receives the same errors as listeners for error', async () => {
  const errors: string[] = [];
  const { scheduler } = setUpScheduler({ onError: (error, { task }) => errors.push(`${task}: ${error.message}`) });
  const task = scheduler.every('10s', () => Promise.reject(new Error('broken')), { name: 'count' });
  scheduler.start();
  await task.runNow();
  assert.deepEqual(errors, ['count: broken']);
});

test('a removed listener receives no more events', async () => {
  const { scheduler } = setUpScheduler();
  let heard = 0;
  const off = scheduler.on('run:start', () => heard++);
  scheduler.on('run:start', () => heard++);
  const task = scheduler.every('10s', () => {}, { name: 'count' });
  scheduler.start();
  await task.runNow();
  assert.equal(heard, 2);
  off();
  off();
  await task.runNow();
  assert.equal(heard, 3);
});

test('the same function can be added twice and is removed once for each', async () => {
  const { scheduler } = setUpScheduler();
  let heard = 0;
  const listener = () => heard++;
  const off = scheduler.on('run:start', listener);
  scheduler.on('run:start', listener);
  off();
  const task = scheduler.every('10s', () => {}, { name: 'count' });
  scheduler.start();
  await task.runNow();
  assert.equal(heard, 1);
});

test('a listener that is added by a listener receives the next event, not this one', async () => {
  const { scheduler } = setUpScheduler();
  let heard = 0;
  const off = scheduler.on('run:start', () => {
    off();
    scheduler.on('run:start', () => heard++);
  });
  const task = scheduler.every('10s', () => {}, { name: 'count' });
  scheduler.start();
  await task.runNow();
  assert.equal(heard, 0);
  await task.runNow();
  assert.equal(heard, 1);
});

const broken = () => {
  throw new Error('broken listener');
};

for (const event of ['run:start', 'run:end', 'run:skip', 'run:miss', 'error', 'state'] as const) {
  test(`a listener for ${event} that throws is logged and affects nothing else`, async () => {
    const { clock, scheduler, logged } = setUpScheduler();
    let heard = 0;
    scheduler.on(event, broken);
    scheduler.on(event, () => heard++);
    const fn = async () => {
      if (calls++ === 1) await new Promise(() => {});
      throw new Error('failed');
    };
    let calls = 0;
    const task = scheduler.every('10s', fn, { name: 'count', timeout: '15s' });
    scheduler.start();
    await clock.advance('40s');
    clock.block('1m');
    await clock.advance('1m');
    assert.ok(heard > 0);
    assert.ok(logged.includes(`A listener for ${event} failed.`));
    assert.ok(task.status.counts.error >= 3);
  });
}

test('a listener whose promise rejects is logged, too', async () => {
  const { clock, scheduler, logged } = setUpScheduler();
  scheduler.on('run:start', () => Promise.reject(new Error('broken listener')));
  scheduler.every('10s', () => {}, { name: 'count' });
  scheduler.start();
  await clock.advance('10s');
  assert.deepEqual(logged, ['A listener for run:start failed.']);
});

test('an onError that throws is logged and affects nothing else', async () => {
  const { clock, scheduler, logged } = setUpScheduler({ onError: broken });
  const task = scheduler.every('10s', broken, { name: 'count' });
  scheduler.start();
  await clock.advance('20s');
  assert.equal(task.status.counts.error, 2);
  assert.ok(logged.includes('A listener for error failed.'));
});

test('a logger that throws affects nothing else', async () => {
  const { clock, scheduler } = setUpScheduler({ logger: { debug: broken, info: broken, warn: broken, error: broken } });
  const task = scheduler.every('10s', ({ log }) => log.info('hello'), { name: 'count' });
  scheduler.on('run:end', broken);
  scheduler.start();
  await clock.advance('20s');
  assert.equal(task.status.counts.success, 2);
});
