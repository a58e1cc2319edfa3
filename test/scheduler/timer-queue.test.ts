import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LONGEST_DELAY_MS } from '../../src/model/duration.ts';
import type { Clock, ClockTimer } from '../../src/scheduler/clock.ts';
import { ManualClock } from '../../src/scheduler/index.ts';
import { Alarm, TimerQueue } from '../../src/scheduler/timer-queue.ts';

function setUp() {
  const clock = new ManualClock();
  const faults: unknown[] = [];
  const timers = new TimerQueue(clock, (fault) => faults.push(fault));
  const rung: string[] = [];
  const alarm = (name: string) => new Alarm(timers, { ring: () => rung.push(`${name}@${clock.now()}`) }, true);
  return { clock, timers, faults, rung, alarm };
}

test('alarms ring at their times, and in the order in which they were set if these are equal', async () => {
  const { clock, rung, alarm } = setUp();
  alarm('late').set(30);
  alarm('first').set(20);
  alarm('second').set(20);
  alarm('early').set(10);
  await clock.advance(40);
  assert.deepEqual(rung, ['early@10', 'first@20', 'second@20', 'late@30']);
});

test('any number of alarms arms one timer', async () => {
  const { clock, alarm } = setUp();
  for (let i = 0; i < 1000; i++) alarm('some').set(1000 - i);
  assert.equal(clock.pendingTimers, 1);
  await clock.advance(500);
  assert.equal(clock.pendingTimers, 1);
});

test('without alarms no timer is armed', async () => {
  const { clock, rung, alarm } = setUp();
  const cleared = alarm('cleared');
  cleared.set(10);
  cleared.clear();
  assert.equal(clock.pendingTimers, 0);
  alarm('rung').set(10);
  await clock.advance(10);
  assert.equal(clock.pendingTimers, 0);
  assert.deepEqual(rung, ['rung@10']);
});

test('an alarm that is set again rings at the new time only', async () => {
  const { clock, rung, alarm } = setUp();
  const moved = alarm('moved');
  moved.set(10);
  moved.set(25);
  await clock.advance(100);
  assert.deepEqual(rung, ['moved@25']);
});

test('an alarm at Infinity never rings', async () => {
  const { clock, rung, alarm } = setUp();
  const never = alarm('never');
  never.set(10);
  never.set(Number.POSITIVE_INFINITY);
  assert.equal(never.isSet, false);
  await clock.advance('1d');
  assert.deepEqual(rung, []);
});

test('a timer that fires early is armed again, and the alarm rings once, at its time', async () => {
  const clock = new ManualClock();
  let timers = 0;
  const hasty: Clock = {
    now: () => clock.now(),
    wall: () => clock.wall(),
    clearTimeout: (timer) => clock.clearTimeout(timer),
    setTimeout: (callback, delayMs) => {
      timers++;
      return clock.setTimeout(callback, delayMs > 1 ? delayMs - 0.7 : delayMs);
    },
  };
  const rung: number[] = [];
  new Alarm(new TimerQueue(hasty, () => assert.fail()), { ring: () => rung.push(clock.now()) }, true).set(20);
  await clock.advance(40);
  assert.equal(timers, 2);
  assert.deepEqual(rung, [20.3]);
});

test('an alarm beyond the longest delay of a timer rings on time', async () => {
  const { clock, rung, alarm } = setUp();
  const at = 3 * LONGEST_DELAY_MS + 5;
  alarm('far').set(at);
  await clock.advance(at - 1);
  assert.deepEqual(rung, []);
  await clock.advance(1);
  assert.deepEqual(rung, [`far@${at}`]);
});

test('after 5 ms of ringing the event loop gets a turn', async () => {
  const { clock, timers } = setUp();
  const turns: number[] = [];
  let rungInTurn = 0;
  const ring = () => {
    clock.block(1);
    rungInTurn++;
    if (rungInTurn > 1) return;
    queueMicrotask(() => {
      turns.push(rungInTurn);
      rungInTurn = 0;
    });
  };
  for (let i = 0; i < 12; i++) new Alarm(timers, { ring }, true).set(10);
  await clock.advance(30);
  assert.deepEqual(turns, [5, 5, 2]);
});

test('errors thrown by an alarm go to the fault handler, and the others ring', async () => {
  const { clock, timers, faults, rung, alarm } = setUp();
  const error = new Error('broken');
  const broken = () => {
    throw error;
  };
  new Alarm(timers, { ring: broken }, true).set(5);
  alarm('next').set(5);
  await clock.advance(5);
  assert.deepEqual(faults, [error]);
  assert.deepEqual(rung, ['next@5']);
});

test('an alarm that sets itself while it rings rings again', async () => {
  const { clock, timers } = setUp();
  const rung: number[] = [];
  const alarm: Alarm = new Alarm(timers, { ring: () => again() }, true);
  const again = () => {
    rung.push(clock.now());
    if (rung.length < 3) alarm.set(clock.now() + 10);
  };
  alarm.set(10);
  await clock.advance(100);
  assert.deepEqual(rung, [10, 20, 30]);
});

test('the timer holds the process while any alarm does', () => {
  const clock = new ManualClock();
  let isHeld = true;
  const timer: ClockTimer = {
    ref: () => {
      isHeld = true;
    },
    unref: () => {
      isHeld = false;
    },
  };
  const timers = new TimerQueue({ ...unbound(clock), setTimeout: () => timer, clearTimeout: () => {} }, () =>
    assert.fail(),
  );
  const quiet = new Alarm(timers, { ring: () => {} }, false);
  const holding = new Alarm(timers, { ring: () => {} }, true);
  quiet.set(10);
  assert.equal(isHeld, false);
  holding.set(20);
  assert.equal(isHeld, true);
  holding.clear();
  assert.equal(isHeld, false);
});

function unbound(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    wall: () => clock.wall(),
    setTimeout: (callback, delayMs) => clock.setTimeout(callback, delayMs),
    clearTimeout: (timer) => clock.clearTimeout(timer),
  };
}
