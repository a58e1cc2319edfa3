import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUpScheduler } from './scheduler-fixture.ts';

/** A function that records when it runs, in milliseconds of the manual clock, which starts at 0. */
function noteRuns(options: Parameters<typeof setUpScheduler>[0] = {}) {
  const fixture = setUpScheduler(options);
  const ranAt: number[] = [];
  return { ...fixture, ranAt, note: () => void ranAt.push(fixture.clock.now()) };
}

test('a task runs after each interval', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  scheduler.every('10s', note, { name: 'count' });
  scheduler.start();
  await clock.advance('35s');
  assert.deepEqual(ranAt, [10_000, 20_000, 30_000]);
});

test('an immediate task also runs at the start', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  scheduler.every('10s', note, { name: 'count', immediate: true });
  scheduler.start();
  assert.deepEqual(ranAt, [], 'start() itself runs nothing');
  await clock.advance('20s');
  assert.deepEqual(ranAt, [0, 10_000, 20_000]);
});

test('the first run can be delayed, and the grid begins with it', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  scheduler.every('10s', note, { name: 'count', immediate: '3s' });
  scheduler.start();
  await clock.advance('25s');
  assert.deepEqual(ranAt, [3000, 13_000, 23_000]);
});

test('the grid of a task that is added to a started scheduler begins immediately', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  scheduler.start();
  await clock.advance('7s');
  scheduler.every('10s', note, { name: 'count', immediate: true });
  await clock.advance('10s');
  assert.deepEqual(ranAt, [7000, 17_000]);
});

test('runs that take time do not shift the grid', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  const slow = () => {
    note();
    clock.block('300ms');
  };
  scheduler.every('1s', slow, { name: 'slow' });
  scheduler.start();
  await clock.advance('1m');
  assert.deepEqual(ranAt.slice(0, 4), [1000, 2000, 3000, 4000]);
  assert.equal(ranAt.at(-1), 60_000);
});

test('an interval of 30 days runs after 30 days', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  scheduler.every('30d', note, { name: 'monthly' });
  scheduler.start();
  await clock.advance('61d');
  assert.deepEqual(ranAt, [30 * 86_400_000, 60 * 86_400_000]);
});

test('after an hour of sleep, a task of one second runs once and has missed 3599 runs', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  const task = scheduler.every('1s', note, { name: 'count' });
  scheduler.start();
  await clock.advance('500ms');
  clock.block('1h');
  await clock.advance(0);
  assert.deepEqual(ranAt, [3_600_500]);
  assert.equal(task.status.counts.missed, 3599);
  await clock.advance('1s');
  assert.deepEqual(ranAt, [3_600_500, 3_601_000]);
  assert.equal(task.status.counts.missed, 3599);
});

const lateness: readonly (readonly [lateMs: number, missed: number, nextAt: number])[] = [
  [0, 0, 2000],
  [1, 0, 2000],
  [999, 0, 2000],
  [1000, 1, 3000],
  [1001, 1, 3000],
  [2500, 2, 4000],
];

for (const [lateMs, missed, nextAt] of lateness) {
  test(`a task of one second that is ${lateMs} ms late has missed ${missed} runs and runs next at ${nextAt}`, async () => {
    const { clock, scheduler, ranAt, note } = noteRuns();
    const task = scheduler.every('1s', note, { name: 'count' });
    scheduler.start();
    clock.block(1000 + lateMs);
    await clock.advance(0);
    assert.deepEqual(ranAt, [1000 + lateMs]);
    assert.equal(task.status.counts.missed, missed);
    assert.equal(task.status.lastLagMs, lateMs);
    await clock.advance(nextAt - clock.now());
    assert.deepEqual(ranAt, [1000 + lateMs, nextAt]);
  });
}

test('listeners receive the number of missed runs', async () => {
  const { clock, scheduler, note } = noteRuns();
  const missed: object[] = [];
  scheduler.on('run:miss', (event) => missed.push(event));
  scheduler.every('1s', note, { name: 'count' });
  scheduler.start();
  clock.block('5s');
  await clock.advance('3s');
  assert.deepEqual(missed, [{ task: 'count', missed: 4 }]);
});

test('a listener for missed runs may pause the task, and the run that is due does not start', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  const task = scheduler.every('1s', note, { name: 'count' });
  scheduler.on('run:miss', () => task.pause());
  scheduler.start();
  clock.block('5s');
  await clock.advance('3s');
  assert.deepEqual(ranAt, []);
});

test('an aligned task runs at multiples of its interval in wall time', async () => {
  const { clock, scheduler, note } = noteRuns();
  clock.setWall(Date.UTC(2024, 5, 1, 11, 58, 30));
  const task = scheduler.every('1h', note, { name: 'hourly', align: true });
  scheduler.start();
  await clock.advance('2h');
  assert.equal(task.status.counts.success, 2);
  assert.equal(task.status.lastStartAt, Date.UTC(2024, 5, 1, 13));
});

test('an aligned task follows a system time that is set back', async () => {
  const { clock, scheduler, note } = noteRuns();
  clock.setWall(Date.UTC(2024, 5, 1, 11, 30));
  const task = scheduler.every('1h', note, { name: 'hourly', align: true });
  scheduler.start();
  await clock.advance('10m');
  clock.setWall(Date.UTC(2024, 5, 1, 9, 50));
  await clock.advance('11m');
  assert.equal(task.status.lastStartAt, Date.UTC(2024, 5, 1, 10));
});

