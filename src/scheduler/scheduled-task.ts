import type { Duration } from '../model/duration.ts';
import type { Logger } from '../model/logger.ts';
import { thrownText } from '../model/thrown.ts';
import type { Listeners, SchedulerEvents } from './events.ts';
import { FieldLogger } from './field-logger.ts';
import type { ActiveRuns, Run, RunObserver, RunPlan } from './run.ts';
import { RunQueue } from './run-queue.ts';
import type { RunEnd, RunResult, RunSkip, RunStart } from './run-result.ts';
import type { Slots } from './slots.ts';
import type { RunNowOptions, Task, TaskFunction, TaskState, TaskStatus } from './task.ts';
import { parseInterval, type TaskSettings } from './task-options.ts';
import { TaskRecord } from './task-record.ts';
import type { TimerQueue } from './timer-queue.ts';
import { Timetable, type TimetableObserver } from './timetable.ts';

/** Shared by all tasks of a scheduler. */
export interface SchedulerContext {
  readonly timers: TimerQueue;
  readonly slots: Slots;
  readonly activeRuns: ActiveRuns;
  readonly events: Listeners<SchedulerEvents>;
  readonly logger: Logger;
  /** The empty record, which all tasks share that have not run. */
  readonly noRuns: TaskRecord;
}

/**
 * A task from the scheduler's side: a timetable says when, a run queue calls the function, a record counts. Queue and record
 * are created when they are first used: thousands of tasks may be added at once, and few of them are due soon.
 */
export class ScheduledTask implements Task, RunObserver, TimetableObserver {
  readonly #context: SchedulerContext;
  readonly #settings: TaskSettings;
  readonly #fn: TaskFunction;
  readonly #timetable: Timetable;
  /** Undefined until the first run is due or requested. */
  #queue: RunQueue | undefined;
  /** The empty record of the context until there is a queue. */
  #record: TaskRecord;
  #isRemoved = false;
  /** Set from `start()` to `begin()`. */
  #startedAt: number | undefined;
  #knownState: TaskState;

  constructor(context: SchedulerContext, settings: TaskSettings, fn: TaskFunction) {
    this.#context = context;
    this.#settings = settings;
    this.#fn = fn;
    this.#record = context.noRuns;
    this.#timetable = new Timetable(context.timers, settings, this);
    this.#knownState = this.#state;
  }

  get name(): string {
    return this.#settings.name;
  }

  get holdsProcess(): boolean {
    return this.#settings.holdsProcess;
  }

  get status(): TaskStatus {
    this.begin();
    const { clock } = this.#context.timers;
    const { nextDueAt, intervalMs } = this.#timetable;
    const { lastStartAt, lastSuccessAt, lastDurationMs, lastLagMs, lastError, consecutiveFailures, counts } =
      this.#record.summary();
    // Field by field: a spread takes six times as long, and a scrape reads the status of each task.
    return {
      name: this.name,
      state: this.#state,
      intervalMs,
      isRunning: this.#queue?.isBusy ?? false,
      isReady: !this.#settings.readyAfterFirstSuccess || lastSuccessAt !== undefined,
      nextRunAt: nextDueAt === undefined ? undefined : clock.wall() + (nextDueAt - clock.now()),
      lastStartAt,
      lastSuccessAt,
      lastDurationMs,
      lastLagMs,
      lastError,
      consecutiveFailures,
      abandonedRuns: this.#queue?.abandonedRuns ?? 0,
      counts,
    };
  }

