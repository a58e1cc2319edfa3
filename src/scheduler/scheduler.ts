import type { Registrar } from '../model/collector.ts';
import { type Duration, parseDuration } from '../model/duration.ts';
import type { Logger } from '../model/logger.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { type Clock, systemClock } from './clock.ts';
import { Drain, type DrainOptions, type StopReport } from './drain.ts';
import { type Listener, Listeners, type RunFailure, type SchedulerEvents } from './events.ts';
import { FieldLogger, ReplaceableLogger, warningLogger } from './field-logger.ts';
import { ActiveRuns, type Run } from './run.ts';
import type { RunStart } from './run-result.ts';
import { ScheduledTask, type SchedulerContext } from './scheduled-task.ts';
import { SchedulerCollector } from './scheduler-collector.ts';
import { Slots } from './slots.ts';
import { Startup } from './startup.ts';
import type { Task, TaskFunction } from './task.ts';
import { checkTask, type TaskDefaults, type TaskOptions } from './task-options.ts';
import { TaskRecord } from './task-record.ts';
import { TimerQueue } from './timer-queue.ts';

/** Options of a {@link Scheduler}. */
export interface SchedulerOptions {
  /**
   * Registry for the metrics of the scheduler, `scheduler_task_*`.
   *
   * @defaultValue no metrics
   */
  readonly registry?: Registrar;
  /**
   * Logger of the scheduler and its tasks.
   *
   * @defaultValue the log of `runExporter()`; without it, warnings and errors become process warnings
   */
  readonly logger?: Logger;
  /**
   * Called for each run that fails or times out, like a listener for `error`.
   *
   * @defaultValue none
   */
  readonly onError?: (error: Error, failure: RunFailure) => void;
  /**
   * Maximum number of concurrent runs; at least 1. The others wait in the order in which they were due.
   *
   * @defaultValue `16`
   */
  readonly maxConcurrent?: number;
  /**
   * Whether the process may exit while tasks are scheduled; otherwise they keep it alive until `stop()`.
   *
   * @defaultValue `false`
   */
  readonly unref?: boolean;
  /**
   * Distinguishes this process from others with the same tasks; for `jitter: 'hash'`.
   *
   * @defaultValue the host name
   */
  readonly instance?: string;
  /**
   * Source of time.
   *
   * @defaultValue `systemClock`
   */
  readonly clock?: Clock;
  /**
   * Source of random numbers in [0, 1).
   *
   * @defaultValue `Math.random`
   */
  readonly random?: () => number;
}

const SCHEDULER_OPTIONS: OptionNames<SchedulerOptions> = {
  registry: true,
  logger: true,
  onError: true,
  maxConcurrent: true,
  unref: true,
  instance: true,
  clock: true,
  random: true,
};

/** Options of `Scheduler.stop()`. */
export interface StopOptions {
  /**
   * Maximum time to wait for runs in flight.
   *
   * @defaultValue `'8s'`
   */
  readonly timeout?: Duration;
  /**
   * When to abort the signals of runs in flight: `after` the timeout or `now`.
   *
   * @defaultValue `'after'`
   */
  readonly abort?: 'after' | 'now';
  /**
   * The run that calls `stop()`, which is then not waited for. Only a task that calls `stop()` after an `await` needs it: pass
   * the `run` of its context.
   *
   * @defaultValue the run that calls `stop()` synchronously, if any
   */
  readonly from?: RunStart;
}

/**
 * Calls functions at regular times that do not drift.
 *
 * @example
 * ```ts
 * import { Gauge, Scheduler } from 'zeroprom';
 *
 * const random = new Gauge({ name: 'random_number', help: 'A random number.' });
 * const scheduler = new Scheduler();
 * const task = scheduler.every('30s', () => random.set(Math.random()), { name: 'set_random_number' });
 * scheduler.start();
 * console.log(await task.runNow());
 * await scheduler.stop();
 * ```
 */
export class Scheduler {
  readonly #context: SchedulerContext;
  readonly #tasks = new Map<string, ScheduledTask>();
  readonly #defaults: TaskDefaults;
  readonly #logger = new ReplaceableLogger(warningLogger);
  #isStarted = false;
  /** The last one; undefined before the first and after `stop()`. */
  #startup: Startup | undefined;
  /** The last one, in progress or done; undefined before the first and while started. */
  #drain: Drain | undefined;

  /**
   * Creates a scheduler without tasks. Nothing runs before `start()`.
   *
   * @throws {TypeError} for an unknown option.
   * @throws {RangeError} if `maxConcurrent` is less than 1.
   */
  constructor(options: SchedulerOptions = {}) {
    checkOptionNames('new Scheduler()', options, SCHEDULER_OPTIONS);
    this.#context = createContext(options, options.logger ?? this.#logger);
    const { onError, registry, instance } = options;
    this.#defaults = { random: options.random ?? Math.random, instance, unref: options.unref ?? false };
    if (onError) this.on('error', (failure) => onError(failure.error, failure));
    registry?.register(new SchedulerCollector(() => this.tasks));
  }

  /** Logs to this logger from now on, unless the option `logger` was given. `runExporter()` calls it with its own log. */
  useLogger(logger: Logger): void {
    this.#logger.target = logger;
  }

