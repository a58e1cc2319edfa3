/** What a clock hands out for a pending callback. Only the clock that made it can clear it. */
export interface Timer {
  /** Lets the pending callback keep the process alive; a clock that never does has no need of it. */
  ref?(): unknown;
  unref?(): unknown;
}

/** Where a scheduler gets its time from. Replace it to test without waiting. */
export interface Clock {
  /** Milliseconds since some moment; never goes back, whatever is done to the system's time. */
  now(): number;
  /** Milliseconds since the epoch, as `Date.now()` counts them; may jump. */
  wall(): number;
  /** Calls back once, not necessarily on time: early and late are both to be expected. */
  setTimeout(callback: () => void, delayMs: number): Timer;
  clearTimeout(timer: Timer): void;
}

/** The longest delay that Node's timers can hold, almost 25 days. They take anything longer for one millisecond. */
export const LONGEST_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  // Every timer that comes back was made by the line above.
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
