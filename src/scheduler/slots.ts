import { Alarm, type TimerQueue } from './timer-queue.ts';

/** Limits the number of concurrent runs. The others wait in the order in which they came. */
export class Slots {
  readonly #limit: number;
  readonly #timers: TimerQueue;
  readonly #waiting = new Set<() => void>();
  readonly #nextTurn: Alarm;
  #used = 0;
  #isAdmitting = false;

  constructor(limit: number, timers: TimerQueue) {
    this.#limit = limit;
    this.#timers = timers;
    this.#nextTurn = new Alarm(timers, { ring: () => this.#admit() }, true);
  }

  /**
   * Calls `begin` with a slot: immediately if one is free, otherwise once others have left. Every call of `begin` needs a call
   * of `leave()`, which may come before `begin` returns.
   */
  enter(begin: () => void): void {
    if (this.#used < this.#limit && this.#waiting.size === 0) this.#call(begin);
    else this.#waiting.add(begin);
  }

  /** Cancels an `enter()` that still waits. */
  forget(begin: () => void): void {
    this.#waiting.delete(begin);
    if (this.#waiting.size === 0) this.#nextTurn.clear();
  }

  /** Gives a slot back. */
  leave(): void {
    this.#used--;
    if (this.#waiting.size > 0 && !this.#isAdmitting) this.#admit();
  }

  /** A loop rather than a recursion through `leave()`: any number of runs may begin and end within it. */
  #admit(): void {
    this.#isAdmitting = true;
    for (const begin of this.#waiting) {
      if (this.#used >= this.#limit) break;
      if (!this.#timers.hasTime) {
        this.#nextTurn.set(this.#timers.clock.now());
        break;
      }
      this.#waiting.delete(begin);
      this.#call(begin);
    }
    this.#isAdmitting = false;
  }

  #call(begin: () => void): void {
    this.#used++;
    begin();
  }
}
