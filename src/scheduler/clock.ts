/** A pending callback of a clock. Only the clock that returned it can clear it. */
export interface ClockTimer {
  /** Keeps the process alive while the callback is pending. A clock that never does so may leave it out. */
  ref?(): unknown;
  /** Lets the process exit while the callback is pending. */
  unref?(): unknown;
}

/** Source of time for a scheduler. Replace it, as with `ManualClock`, to test without waiting. */
export interface Clock {
  /** Monotonic time in milliseconds, independent of the system time. */
  now(): number;
  /** System time in milliseconds since the epoch, as `Date.now()`; may jump. */
  wall(): number;
  /** Calls back once after about this many milliseconds; early and late calls are both expected. */
  setTimeout(callback: () => void, delayMs: number): ClockTimer;
  /** Cancels a pending callback. */
  clearTimeout(timer: ClockTimer): void;
}

/** The clock of the system: `performance.now()`, `Date.now()` and Node's timers. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  // Only timers returned by the line above are passed.
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
