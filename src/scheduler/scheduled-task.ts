import type { Duration } from '../model/duration.ts';
import { textOf } from '../model/thrown.ts';
import { FieldLogger, type Logger } from './field-logger.ts';
import type { Host } from './host.ts';
import { BackoffPolicy, RetryPolicy } from './retry.ts';
import type { TaskFunction } from './run-plan.ts';
import { Lane, type LaneListener } from './run-queue.ts';
import type { RunEnd, RunResult, RunSkip, RunStart } from './run-result.ts';
import type { RunNowOptions, Task, TaskState, TaskStatus } from './task.ts';
import { parseInterval, type TaskSettings } from './task-options.ts';
import { TaskRecord } from './task-record.ts';
import { Timetable } from './timetable.ts';

export interface TaskParts {
  readonly host: Host;
  readonly settings: TaskSettings;
  readonly intervalMs: number;
  readonly fn: TaskFunction;
  /** The share of the interval by which due times are shifted. */
  readonly phase: number;
  readonly random: () => number;
  readonly holdsProcess: boolean;
}

/** A task as its scheduler sees it: a timetable says when, a lane runs the function, a record counts. */
export class ScheduledTask implements Task, LaneListener {
  readonly #host: Host;
  readonly #settings: TaskSettings;
  readonly #log: Logger;
  readonly #backoff: BackoffPolicy | undefined;
  readonly #record = new TaskRecord();
  readonly #timetable: Timetable;
  readonly #lane: Lane;
  #isRemoved = false;
  #knownState: TaskState;

  constructor({ host, settings, intervalMs, fn, phase, random, holdsProcess }: TaskParts) {
    const { name, openingMs, isAligned, isPaused, backoff, abandonAfterMs } = settings;
    this.#host = host;
    this.#settings = settings;
    this.#log = new FieldLogger(host.logger, { task: name });
    this.#backoff = backoff && new BackoffPolicy(name, backoff);
    const times = { intervalMs, isAligned, phase, openingMs, isPaused, holdsProcess };
    this.#timetable = new Timetable(host, times, (dueAt, missed) => this.#fallDue(dueAt, missed));
    const retry = new RetryPolicy(name, settings.retry, random);
    const timeoutMs = settings.timeoutMs(intervalMs);
    const plan = { task: name, fn, timeoutMs, abandonAfterMs, retry, log: this.#log, holdsProcess };
    this.#lane = new Lane(host, plan, settings, this);
    this.#knownState = this.#state;
  }

  get name(): string {
    return this.#settings.name;
  }

  get status(): TaskStatus {
    const { clock } = this.#host;
    const { nextDueAt, intervalMs } = this.#timetable;
    return {
      ...this.#record.summary(),
      name: this.name,
      state: this.#state,
      intervalMs,
      isRunning: this.#lane.isBusy,
      isReady: !this.#settings.readyAfterFirstSuccess || this.#record.hasSucceeded,
      nextRunAt: nextDueAt === undefined ? undefined : clock.wall() + (nextDueAt - clock.now()),
      abandonedRuns: this.#lane.abandonedRuns,
    };
  }

  runNow({ reason = 'manual' }: RunNowOptions = {}): Promise<RunResult> {
    if (this.#isRemoved) return this.#lane.refuse('removed', reason);
    return this.#timetable.isRunning ? this.#lane.runNow(reason) : this.#lane.refuse('stopped', reason);
  }

  pause(): void {
    this.#timetable.pause();
    this.#lane.dropNext('paused');
    this.changed();
  }

  resume(): void {
    this.#timetable.resume();
    this.changed();
  }

  reschedule(interval: Duration): void {
    const intervalMs = parseInterval(interval, this.name);
    this.#lane.plan = { ...this.#lane.plan, timeoutMs: this.#settings.timeoutMs(intervalMs) };
    this.#timetable.reschedule(intervalMs);
  }

  start(): void {
    this.#timetable.start();
    this.changed();
  }

  /** No run begins any more. One under way goes on, but does not try again if it fails. */
  stop(): void {
    this.#timetable.stop();
    this.#lane.close('stopped');
    this.changed();
  }

  /** Stops for good. */
  remove(): void {
    this.#isRemoved = true;
    this.#timetable.stop();
    this.#lane.close('removed');
    this.changed();
  }

  started(start: RunStart): void {
    this.#record.started(start);
    this.#host.events.emit('run:start', start);
  }

  ended(end: RunEnd): void {
    this.#record.ended(end, this.#host.clock.wall());
    this.#host.events.emit('run:end', end);
    if (end.outcome === 'success') this.#timetable.snapBack();
    else if (end.error && end.outcome !== 'aborted') this.#failed(end, end.error);
  }

  skipped(skip: RunSkip): void {
    if (skip.cause === 'overlap' || skip.cause === 'stuck') this.#record.skipped();
    this.#host.events.emit('run:skip', skip);
  }

  changed(): void {
    const from = this.#knownState;
    const to = this.#state;
    if (from === to) return;
    this.#knownState = to;
    if (to === 'stuck') this.#log.warn(`Task ${this.name} is stuck: ${this.#lane.abandonedRuns} runs do not end.`);
    this.#host.events.emit('state', { task: this.name, from, to });
  }

  #fallDue(dueAt: number, missed: number): void {
    if (missed > 0) {
      this.#record.missed(missed);
      this.#host.events.emit('run:miss', { task: this.name, missed });
      if (this.#timetable.nextDueAt === undefined) return; // A listener has paused or stopped the task.
    }
    this.#lane.fallDue(dueAt);
  }

  #failed(run: RunEnd, error: Error): void {
    const delayMs = this.#backoff?.delayMs(this.#record.consecutiveFailures, this.#timetable.intervalMs);
    if (delayMs !== undefined) this.#timetable.defer(delayMs);
    this.#log.warn(`Task ${this.name} failed: ${textOf(error)}`, { error });
    this.#host.events.emit('error', { task: this.name, error, run });
  }

  get #state(): TaskState {
    if (this.#isRemoved) return 'removed';
    if (this.#lane.isStuck) return 'stuck';
    if (this.#lane.isBusy) return 'running';
    if (this.#lane.isWaiting) return 'queued';
    if (!this.#timetable.isRunning) return 'stopped';
    return this.#timetable.isPaused ? 'paused' : 'scheduled';
  }
}
