import type { Overlap, TaskState } from '../../src/scheduler/index.ts';

/** A task whose function ignores its signal: it returns after `durationMs`, immediately if that is 0. */
export interface Behavior {
  readonly intervalMs: number;
  readonly immediate: boolean;
  readonly overlap: Overlap;
  readonly durationMs: number;
  readonly fails: boolean;
  readonly timeoutMs: number;
  readonly abandonAfterMs: number;
  readonly maxAbandoned: number;
}

interface ModelRun {
  readonly endsAt: number;
  hasEnded: boolean;
  /** The deadline; after it, or after an abort, the time at which the function is abandoned. */
  alarmAt: number;
}

/** A model of a task that advances step by step, without timers and promises. */
export class ModelTask {
  readonly startedAt: number[] = [];
  readonly counts = { success: 0, error: 0, timeout: 0, aborted: 0, skipped: 0, missed: 0 };
  readonly #behavior: Behavior;
  #intervalMs: number;
  #dueAt = 0;
  #isPaused = false;
  #isStopped = false;
  #current: ModelRun | undefined;
  #isNextWaiting = false;
  #abandonedUntil: number[] = [];

  constructor(behavior: Behavior, now: number) {
    this.#behavior = behavior;
    this.#intervalMs = behavior.intervalMs;
    this.start(now);
  }

  get isBusy(): boolean {
    return this.#current !== undefined || this.#abandonedUntil.length > 0;
  }

  get abandonedRuns(): number {
    return this.#abandonedUntil.length;
  }

  get nextDueAt(): number | undefined {
    return this.#isPaused || this.#isStopped ? undefined : this.#dueAt;
  }

  get state(): TaskState {
    if (this.#isStuck) return 'stuck';
    if (this.#current) return 'running';
    if (this.#isStopped) return 'stopped';
    return this.#isPaused ? 'paused' : 'scheduled';
  }

  get #isStuck(): boolean {
    return this.abandonedRuns >= this.#behavior.maxAbandoned;
  }

  start(now: number): void {
    this.#isStopped = false;
    this.#dueAt = this.#behavior.immediate ? now : now + this.#intervalMs;
  }

  /** With a timeout of zero: runs are aborted immediately and abandoned 100 ms later. */
  stop(now: number): void {
    this.#isStopped = true;
    this.#isNextWaiting = false;
    if (!this.#current) return;
    this.#abort(now);
    this.#current.alarmAt = Math.min(this.#current.alarmAt, now + 100);
  }

  pause(): void {
    this.#isPaused = true;
    this.#isNextWaiting = false;
  }

  resume(now: number): void {
    if (this.#isPaused) while (this.#dueAt <= now) this.#dueAt += this.#intervalMs;
    this.#isPaused = false;
  }

  reschedule(intervalMs: number, now: number): void {
    this.#intervalMs = intervalMs;
    this.#dueAt = now + intervalMs;
  }

  runNow(now: number): void {
    if ((this.#current && !this.#current.hasEnded) || this.#isNextWaiting) return;
    if (this.#isStuck) this.counts.skipped++;
    else this.#enqueue(now);
  }

  /** Moves to this time. `isLate`: the process was blocked meanwhile, so everything happens now. */
  advanceTo(until: number, isLate = false): void {
    for (let at = this.#nextEventAt(); at <= until; at = this.#nextEventAt()) this.#handle(at, isLate ? until : at);
  }

  #nextEventAt(): number {
    const never = Number.POSITIVE_INFINITY;
    const { endsAt = never, alarmAt = never } = this.#current ?? {};
    return Math.min(this.nextDueAt ?? never, endsAt, alarmAt, ...this.#abandonedUntil);
  }

  #handle(at: number, now: number): void {
    const run = this.#current;
    this.#abandonedUntil = this.#abandonedUntil.filter((endsAt) => endsAt !== at);
    if (run?.endsAt === at) this.#end(run, now);
    else if (run?.alarmAt === at) this.#alarm(run, now);
    else if (this.nextDueAt === at) this.#fallDue(now);
  }

  #fallDue(now: number): void {
    this.#dueAt += this.#intervalMs;
    for (; this.#dueAt <= now; this.#dueAt += this.#intervalMs) this.counts.missed++;
    const isTaken = this.#isNextWaiting || (this.#current && this.#behavior.overlap === 'skip');
    if (this.#isStuck || isTaken) {
      this.counts.skipped++;
      return;
    }
    if (this.#behavior.overlap === 'abort') this.#abort(now);
    this.#enqueue(now);
  }

  #enqueue(now: number): void {
    if (this.#current) this.#isNextWaiting = true;
    else this.#begin(now);
  }

  #begin(now: number): void {
    const { durationMs, timeoutMs } = this.#behavior;
    this.startedAt.push(now);
    this.#current = { endsAt: now + durationMs, alarmAt: now + timeoutMs, hasEnded: false };
    if (durationMs === 0) this.#end(this.#current, now);
  }

  #end(run: ModelRun, now: number): void {
    if (!run.hasEnded) this.counts[this.#behavior.fails ? 'error' : 'success']++;
    this.#release(now);
  }

  #alarm(run: ModelRun, now: number): void {
    if (!run.hasEnded) {
      this.counts.timeout++;
      run.hasEnded = true;
      run.alarmAt = now + this.#behavior.abandonAfterMs;
      return;
    }
    this.#abandonedUntil.push(run.endsAt);
    if (this.#isStuck && this.#isNextWaiting) {
      this.#isNextWaiting = false;
      this.counts.skipped++;
    }
    this.#release(now);
  }

  #abort(now: number): void {
    if (!this.#current || this.#current.hasEnded) return;
    this.counts.aborted++;
    this.#current.hasEnded = true;
    this.#current.alarmAt = now + this.#behavior.abandonAfterMs;
  }

  #release(now: number): void {
    this.#current = undefined;
    if (!this.#isNextWaiting) return;
    this.#isNextWaiting = false;
    this.#begin(now);
  }
}
