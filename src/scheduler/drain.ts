import type { ActiveRuns } from './active-runs.ts';
import type { Run } from './run.ts';
import { type Agenda, Alarm } from './timer-queue.ts';

/** What became of the runs that were under way when the scheduler stopped, by the names of their tasks. */
export interface StopReport {
  /** Ended by themselves. */
  readonly drained: readonly string[];
  /** Were told to stop, and did. */
  readonly aborted: readonly string[];
  /** Were told to stop, and are still busy. */
  readonly abandoned: readonly string[];
}

export interface ShutdownOptions {
  readonly timeoutMs: number;
  /** Whether runs are told to stop at once, and not only when the time is up. */
  readonly abortsNow: boolean;
}

/** What functions get to react to their signal when the time is up. */
const GRACE_MS = 100;

/** Waits for the runs that are under way: patiently, then with their signals aborted, then no longer. */
export class Shutdown {
  readonly done: Promise<StopReport>;
  readonly #agenda: Agenda;
  readonly #alarm: Alarm;
  readonly #awaited: Set<Run>;
  readonly #told = new Set<Run>();
  readonly #drained: string[] = [];
  readonly #aborted: string[] = [];
  readonly #abandoned: string[] = [];
  #resolve: (report: StopReport) => void = () => {};

  constructor(agenda: Agenda, runs: ActiveRuns) {
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#agenda = agenda;
    this.#awaited = new Set(runs.list());
    this.#alarm = new Alarm(agenda, () => this.#timeIsUp(), true);
    runs.onLeave = (run) => this.#left(run);
  }

  get isDone(): boolean {
    return this.#awaited.size === 0;
  }

  begin({ timeoutMs, abortsNow }: ShutdownOptions): void {
    this.#alarm.set(this.#agenda.now + timeoutMs);
    if (abortsNow) this.#tellAll();
    this.#finishIfDone();
  }

  /** Does not wait for this run: it is the one that asked. */
  excuse(run: Run | undefined): void {
    if (run && this.#awaited.delete(run)) this.#finishIfDone();
  }

  #timeIsUp(): void {
    if (this.#told.size > 0) this.#giveUp();
    else this.#tellAllAndWait();
  }

  #tellAllAndWait(): void {
    this.#alarm.set(this.#agenda.now + GRACE_MS);
    this.#tellAll();
  }

  #tellAll(): void {
    for (const run of [...this.#awaited]) {
      this.#told.add(run);
      run.abort(new DOMException('The scheduler is stopping.', 'AbortError'));
    }
  }

  #giveUp(): void {
    for (const run of [...this.#awaited]) run.abandon();
  }

  #left(run: Run): void {
    if (!this.#awaited.delete(run)) return;
    this.#listFor(run).push(run.task);
    this.#finishIfDone();
  }

  #listFor(run: Run): string[] {
    if (run.isAbandoned) return this.#abandoned;
    return this.#told.has(run) ? this.#aborted : this.#drained;
  }

  #finishIfDone(): void {
    if (!this.isDone) return;
    this.#alarm.clear();
    this.#resolve({ drained: this.#drained, aborted: this.#aborted, abandoned: this.#abandoned });
  }
}
