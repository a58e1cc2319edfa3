import { type Duration, parseDuration } from '../model/duration.ts';
import { ActiveRuns } from './active-runs.ts';
import { type Clock, systemClock } from './clock.ts';
import { Shutdown, type ShutdownOptions, type StopReport } from './drain.ts';
import { type Listener, Listeners, type RunFailure, type SchedulerEvents } from './events.ts';
import { FieldLogger, type Logger, warningLogger } from './field-logger.ts';
import type { Host } from './host.ts';
import { drawPhase } from './jitter.ts';
import type { Run } from './run.ts';
import type { TaskFunction } from './run-plan.ts';
import type { RunStart } from './run-result.ts';
import { ScheduledTask } from './scheduled-task.ts';
import { type CollectorRegistry, SchedulerCollector } from './scheduler-collector.ts';
import { Slots } from './slots.ts';
import type { Task } from './task.ts';
import { checkTaskOptions, parseInterval, type TaskOptions } from './task-options.ts';
import { Agenda } from './timer-queue.ts';

export interface SchedulerOptions {
  /** Gets the scheduler's own series, `scheduler_task_...`. */
  readonly registry?: CollectorRegistry;
  /** By default warnings and errors become warnings of the process. */
  readonly logger?: Logger;
  /** Hears of each failed run, as a listener for `error` does. */
  readonly onError?: (error: Error, failure: RunFailure) => void;
  /** How many runs may be under way at once, 16 by default. The others wait in the order in which they fell due. */
  readonly maxConcurrent?: number;
  /** Whether the process may exit while tasks are scheduled. By default they keep it alive until `stop()`. */
  readonly unref?: boolean;
  /** Tells this process from others for `jitter: 'hash'`; the host's name by default. */
  readonly instance?: string;
  readonly clock?: Clock;
  /** A number in [0, 1), as `Math.random()`. */
  readonly random?: () => number;
}

export interface StopOptions {
  /** How long to wait for runs that are under way; `'8s'` by default. */
  readonly timeout?: Duration;
  /** When their signals abort: `after` the timeout (the default) or `now`. */
  readonly abort?: 'after' | 'now';
  /** The `run` of the context, for a task that awaits `stop()` after an `await` of its own: it is not waited for. */
  readonly from?: RunStart;
}

/** Calls functions at regular times, on a grid that does not drift. Add tasks with `every()`, then `start()`. */
export class Scheduler {
  readonly #host: Host;
  readonly #tasks = new Map<string, ScheduledTask>();
  readonly #random: () => number;
  readonly #instance: string | undefined;
  readonly #unref: boolean;
  #isStarted = false;
  /** The latest, under way or done; none before the first and while started. */
  #shutdown: Shutdown | undefined;

  constructor(options: SchedulerOptions = {}) {
    const { clock = systemClock, maxConcurrent = 16, registry, onError } = options;
    this.#host = createHost(clock, new FieldLogger(options.logger ?? warningLogger, {}), checkLimit(maxConcurrent));
    this.#random = options.random ?? Math.random;
    this.#instance = options.instance;
    this.#unref = options.unref ?? false;
    if (onError) this.on('error', (failure) => onError(failure.error, failure));
    registry?.register(new SchedulerCollector(() => this.tasks));
  }

  /** The tasks in the order in which they were added. */
  get tasks(): readonly Task[] {
    return [...this.#tasks.values()];
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** What the scheduler goes by, for what stands on it. */
  get clock(): Clock {
    return this.#host.clock;
  }

  /** Adds a task. Its first run comes after the scheduler has started, never within this call. */
  every(interval: Duration, fn: TaskFunction, options: TaskOptions): Task {
    const settings = checkTaskOptions(options);
    const { name } = settings;
    const intervalMs = parseInterval(interval, name);
    if (typeof fn !== 'function') throw new TypeError(`Task ${name} needs a function to call, not ${typeof fn}.`);
    if (this.#tasks.has(name))
      throw new Error(`A task named ${name} is already scheduled: remove() it first, or give this one another name.`);
    const phase = drawPhase(settings.jitter, name, { random: this.#random, instance: this.#instance });
    const holdsProcess = !(settings.unref ?? this.#unref);
    const task = new ScheduledTask({
      host: this.#host,
      settings,
      intervalMs,
      fn,
      phase,
      random: this.#random,
      holdsProcess,
    });
    this.#tasks.set(name, task);
    if (this.#isStarted) task.start();
    return task;
  }

  task(name: string): Task | undefined {
    return this.#tasks.get(name);
  }

  /** Takes a task out and frees its name. A run under way goes on. Returns whether there was such a task. */
  remove(name: string): boolean {
    const task = this.#tasks.get(name);
    this.#tasks.delete(name);
    task?.remove();
    return task !== undefined;
  }

  /** Begins the grids of all tasks. Does nothing when started; after `stop()` grids begin anew. */
  start(): void {
    if (this.#isStarted) return;
    if (this.#shutdown && !this.#shutdown.isDone)
      throw new Error('The scheduler is still stopping: await stop() before start().');
    this.#isStarted = true;
    this.#shutdown = undefined;
    for (const task of this.#tasks.values()) task.start();
  }

  /**
   * Starts no run any more from this moment on, and waits for those under way. Resolves at the latest a tenth of a second
   * after the timeout. A task may call it: the run that calls is not waited for.
   */
  stop(options: StopOptions = {}): Promise<StopReport> {
    const timeoutMs = parseDuration(options.timeout ?? '8s', { name: 'timeout of stop()', allowZero: true });
    const { runs } = this.#host;
    const caller = options.from ? runs.find(options.from) : runs.calling;
    if (this.#isStarted) this.#shutDown(caller, { timeoutMs, abortsNow: options.abort === 'now' });
    else this.#shutdown?.excuse(caller);
    return this.#shutdown?.done ?? Promise.resolve({ drained: [], aborted: [], abandoned: [] });
  }

  /** Calls the listener at each such event until the returned function is called. */
  on<E extends keyof SchedulerEvents>(event: E, listener: Listener<SchedulerEvents[E]>): () => void {
    return this.#host.events.on(event, listener);
  }

  #shutDown(caller: Run | undefined, options: ShutdownOptions): void {
    this.#isStarted = false;
    this.#shutdown = new Shutdown(this.#host.agenda, this.#host.runs);
    this.#shutdown.excuse(caller);
    for (const task of this.#tasks.values()) task.stop();
    this.#shutdown.begin(options);
  }
}

function createHost(clock: Clock, logger: Logger, maxConcurrent: number): Host {
  const agenda = new Agenda(clock, (error) => logger.error('The scheduler failed.', { error }));
  const slots = new Slots(maxConcurrent, agenda);
  return { clock, agenda, slots, logger, runs: new ActiveRuns(), events: new Listeners(logger) };
}

function checkLimit(maxConcurrent: number): number {
  if (maxConcurrent >= 1) return maxConcurrent;
  throw new RangeError(`maxConcurrent must be at least 1: ${maxConcurrent}.`);
}
