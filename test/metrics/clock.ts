import type { TestContext } from 'node:test';

/** Stands still at a time, in milliseconds since the epoch, until it is told to go to another: `Date` and `performance`. */
export function mockClock(t: TestContext, now: number): { to(milliseconds: number): void } {
  t.mock.timers.enable({ apis: ['Date'], now });
  t.mock.method(performance, 'now', () => Date.now());
  return { to: (milliseconds) => t.mock.timers.setTime(milliseconds) };
}
