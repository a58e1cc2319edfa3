import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../src/scheduler/index.ts';

test('a manual clock does not move by itself', async () => {
  const clock = new ManualClock({ wall: 5000 });
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual([clock.now(), clock.wall()], [0, 5000]);
});

test('advance() moves both times and calls timers back at their times', async () => {
  const clock = new ManualClock({ wall: 5000 });
  const called: number[] = [];
  clock.setTimeout(() => called.push(clock.now()), 20);
  clock.setTimeout(() => called.push(clock.now()), 10);
  await clock.advance(15);
  assert.deepEqual(called, [10]);
  assert.deepEqual([clock.now(), clock.wall()], [15, 5015]);
  await clock.advance('5ms');
  assert.deepEqual(called, [10, 20]);
});

test('a timer that is set by a timer calls back in the same advance()', async () => {
  const clock = new ManualClock();
  const called: number[] = [];
  const again = () => {
    called.push(clock.now());
    clock.setTimeout(again, 10);
  };
  clock.setTimeout(again, 10);
  await clock.advance(35);
  assert.deepEqual(called, [10, 20, 30]);
});

test('promises settle before the next timer calls back', async () => {
  const clock = new ManualClock();
  const order: string[] = [];
  clock.setTimeout(() => {
    void Promise.resolve()
      .then(() => {})
      .then(() => order.push(`promise@${clock.now()}`));
  }, 10);
  clock.setTimeout(() => order.push('timer'), 20);
  await clock.advance(30);
  assert.deepEqual(order, ['promise@10', 'timer']);
});

test('a cleared timer never calls back', async () => {
  const clock = new ManualClock();
  clock.clearTimeout(clock.setTimeout(() => assert.fail('called'), 10));
  assert.equal(clock.pendingTimers, 0);
  await clock.advance(20);
});

test('block() makes timers late', async () => {
  const clock = new ManualClock();
  let calledAt = 0;
  clock.setTimeout(() => {
    calledAt = clock.now();
  }, 10);
  clock.block('1s');
  assert.equal(calledAt, 0);
  await clock.advance(0);
  assert.equal(calledAt, 1000);
});

test('setWall() moves the wall clock only', async () => {
  const clock = new ManualClock();
  await clock.advance(100);
  clock.setWall(1e12);
  await clock.advance(1);
  assert.deepEqual([clock.now(), clock.wall()], [101, 1e12 + 1]);
});

for (const delay of [2 ** 31, Number.POSITIVE_INFINITY, Number.NaN, -1]) {
  test(`a delay of ${delay} calls back after one millisecond, as in Node`, async () => {
    const clock = new ManualClock();
    let calledAt = 0;
    clock.setTimeout(() => {
      calledAt = clock.now();
    }, delay);
    await clock.advance(5);
    assert.equal(calledAt, 1);
  });
}
