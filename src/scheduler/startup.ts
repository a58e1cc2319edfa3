import type { ScheduledTask } from './scheduled-task.ts';
import { Alarm, type TimerQueue } from './timer-queue.ts';

/** How long `start()` itself may take; the rest of the tasks begin in later turns of the event loop. */
const FIRST_MS = 2;

/**
 * Begins the tasks of a scheduler in order, in slices between which the event loop gets a turn. All of them count from the
 * same time, and one that is used before its turn begins at once.
 */
export class Startup {
  readonly #timers: TimerQueue;
  readonly #tasks: readonly ScheduledTask[];
  readonly #alarm: Alarm;
  #next = 0;

  constructor(timers: TimerQueue, tasks: Iterable<ScheduledTask>) {
    this.#timers = timers;
    this.#tasks = [...tasks];
    const holdsProcess = this.#tasks.some((task) => task.holdsProcess);
    this.#alarm = new Alarm(timers, () => this.#beginWhile(() => timers.hasTime), holdsProcess);
  }

  begin(): void {
    const { clock } = this.#timers;
    const startedAt = clock.now();
    for (const task of this.#tasks) task.start(startedAt);
    this.#beginWhile(() => clock.now() - startedAt < FIRST_MS);
  }

  /** Begins no more tasks. */
  end(): void {
    this.#alarm.clear();
  }

  #beginWhile(hasTime: () => boolean): void {
    while (this.#next < this.#tasks.length) {
      this.#tasks[this.#next++]?.begin();
      if (!hasTime()) break;
    }
    if (this.#next < this.#tasks.length) this.#alarm.set(this.#timers.clock.now());
  }
}
