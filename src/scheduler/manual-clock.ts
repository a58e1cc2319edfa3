import { type Duration, parseDuration } from '../model/duration.ts';
import { type Clock, LONGEST_DELAY_MS, type Timer } from './clock.ts';

interface ManualTimer extends Timer {
  readonly at: number;
  readonly callback: () => void;
}

export interface ManualClockOptions {
  /** What `wall()` tells at the start, in milliseconds since the epoch. */
  readonly wall?: number;
}

/** A clock that stands still until it is told to go on: what takes hours can be tested at once. */
export class ManualClock implements Clock {
  #now = 0;
  /** What `wall()` is ahead of `now()`. */
  #offset: number;
  readonly #timers = new Set<ManualTimer>();

  constructor({ wall = Date.UTC(2020, 0, 1) }: ManualClockOptions = {}) {
    this.#offset = wall;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now + this.#offset;
  }

  /** Timers that have been set and have neither called back nor been cleared. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** As Node's: a delay that is no number, negative or too long is taken for the shortest one. */
  setTimeout(callback: () => void, delayMs: number): Timer {
    const delay = delayMs >= 0 && delayMs <= LONGEST_DELAY_MS ? delayMs : 1;
    const timer: ManualTimer = { at: this.#now + delay, callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: Timer): void {
    this.#timers.delete(timer as ManualTimer); // Every timer that comes back was made above.
  }

  /** Lets time pass: each timer calls back at its time, and what can settle has settled before the next one does. */
  async advance(duration: Duration): Promise<void> {
    const until = this.#now + parseDuration(duration, { allowZero: true });
    await settled();
    for (let timer = this.#nextTimer(until); timer; timer = this.#nextTimer(until)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.callback();
      await settled();
    }
    this.#now = Math.max(this.#now, until);
  }

  /** Lets time pass with nobody looking, as in a process that is stopped or busy: timers are late when it next goes on. */
  block(duration: Duration): void {
    this.#now += parseDuration(duration);
  }

  /** Sets the system's time, which `wall()` tells; `now()` does not change. */
  setWall(wall: number): void {
    this.#offset = wall - this.#now;
  }

  #nextTimer(until: number): ManualTimer | undefined {
    let next: ManualTimer | undefined;
    for (const timer of this.#timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer;
    return next;
  }
}

/** Promises settle before the event loop gets to its immediates, however many wait for each other. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