  runNow({ reason = 'manual' }: RunNowOptions = {}): Promise<RunResult> {
    this.begin();
    if (this.#isRemoved) return this.#queueForRuns().refuse('removed', reason);
    if (!this.#timetable.isRunning) return this.#queueForRuns().refuse('stopped', reason);
    const result = this.#queueForRuns().runNow(reason);
    this.#emitState();
    return result;
  }

  pause(): void {
    this.begin();
    this.#timetable.pause();
    this.#queue?.dropNext('paused');
    this.#emitState();
  }

  resume(): void {
    this.begin();
    this.#timetable.resume();
    this.#emitState();
  }

  reschedule(interval: Duration): void {
    const intervalMs = parseInterval(interval, this.name);
    this.begin();
    this.#queue?.setTimeoutMs(this.#settings.timeoutMs(intervalMs));
    this.#timetable.reschedule(intervalMs);
  }

  /** Starts at a time of the clock's `now()`. The caller calls `begin()` soon; anything that uses the task does so before. */
  start(startedAt: number): void {
    this.#startedAt = startedAt;
  }

  /** Ends the start. Does nothing if it has ended. */
  begin(): void {
    const startedAt = this.#startedAt;
    if (startedAt === undefined) return;
    this.#startedAt = undefined;
    this.#timetable.start(startedAt);
    this.#emitState();
  }

  /** Starts no more runs. A current run continues, but is not retried. */
  stop(): void {
    this.#close('stopped');
  }

  /** Stops permanently. */
  remove(): void {
    this.#isRemoved = true;
    this.#close('removed');
  }

  started(start: RunStart): void {
    this.#record.started(start);
    this.#context.events.emit('run:start', start);
    this.#emitState();
  }

  ended(end: RunEnd): void {
    this.#record.ended(end, this.#context.timers.clock.wall());
    this.#context.events.emit('run:end', end);
    if (end.outcome === 'success') this.#timetable.snapBack();
    else if (end.error && end.outcome !== 'aborted') this.#failed(end, end.error);
  }

  skipped(skip: RunSkip): void {
    if (skip.cause === 'overlap' || skip.cause === 'stuck') this.#record.skipped();
    this.#context.events.emit('run:skip', skip);
  }

  released(run: Run): void {
    this.#queue?.release(run);
    this.#emitState();
  }

  returned(): void {
    this.#queue?.forgetAbandoned();
    this.#emitState();
  }

  onDue(dueAt: number, missed: number): void {
    const queue = this.#queueForRuns();
    if (missed > 0) {
      this.#record.missed(missed);
      this.#context.events.emit('run:miss', { task: this.name, missed });
      if (this.#timetable.nextDueAt === undefined) return; // A listener has paused or stopped the task.
    }
    queue.onDue(dueAt);
    this.#emitState();
  }

  #queueForRuns(): RunQueue {
    if (this.#queue) return this.#queue;
    this.#record = new TaskRecord();
    this.#queue = new RunQueue(this.#context.slots, this.#plan(), this.#settings, this);
    return this.#queue;
  }

  #plan(): RunPlan {
    const { timers, activeRuns, logger } = this.#context;
    const { name, retry, abandonAfterMs, holdsProcess } = this.#settings;
    const timeoutMs = this.#settings.timeoutMs(this.#timetable.intervalMs);
    const log = new FieldLogger(logger, { task: name });
    return { task: name, fn: this.#fn, timeoutMs, abandonAfterMs, retry, log, holdsProcess, timers, activeRuns };
  }

  #failed(run: RunEnd, error: Error): void {
    const delayMs = this.#settings.backoff?.delayMs(this.#record.consecutiveFailures, this.#timetable.intervalMs);
    if (delayMs !== undefined) this.#timetable.defer(delayMs);
    this.#queue?.plan.log.warn(`Task ${this.name} failed: ${thrownText(error)}`, { error });
    this.#context.events.emit('error', { task: this.name, error, run });
  }

  #close(cause: 'stopped' | 'removed'): void {
    this.#startedAt = undefined;
    this.#timetable.stop();
    this.#queue?.close(cause);
    this.#emitState();
  }

  /** Emits `state` if the state has changed since the last call. */
  #emitState(): void {
    const from = this.#knownState;
    const to = this.#state;
    if (from === to) return;
    this.#knownState = to;
    if (to === 'stuck')
      this.#queue?.plan.log.warn(
        `Task ${this.name} is stuck: ${this.#queue.abandonedRuns} abandoned runs have not returned.`,
      );
    this.#context.events.emit('state', { task: this.name, from, to });
  }

  get #state(): TaskState {
    if (this.#isRemoved) return 'removed';
    const queue = this.#queue;
    if (queue?.isStuck) return 'stuck';
    if (queue?.isBusy) return 'running';
    if (queue?.isWaiting) return 'queued';
    if (!this.#timetable.isRunning) return 'stopped';
    return this.#timetable.isPaused ? 'paused' : 'scheduled';
  }
}
