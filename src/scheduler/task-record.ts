import type { RunEnd, RunStart } from './run-result.ts';
import type { TaskCounts, TaskStatus } from './task.ts';

type Counts = { -readonly [K in keyof TaskCounts]: TaskCounts[K] };

/** Records the runs of a task. */
export class TaskRecord {
  readonly #counts: Counts = { success: 0, error: 0, timeout: 0, aborted: 0, skipped: 0, missed: 0 };
  #consecutiveFailures = 0;
  #lastStartAt: number | undefined;
  #lastSuccessAt: number | undefined;
  #lastDurationMs: number | undefined;
  #lastLagMs: number | undefined;
  #lastError: Error | undefined;

  get consecutiveFailures(): number {
    return this.#consecutiveFailures;
  }

  started({ startedAt, lagMs }: RunStart): void {
    this.#lastStartAt = startedAt;
    this.#lastLagMs = lagMs;
  }

  /** `endedAt` is the system time, which may have been set during the run, so it is not the start plus the duration. */
  ended({ outcome, durationMs, error }: RunEnd, endedAt: number): void {
    this.#counts[outcome]++;
    this.#lastDurationMs = durationMs;
    if (outcome === 'aborted') return;
    if (outcome === 'success') {
      this.#lastSuccessAt = endedAt;
      this.#consecutiveFailures = 0;
    } else {
      this.#lastError = error;
      this.#consecutiveFailures++;
    }
  }

  skipped(): void {
    this.#counts.skipped++;
  }

  missed(runs: number): void {
    this.#counts.missed += runs;
  }

  summary() {
    return {
      lastStartAt: this.#lastStartAt,
      lastSuccessAt: this.#lastSuccessAt,
      lastDurationMs: this.#lastDurationMs,
      lastLagMs: this.#lastLagMs,
      lastError: this.#lastError,
      consecutiveFailures: this.#consecutiveFailures,
      counts: { ...this.#counts },
    } satisfies Partial<TaskStatus>;
  }
}
