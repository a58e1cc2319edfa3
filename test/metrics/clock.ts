import type { TestContext } from 'node:test';

/** The clocks of the process, which stand still until they are moved. */
export interface MockClock {
  /** Sets both clocks, the monotonic one and the system clock, to a time in milliseconds since the epoch. */
  to(milliseconds: number): void;
  /** Sets the system clock alone, as an administrator or NTP does: `Date` jumps, `performance.now()` does not. */
  setSystemTime(milliseconds: number): void;
}

/** Replaces `Date` and `performance.now()`; `now` is milliseconds since the epoch. */
export function mockClock(t: TestContext, now: number): MockClock {
  let monotonic = now;
  t.mock.timers.enable({ apis: ['Date'], now });
  setMonotonicClock(t, () => monotonic);
  return {
    to: (milliseconds) => {
      monotonic = milliseconds;
      t.mock.timers.setTime(milliseconds);
    },
    setSystemTime: (milliseconds) => t.mock.timers.setTime(milliseconds),
  };
}

/** Replaces `performance.now()` until the test ends. Mocks of node:test record a stack trace for each call. */
export function setMonotonicClock(t: TestContext, now: () => number): void {
  performance.now = now;
  t.after(() => Reflect.deleteProperty(performance, 'now'));
}
