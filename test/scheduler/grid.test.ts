import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlignedGrid, SteadyGrid } from '../../src/scheduler/grid.ts';
import { ManualClock } from '../../src/scheduler/index.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2024, 5, 1, 12);

test('due times are multiples of the interval, however late each one is passed', () => {
  const clock = new ManualClock();
  const grid = new SteadyGrid({ clock, intervalMs: 100, offsetMs: 0 });
  for (let k = 1; k <= 1000; k++) {
    assert.equal(grid.dueAt(), k * 100);
    clock.block(k * 100 + (k % 97) - clock.now());
    assert.equal(grid.pass(), 1);
  }
});

test('a grid passes no due time early', () => {
  const clock = new ManualClock();
  const grid = new SteadyGrid({ clock, intervalMs: 100, offsetMs: 0 });
  clock.block(99);
  assert.equal(grid.pass(), 0);
  assert.equal(grid.dueAt(), 100);
});

const late: readonly (readonly [now: number, passed: number, next: number])[] = [
  [100, 1, 200],
  [199, 1, 200],
  [200, 2, 300],
  [201, 2, 300],
  [1000, 10, 1100],
  [1099.9, 10, 1100],
];

for (const [now, passed, next] of late) {
  test(`at ${now} ms, a grid of 100 ms has passed ${passed} due times and continues at ${next}`, () => {
    const clock = new ManualClock();
    const grid = new SteadyGrid({ clock, intervalMs: 100, offsetMs: 0 });
    clock.block(now);
    assert.equal(grid.pass(), passed);
    assert.equal(grid.dueAt(), next);
  });
}

test('the offset shifts all runs after an opening run', () => {
  const clock = new ManualClock();
  const grid = new SteadyGrid({ clock, intervalMs: 100, offsetMs: 30, openingMs: 0 });
  assert.equal(grid.dueAt(), 0);
  assert.equal(grid.pass(), 1);
  assert.equal(grid.dueAt(), 130);
});

test('a delayed opening run moves the whole grid', () => {
  const clock = new ManualClock();
  const grid = new SteadyGrid({ clock, intervalMs: 100, offsetMs: 0, openingMs: 5 });
  assert.equal(grid.dueAt(), 5);
  clock.block(5);
  grid.pass();
  assert.equal(grid.dueAt(), 105);
});

test('an aligned grid is due at multiples of the interval since the epoch', () => {
  const clock = new ManualClock({ wall: NOON + 1234 });
  const grid = new AlignedGrid({ clock, intervalMs: MINUTE, offsetMs: 0 });
  assert.equal(grid.dueAt(), MINUTE - 1234);
});

test('an aligned grid that starts at a multiple is due at the next one', () => {
  const clock = new ManualClock({ wall: NOON });
  assert.equal(new AlignedGrid({ clock, intervalMs: MINUTE, offsetMs: 0 }).dueAt(), MINUTE);
});

test('an offset shifts an aligned grid', () => {
  const clock = new ManualClock({ wall: NOON + 1000 });
  assert.equal(new AlignedGrid({ clock, intervalMs: MINUTE, offsetMs: 5000 }).dueAt(), 4000);
});

test('an aligned grid has an opening run and then the next multiple', () => {
  const clock = new ManualClock({ wall: NOON + 1000 });
  const grid = new AlignedGrid({ clock, intervalMs: MINUTE, offsetMs: 0, openingMs: 0 });
  assert.equal(grid.dueAt(), 0);
  assert.equal(grid.pass(), 1);
  assert.equal(grid.dueAt(), MINUTE - 1000);
});

test('an opening run that is late by whole intervals counts the multiples that it stands for', () => {
  const clock = new ManualClock({ wall: NOON + 1000 });
  const grid = new AlignedGrid({ clock, intervalMs: MINUTE, offsetMs: 0, openingMs: 0 });
  clock.block(2 * MINUTE);
  assert.equal(grid.pass(), 3);
});

test('an aligned grid checks at least once a minute whether the system time was set', () => {
  const clock = new ManualClock({ wall: NOON });
  assert.equal(new AlignedGrid({ clock, intervalMs: 1440 * MINUTE, offsetMs: 0 }).lookAt(), MINUTE);
  assert.equal(new AlignedGrid({ clock, intervalMs: 5000, offsetMs: 0 }).lookAt(), 5000);
});

const jumps: readonly (readonly [what: string, jumpMs: number, dueIn: number])[] = [
  ['an hour forward makes it due immediately', 60 * MINUTE, 0],
  ['half an interval forward moves the due time with it', 5 * MINUTE, 5 * MINUTE],
  ['a second back moves the due time with it', -1000, 10 * MINUTE + 1000],
  ['an hour back finds the next multiple', -60 * MINUTE - 1000, 1000],
];

for (const [what, jumpMs, dueIn] of jumps) {
  test(`on an aligned grid of 10 minutes, setting the system time ${what}`, () => {
    const clock = new ManualClock({ wall: NOON });
    const grid = new AlignedGrid({ clock, intervalMs: 10 * MINUTE, offsetMs: 0 });
    clock.setWall(NOON + jumpMs);
    assert.equal(Math.max(0, grid.dueAt()), dueIn);
  });
}

test('a small step back right after a due time does not repeat it', () => {
  const clock = new ManualClock({ wall: NOON - 10 });
  const grid = new AlignedGrid({ clock, intervalMs: MINUTE, offsetMs: 0 });
  clock.block(10);
  assert.equal(grid.pass(), 1);
  clock.setWall(NOON - 5);
  assert.equal(grid.dueAt() - clock.now(), MINUTE + 5);
});

test('setting the system time does not affect a steady grid', () => {
  const clock = new ManualClock({ wall: NOON });
  const grid = new SteadyGrid({ clock, intervalMs: MINUTE, offsetMs: 0 });
  clock.setWall(NOON + 999 * MINUTE);
  assert.equal(grid.dueAt(), MINUTE);
  assert.equal(grid.pass(), 0);
});