test('an aligned task whose due time was skipped by the system time runs once, within a minute', async () => {
  const { clock, scheduler, note } = noteRuns();
  clock.setWall(Date.UTC(2024, 5, 1, 11, 30));
  const task = scheduler.every('1h', note, { name: 'hourly', align: true });
  scheduler.start();
  clock.setWall(Date.UTC(2024, 5, 1, 14, 30));
  await clock.advance('1m');
  assert.equal(task.status.counts.success, 1);
  assert.equal(task.status.counts.missed, 2);
  assert.equal(task.status.nextRunAt, Date.UTC(2024, 5, 1, 15));
});

test('setting the system time changes only the timestamps of a steady task', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  const task = scheduler.every('10s', note, { name: 'count' });
  scheduler.start();
  await clock.advance('10s');
  clock.setWall(Date.UTC(1999, 0, 1));
  assert.equal(task.status.nextRunAt, Date.UTC(1999, 0, 1) + 10_000);
  await clock.advance('10s');
  assert.deepEqual(ranAt, [10_000, 20_000]);
  assert.equal(task.status.lastStartAt, Date.UTC(1999, 0, 1) + 10_000);
  assert.equal(task.status.lastDurationMs, 0);
});

test('a paused task does not run, and due times that pass are neither missed nor caught up on', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  const task = scheduler.every('10s', note, { name: 'count' });
  scheduler.start();
  await clock.advance('10s');
  task.pause();
  assert.equal(task.status.state, 'paused');
  assert.equal(task.status.nextRunAt, undefined);
  await clock.advance('35s');
  task.resume();
  assert.deepEqual(ranAt, [10_000]);
  await clock.advance('5s');
  assert.deepEqual(ranAt, [10_000, 50_000]);
  assert.equal(task.status.counts.missed, 0);
  assert.equal(task.status.counts.skipped, 0);
});

test('resume() at a due time waits for the one after it', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  const task = scheduler.every('10s', note, { name: 'count' });
  scheduler.start();
  task.pause();
  await clock.advance('20s');
  task.resume();
  await clock.advance('9s');
  assert.deepEqual(ranAt, []);
  await clock.advance('1s');
  assert.deepEqual(ranAt, [30_000]);
});

test('resume() of a task that is not paused does nothing', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  const task = scheduler.every('10s', note, { name: 'count', immediate: true });
  scheduler.start();
  task.resume();
  await clock.advance(0);
  assert.deepEqual(ranAt, [0]);
});

test('a task that is not enabled is added paused', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  const task = scheduler.every('10s', note, { name: 'count', enabled: false });
  scheduler.start();
  await clock.advance('15s');
  assert.equal(task.status.state, 'paused');
  task.resume();
  await clock.advance('5s');
  assert.deepEqual(ranAt, [20_000]);
});

test('reschedule() begins a new grid with the new interval', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  const task = scheduler.every('10s', note, { name: 'count' });
  scheduler.start();
  await clock.advance('12s');
  task.reschedule('3s');
  assert.equal(task.status.intervalMs, 3000);
  await clock.advance('7s');
  assert.deepEqual(ranAt, [10_000, 15_000, 18_000]);
});

test('reschedule() keeps a paused task paused and a stopped one stopped', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns();
  const task = scheduler.every('10s', note, { name: 'count' });
  task.reschedule('5s');
  await clock.advance('20s');
  scheduler.start();
  task.pause();
  task.reschedule('2s');
  await clock.advance('20s');
  assert.deepEqual(ranAt, []);
});

test('reschedule() rejects an invalid interval', () => {
  const { scheduler, note } = noteRuns();
  const task = scheduler.every('10s', note, { name: 'count' });
  assert.throws(() => task.reschedule(0), new RangeError('The interval of task count must be greater than 0, got 0.'));
  assert.equal(task.status.intervalMs, 10_000);
});

test('jitter is drawn once and shifts all runs of a task equally', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns({ random: () => 0.5 });
  scheduler.every('10s', note, { name: 'count', jitter: 0.4 });
  scheduler.start();
  await clock.advance('40s');
  assert.deepEqual(ranAt, [12_000, 22_000, 32_000]);
});

test('jitter does not shift an immediate run', async () => {
  const { clock, scheduler, ranAt, note } = noteRuns({ random: () => 0.5 });
  scheduler.every('10s', note, { name: 'count', jitter: 1, immediate: true });
  scheduler.start();
  await clock.advance('30s');
  assert.deepEqual(ranAt, [0, 15_000, 25_000]);
});

test('hash jitter is the same after a restart and differs between instances', async () => {
  const firstRun = async (instance: string) => {
    const { clock, scheduler, ranAt, note } = noteRuns({ instance });
    scheduler.every('10s', note, { name: 'count', jitter: 'hash' });
    scheduler.start();
    await clock.advance('20s');
    return ranAt[0];
  };
  assert.equal(await firstRun('host-1'), await firstRun('host-1'));
  assert.notEqual(await firstRun('host-1'), await firstRun('host-2'));
});

test('all tasks of a scheduler share one timer', async () => {
  const { clock, scheduler, note } = noteRuns();
  for (let i = 0; i < 1000; i++) scheduler.every(1000 + i, note, { name: `task ${i}`, immediate: i % 2 === 0 });
  scheduler.start();
  assert.equal(clock.pendingTimers, 1);
  await clock.advance('1500ms');
  assert.equal(clock.pendingTimers, 1);
});
