import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, ManualClock, Scheduler } from '../../src/scheduler/index.ts';

const TASKS = 500;

/** A clock on which each look takes a tenth of a millisecond, so that beginning a task does too. */
function slowClock(onTurn: () => void) {
  const manual = new ManualClock();
  let spentMs = 0;
  const clock: Clock = {
    now: () => {
      spentMs += 0.1;
      return manual.now() + spentMs;
    },
    wall: () => manual.wall() + spentMs,
    setTimeout(callback, delayMs) {
      const turn = () => {
        callback();
        onTurn();
      };
      return manual.setTimeout(turn, delayMs);
    },
    clearTimeout: (timer) => manual.clearTimeout(timer as ReturnType<ManualClock['setTimeout']>),
  };
  return { manual, clock };
}

function setUp(fn: (name: string) => void = () => {}, options: { readonly immediate?: boolean } = {}) {
  const turns: number[] = [];
  const { manual, clock } = slowClock(() => turns.push(begun.length));
  const scheduler = new Scheduler({ clock });
  const begun: string[] = [];
  scheduler.on('state', ({ task, from, to }) => from === 'stopped' && to === 'scheduled' && begun.push(task));
  const names = Array.from({ length: TASKS }, (_, index) => `task ${index}`);
  for (const name of names) scheduler.every('1m', () => fn(name), { name, ...options });
  return { manual, scheduler, begun, names, turns };
}

test('many tasks begin over several turns of the event loop, in the order in which they were added', async () => {
  const { manual, scheduler, begun, names, turns } = setUp();
  scheduler.start();
  assert.ok(scheduler.isStarted);
  turns.push(begun.length);
  while (begun.length < TASKS) await manual.advance(1);
  const perTurn = turns.map((count, index) => count - (turns[index - 1] ?? 0));
  assert.ok(turns.length >= 24 && Math.max(...perTurn) <= 21, `${perTurn}`);
  assert.deepEqual(begun, names);
  await scheduler.stop();
});

test('the intervals of all tasks begin with start()', async () => {
  const ran: string[] = [];
  const { manual, scheduler, begun, names } = setUp((name) => ran.push(name));
  scheduler.start();
  while (begun.length < TASKS) await manual.advance(1);
  const nextRuns = scheduler.tasks.map(({ status }) => status.nextRunAt ?? 0);
  assert.ok(Math.max(...nextRuns) - Math.min(...nextRuns) < 1, `${Math.max(...nextRuns) - Math.min(...nextRuns)} ms`);
  while (ran.length < TASKS) await manual.advance('1s');
  assert.deepEqual(ran, names);
  await scheduler.stop();
});

test('immediate tasks run in order while others still begin', async () => {
  const ran: string[] = [];
  let begunBefore = TASKS;
  const { manual, scheduler, begun, names } = setUp(run, { immediate: true });
  function run(name: string): void {
    if (ran.length === 0) begunBefore = begun.length;
    ran.push(name);
  }
  scheduler.start();
  while (ran.length < TASKS) await manual.advance(1);
  assert.ok(begunBefore < TASKS);
  assert.deepEqual(ran, names);
  await scheduler.stop();
});

test('a task that is used before its turn begins at once', async () => {
  const { scheduler } = setUp();
  scheduler.start();
  const last = scheduler.task(`task ${TASKS - 1}`);
  const secondLast = scheduler.task(`task ${TASKS - 2}`);
  assert.equal(last?.status.state, 'scheduled');
  assert.notEqual(last.status.nextRunAt, undefined);
  assert.equal((await secondLast?.runNow())?.outcome, 'success');
  await scheduler.stop();
});

test('a task that is paused before its turn stays paused', async () => {
  const ran: string[] = [];
  const { manual, scheduler, begun } = setUp((name) => ran.push(name));
  scheduler.start();
  scheduler.task(`task ${TASKS - 1}`)?.pause();
  while (begun.length < TASKS) await manual.advance(1);
  while (ran.length < TASKS - 1) await manual.advance('1s');
  assert.ok(!ran.includes(`task ${TASKS - 1}`));
  await scheduler.stop();
});

test('stop() ends the start: the rest of the tasks neither begins nor runs', async () => {
  const ran: string[] = [];
  const { manual, scheduler, begun } = setUp((name) => ran.push(name), { immediate: true });
  scheduler.start();
  const before = begun.length;
  await scheduler.stop();
  await manual.advance('2m');
  assert.equal(begun.length, before);
  assert.deepEqual(ran, []);
  assert.equal(manual.pendingTimers, 0);
  assert.ok(scheduler.tasks.every(({ status }) => status.state === 'stopped'));
});

test('a listener may stop the scheduler while it starts: no timer is left', async () => {
  const { manual, scheduler, begun } = setUp();
  scheduler.on('state', ({ task, to }) => {
    if (task === 'task 3' && to === 'scheduled') void scheduler.stop();
  });
  scheduler.start();
  assert.equal(begun.length, 4);
  assert.equal(manual.pendingTimers, 0);
  assert.ok(!scheduler.isStarted);
});

test('a listener may restart the scheduler while it starts', async () => {
  const { manual, scheduler, begun, names } = setUp();
  let restarts = 0;
  scheduler.on('state', ({ task, to }) => {
    if (task !== 'task 3' || to !== 'scheduled' || restarts++ > 0) return;
    void scheduler.stop();
    scheduler.start();
  });
  scheduler.start();
  while (begun.length < TASKS + 4) await manual.advance(1);
  assert.deepEqual(begun.slice(4), names);
  await scheduler.stop();
  assert.equal(manual.pendingTimers, 0);
});

test('a scheduler that was stopped while it started begins all tasks when it is started again', async () => {
  const { manual, scheduler, begun, names } = setUp();
  scheduler.start();
  await scheduler.stop();
  begun.length = 0;
  scheduler.start();
  while (begun.length < TASKS) await manual.advance(1);
  assert.deepEqual(begun, names);
  await scheduler.stop();
});

test('a task that is removed before its turn does not begin', async () => {
  const { manual, scheduler, begun } = setUp();
  scheduler.start();
  scheduler.remove(`task ${TASKS - 1}`);
  while (begun.length < TASKS - 1) await manual.advance(1);
  await manual.advance('2m');
  assert.ok(!begun.includes(`task ${TASKS - 1}`));
  await scheduler.stop();
});

test('a task that is added while others begin keeps its own interval', async () => {
  const { manual, scheduler, begun } = setUp();
  scheduler.start();
  let runs = 0;
  const added = scheduler.every('10s', () => runs++, { name: 'added' });
  assert.equal(added.status.state, 'scheduled');
  while (begun.length <= TASKS) await manual.advance(1);
  while (runs === 0) await manual.advance('1s');
  await scheduler.stop();
});
