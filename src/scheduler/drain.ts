import type { ActiveRuns, Run } from './run.ts';
import { Alarm, type TimerQueue } from './timer-queue.ts';

/** Lists what became of the runs in flight when the scheduler stopped, by the names of their tasks. */
export interface StopReport {
  /** Tasks whose runs ended by themselves. */
  readonly drained: readonly string[];
  /** Tasks whose runs were aborted and ended. */
  readonly aborted: readonly string[];
  /** Tasks whose runs were aborted and are still busy. */
  readonly abandoned: readonly string[];
}

export interface DrainOptions {
  readonly timeoutMs: number;
  /** Whether to abort the runs immediately rather than after the timeout. */
  readonly abortsNow: boolean;
}

/** How long functions may take to react to their signal after the timeout. */
const GRACE_MS = 100;

/** Waits for the runs in flight: first patiently, then with their signals aborted, then no longer. */
export class Drain {
  readonly done: Promise<StopReport>;
  readonly #timers: TimerQueue;
  readonly #alarm: Alarm;
  readonly #awaited: Set<Run>;
  readonly #signalled = new Set<Run>();
  readonly #drained: string[] = [];
  readonly #aborted: string[] = [];
  readonly #abandoned: string[] = [];
  #resolve: (report: StopReport) => void = () => {};

  constructor(timers: TimerQueue, activeRuns: ActiveRuns) {
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timers = timers;
    this.#awaited = new Set(activeRuns.list());
    this.#alarm = new Alarm(timers, { ring: () => this.#timeIsUp() }, true);
    activeRuns.onLeave = (run) => this.#left(run);
  }

  get isDone(): boolean {
    return this.#awaited.size === 0;
  }

  begin({ timeoutMs, abortsNow }: DrainOptions): void {
    this.#alarm.set(this.#timers.clock.now() + timeoutMs);
    if (abortsNow) this.#abortAll();
    this.#finishIfDone();
  }

  /** Does not wait for the run that called `stop()`. */
  excuse(run: Run | undefined): void {
    if (run && this.#awaited.delete(run)) this.#finishIfDone();
  }

  #timeIsUp(): void {
    if (this.#signalled.size > 0) {
      for (const run of [...this.#awaited]) run.abandon();
    } else {
      this.#alarm.set(this.#timers.clock.now() + GRACE_MS);
      this.#abortAll();
    }
  }

  #abortAll(): void {
    for (const run of [...this.#awaited]) {
      this.#signalled.add(run);
      run.abort(new DOMException('The scheduler is stopping.', 'AbortError'));
    }
  }

  #left(run: Run): void {
    if (!this.#awaited.delete(run)) return;
    if (run.isAbandoned) this.#abandoned.push(run.task);
    else if (this.#signalled.has(run)) this.#aborted.push(run.task);
    else this.#drained.push(run.task);
    this.#finishIfDone();
  }

  #finishIfDone(): void {
    if (!this.isDone) return;
    this.#alarm.clear();
    this.#resolve({ drained: this.#drained, aborted: this.#aborted, abandoned: this.#abandoned });
  }
}
