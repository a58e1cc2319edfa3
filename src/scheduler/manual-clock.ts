import { type Duration, LONGEST_DELAY_MS, parseDuration } from '../model/duration.ts';
import type { Clock, ClockTimer } from './clock.ts';

interface ManualTimer extends ClockTimer {
  readonly at: number;
  readonly callback: () => void;
}

/** Options of a `ManualClock`. */
export interface ManualClockOptions {
  /**
   * Initial value of `wall()`, in milliseconds since the epoch.
   *
   * @defaultValue `Date.UTC(2020, 0, 1)`
   */
  readonly wall?: number;
}

/**
 * A clock that only moves when told to, so that a test of hours takes milliseconds. Use it instead of the mock timers of
 * `node:test`, which replace `setTimeout` but not `performance.now()`: with these no task falls due.
 *
 * @example
 * ```ts
 * import { ManualClock, Scheduler } from 'zeroprom/scheduler';
 *
 * const clock = new ManualClock();
 * const scheduler = new Scheduler({ clock });
 * let runs = 0;
 * scheduler.every('1h', () => runs++, { name: 'hourly' });
 * scheduler.start();
 * await clock.advance('1d');
 * console.log(runs); // 24
 * await scheduler.stop();
 * ```
 */
export class ManualClock implements Clock {
  #now = 0;
  /** Difference between `wall()` and `now()`. */
  #offset: number;
  readonly #timers = new Set<ManualTimer>();

  /** Creates a clock whose `now()` is 0. */
  constructor({ wall = Date.UTC(2020, 0, 1) }: ManualClockOptions = {}) {
    this.#offset = wall;
  }

  /** Milliseconds that the clock has moved since its creation. */
  now(): number {
    return this.#now;
  }

  /** System time in milliseconds since the epoch. */
  wall(): number {
    return this.#now + this.#offset;
  }

  /** Number of timers that have neither called back nor been cleared. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Calls back once the clock has moved by `delayMs`. Like Node, treats a negative, too long or NaN delay as 1 ms. */
  setTimeout(callback: () => void, delayMs: number): ClockTimer {
    const delay = delayMs >= 0 && delayMs <= LONGEST_DELAY_MS ? delayMs : 1;
    const timer: ManualTimer = { at: this.#now + delay, callback };
    this.#timers.add(timer);
    return timer;
  }

  /** Cancels a pending callback. */
  clearTimeout(timer: ClockTimer): void {
    this.#timers.delete(timer as ManualTimer); // Only timers returned above are passed.
  }

  /**
   * Moves the clock forward. Each timer calls back at its time, and promises settle before the next one does.
   *
   * @throws {TypeError} if `duration` is neither a string nor a number.
   * @throws {RangeError} if `duration` is not a valid duration.
   */
  async advance(duration: Duration): Promise<void> {
    const until = this.#now + parseDuration(duration, { allowZero: true });
    await flushPromises();
    for (let timer = this.#nextTimer(until); timer; timer = this.#nextTimer(until)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.callback();
      await flushPromises();
    }
    this.#now = Math.max(this.#now, until);
  }

  /**
   * Moves the clock forward without calling timers, like a process that is suspended or blocked. They call back late, in the
   * next `advance()`.
   *
   * @throws {TypeError} if `duration` is neither a string nor a number.
   * @throws {RangeError} if `duration` is not a valid duration.
   */
  block(duration: Duration): void {
    this.#now += parseDuration(duration);
  }

  /** Sets the system time that `wall()` returns, in milliseconds since the epoch; `now()` does not change. */
  setWall(wall: number): void {
    this.#offset = wall - this.#now;
  }

  #nextTimer(until: number): ManualTimer | undefined {
    let next: ManualTimer | undefined;
    for (const timer of this.#timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer;
    return next;
  }
}

/** Promises settle before the event loop runs immediates, however long their chain. */
function flushPromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
