import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeRing } from '../../../src/metrics/quantiles/sliding-window.ts';

function advanced(ring: TimeRing, now: number): number[] {
  const emptied: number[] = [];
  ring.advance(now, (slot) => emptied.push(slot));
  return emptied;
}

test('no slot is emptied within the time of a slot', () => {
  const ring = new TimeRing(3, 100, 1000);
  assert.deepEqual(advanced(ring, 1099), []);
  assert.equal(ring.slot, 0);
});

test('each slot is emptied when it begins, and once after a long time', () => {
  const ring = new TimeRing(3, 100, 1000);
  assert.deepEqual(advanced(ring, 1100), [1]);
  assert.deepEqual(advanced(ring, 1399), [2, 0]);
  assert.deepEqual(advanced(ring, 1e6), [1, 2, 0]);
});

test('slots follow the grid from the start, even if they are read late', () => {
  const ring = new TimeRing(3, 100, 0);
  advanced(ring, 150);
  assert.equal(ring.end, 200);
  advanced(ring, 730);
  assert.equal(ring.end, 800);
});

test('a clock set back keeps the slot, which then lasts its time on the new clock', () => {
  const ring = new TimeRing(3, 100, 1000);
  assert.deepEqual(advanced(ring, 10), []);
  assert.deepEqual(advanced(ring, 110), [1]);
});
