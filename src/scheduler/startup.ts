import type { ScheduledTask } from './scheduled-task.ts';
import { Alarm, type TimerQueue } from './timer-queue.ts';

/** How long `start()` and each of the later turns of the event loop may take, in which the rest of the tasks begin. */
const SLICE_MS = 2;
/** An alarm for now would ring in the same turn again. */
const PAUSE_MS = 1;

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
    this.#alarm = new Alarm(timers, { ring: () => this.#beginSlice(timers.clock.now()) }, holdsProcess);
  }

  begin(): void {
    const { clock } = this.#timers;
    const startedAt = clock.now();
    for (const task of this.#tasks) task.start(startedAt);
    this.#beginSlice(startedAt);
  }

  /** Begins no more tasks, even if a listener calls this while a task begins. */
  end(): void {
    this.#next = this.#tasks.length;
    this.#alarm.clear();
  }

  #beginSlice(startedAt: number): void {
    const { clock } = this.#timers;
    while (this.#next < this.#tasks.length) {
      this.#tasks[this.#next++]?.begin();
      if (clock.now() - startedAt >= SLICE_MS) break;
    }
    if (this.#next < this.#tasks.length) this.#alarm.set(clock.now() + PAUSE_MS);
  }
}