  /** All tasks in the order in which they were added. */
  get tasks(): readonly Task[] {
    return [...this.#tasks.values()];
  }

  /** Whether the scheduler has been started and not stopped. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** The source of time. */
  get clock(): Clock {
    return this.#context.timers.clock;
  }

  /**
   * Adds a task. The first run comes after the scheduler has started, and never within this call.
   *
   * @param interval - Time from one run to the next, from 1 ms to ten years.
   * @param fn - Function to call for each run.
   * @throws {TypeError} if an argument or option has the wrong type, or the name is missing.
   * @throws {RangeError} if the interval or an option is out of range.
   * @throws {Error} if the scheduler has a task with this name.
   *
   * @example
   * ```ts
   * import { setTimeout as wait } from 'node:timers/promises';
   * import { Scheduler } from 'zeroprom';
   *
   * const scheduler = new Scheduler();
   * const task = scheduler.every('1m', ({ signal }) => wait(5, undefined, { signal }), { name: 'wait', timeout: '10s' });
   * scheduler.start();
   * console.log((await task.runNow()).outcome); // success
   * await scheduler.stop();
   * ```
   */
  every(interval: Duration, fn: TaskFunction, options: TaskOptions): Task {
    const settings = checkTask(interval, options, this.#defaults);
    const { name } = settings;
    if (typeof fn !== 'function') throw new TypeError(`Task ${name} must have a function to call, got ${typeof fn}.`);
    if (this.#tasks.has(name))
      throw new Error(`A task named ${name} is already scheduled; remove() it first, or use another name.`);
    const task = new ScheduledTask(this.#context, settings, fn);
    this.#tasks.set(name, task);
    if (this.#isStarted) {
      task.start(this.clock.now());
      task.begin();
    }
    return task;
  }

  /** Returns the task with this name, or undefined. */
  task(name: string): Task | undefined {
    return this.#tasks.get(name);
  }

  /** Removes a task and frees its name. A run in flight continues. Returns whether the task existed. */
  remove(name: string): boolean {
    const task = this.#tasks.get(name);
    this.#tasks.delete(name);
    task?.remove();
    return task !== undefined;
  }

  /**
   * Starts all tasks; their intervals begin now. Thousands of tasks are started over several turns of the event loop. Does nothing
   * if the scheduler is started.
   *
   * @throws {Error} if the scheduler is still stopping.
   */
  start(): void {
    if (this.#isStarted) return;
    if (this.#drain && !this.#drain.isDone)
      throw new Error('The scheduler is still stopping; await stop() before start().');
    this.#isStarted = true;
    this.#drain = undefined;
    this.#startup = new Startup(this.#context.timers, this.#tasks.values());
    this.#startup.begin();
  }

  /**
   * Starts no more runs and waits for those in flight. Resolves at the latest 100 ms after the timeout. Tasks may call it: the
   * run that calls is not waited for.
   *
   * @throws {TypeError} if `timeout` is neither a string nor a number.
   * @throws {RangeError} if `timeout` is not a valid duration.
   */
  stop(options: StopOptions = {}): Promise<StopReport> {
    const timeoutMs = parseDuration(options.timeout ?? '8s', { name: 'timeout of stop()', allowZero: true });
    const { activeRuns } = this.#context;
    const caller = options.from ? activeRuns.find(options.from) : activeRuns.calling;
    if (this.#isStarted) this.#stop(caller, { timeoutMs, abortsNow: options.abort === 'now' });
    else this.#drain?.excuse(caller);
    return this.#drain?.done ?? Promise.resolve({ drained: [], aborted: [], abandoned: [] });
  }

  /**
   * Calls a listener at each event of a kind, until the returned function is called.
   *
   * @example
   * ```ts
   * import { Scheduler } from 'zeroprom';
   *
   * const scheduler = new Scheduler();
   * const unsubscribe = scheduler.on('run:end', ({ task, outcome, durationMs }) => {
   *   console.log(`${task}: ${outcome} in ${durationMs} ms`);
   * });
   * const task = scheduler.every('30s', () => {}, { name: 'count' });
   * scheduler.start();
   * await task.runNow();
   * unsubscribe();
   * await scheduler.stop();
   * ```
   */
  on<E extends keyof SchedulerEvents>(event: E, listener: Listener<SchedulerEvents[E]>): () => void {
    return this.#context.events.on(event, listener);
  }

  #stop(caller: Run | undefined, options: DrainOptions): void {
    const { timers, activeRuns } = this.#context;
    this.#isStarted = false;
    this.#startup?.end();
    this.#startup = undefined;
    this.#drain = new Drain(timers, activeRuns);
    this.#drain.excuse(caller);
    for (const task of this.#tasks.values()) task.stop();
    this.#drain.begin(options);
  }
}

function createContext(options: SchedulerOptions, ownLogger: Logger): SchedulerContext {
  const { clock = systemClock, maxConcurrent = 16 } = options;
  if (!(maxConcurrent >= 1)) throw new RangeError(`maxConcurrent must be at least 1, got ${maxConcurrent}.`);
  const logger = new FieldLogger(ownLogger, {});
  const timers = new TimerQueue(clock, (error) => logger.error('The scheduler failed.', { error }));
  const slots = new Slots(maxConcurrent, timers);
  const events = new Listeners<SchedulerEvents>(logger);
  return { timers, slots, activeRuns: new ActiveRuns(), events, logger, noRuns: new TaskRecord() };
}
