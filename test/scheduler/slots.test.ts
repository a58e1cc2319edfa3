import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../src/scheduler/index.ts';
import { Slots } from '../../src/scheduler/slots.ts';
import { TimerQueue } from '../../src/scheduler/timer-queue.ts';

function setUp(limit: number) {
  const clock = new ManualClock();
  const slots = new Slots(limit, new TimerQueue(clock, () => assert.fail()));
  const begun: string[] = [];
  const user = (name: string) => () => void begun.push(name);
  return { clock, slots, begun, user };
}

test('runs begin immediately while slots are free', () => {
  const { slots, begun, user } = setUp(2);
  for (const name of ['a', 'b', 'c']) slots.enter(user(name));
  assert.deepEqual(begun, ['a', 'b']);
});

test('a run that comes while others wait begins after them, even if a slot is free', async () => {
  const { clock, slots, begun, user } = setUp(1);
  for (const name of ['a', 'b']) slots.enter(user(name));
  slots.leave();
  slots.enter(user('c'));
  await clock.advance(1);
  assert.deepEqual(begun, ['a', 'b']);
  slots.leave();
  await clock.advance(1);
  assert.deepEqual(begun, ['a', 'b', 'c']);
});

test('a forgotten run does not begin, and does not delay the others', async () => {
  const { clock, slots, begun, user } = setUp(1);
  const impatient = user('b');
  slots.enter(user('a'));
  slots.enter(impatient);
  slots.enter(user('c'));
  slots.forget(impatient);
  slots.leave();
  await clock.advance(1);
  assert.deepEqual(begun, ['a', 'c']);
});

test('a free slot without waiting runs arms no timer', () => {
  const { clock, slots, user } = setUp(1);
  const waiting = user('b');
  slots.enter(user('a'));
  slots.enter(waiting);
  slots.leave();
  slots.forget(waiting);
  assert.equal(clock.pendingTimers, 0);
});

test('waiting runs only begin early in a turn of the event loop', () => {
  const { clock, slots, begun, user } = setUp(1);
  slots.enter(user('a'));
  slots.enter(user('b'));
  clock.block('1s');
  slots.leave();
  assert.deepEqual(begun, ['a']);
  assert.equal(clock.pendingTimers, 1);
});
