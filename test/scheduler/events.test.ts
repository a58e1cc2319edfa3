import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SchedulerEvents } from '../../src/scheduler/index.ts';
import { deferred, setStage } from './scheduler-fixture.ts';

test('listeners hear of a run from its start to its end', async () => {
  const { clock, scheduler } = setStage();
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

test('a failed run is heard as an error, with the run it belongs to', async () => {
  const { scheduler } = setStage();
  const failures: SchedulerEvents['error'][] = [];
  scheduler.on('error', (failure) => failures.push(failure));
  const error = new Error('broken');
  const task = scheduler.every('10s', () => Promise.reject(error), { name: 'count' });
  scheduler.start();
  const run = await task.runNow();
  assert.deepEqual(failures, [{ task: 'count', error, run }]);
});

test('onError hears what listeners for error hear', async () => {
  const errors: string[] = [];
  const { scheduler } = setStage({ onError: (error, { task }) => errors.push(`${task}: ${error.message}`) });
  const task = scheduler.every('10s', () => Promise.reject(new Error('broken')), { name: 'count' });
  scheduler.start();
  await task.runNow();
  assert.deepEqual(errors, ['count: broken']);
});

test('a listener that was taken off hears nothing more', async () => {
  const { scheduler } = setStage();
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

test('the same function can listen twice, and is taken off once for each', async () => {
  const { scheduler } = setStage();
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

test('a listener that is added by a listener hears the next event, not this one', async () => {
  const { scheduler } = setStage();
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
  test(`semantic 4: a listener for ${event} that throws is logged and stops nothing`, async () => {
    const { clock, scheduler, logged } = setStage();
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

test('semantic 4: a listener whose promise rejects is logged as well', async () => {
  const { clock, scheduler, logged } = setStage();
  scheduler.on('run:start', () => Promise.reject(new Error('broken listener')));
  scheduler.every('10s', () => {}, { name: 'count' });
  scheduler.start();
  await clock.advance('10s');
  assert.deepEqual(logged, ['A listener for run:start failed.']);
});

test('semantic 4: an onError that throws is logged and stops nothing', async () => {
  const { clock, scheduler, logged } = setStage({ onError: broken });
  const task = scheduler.every('10s', broken, { name: 'count' });
  scheduler.start();
  await clock.advance('20s');
  assert.equal(task.status.counts.error, 2);
  assert.ok(logged.includes('A listener for error failed.'));
});

test('semantic 4: a logger that throws stops nothing', async () => {
  const { clock, scheduler } = setStage({ logger: { debug: broken, info: broken, warn: broken, error: broken } });
  const task = scheduler.every('10s', ({ log }) => log.info('hello'), { name: 'count' });
  scheduler.on('run:end', broken);
  scheduler.start();
  await clock.advance('20s');
  assert.equal(task.status.counts.success, 2);
});
