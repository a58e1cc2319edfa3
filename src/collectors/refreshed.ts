import type { CollectContext, Collector } from '../model/collector.ts';
import { type Duration, formatDuration, parseDuration } from '../model/duration.ts';
import type { MetricFamily } from '../model/family.ts';
import { checkMetricName, isLegacyMetricName } from '../model/naming.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { kindOf } from '../model/printable.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { Task } from '../scheduler/task.ts';
import type { TaskOptions } from '../scheduler/task-options.ts';

type PassedOn = 'timeout' | 'retry' | 'backoff' | 'jitter' | 'readyAfterFirstSuccess';

/** Options of {@link refreshed}. */
export interface RefreshedOptions extends Pick<TaskOptions, PassedOn> {
  /** Scheduler that runs the refreshes. */
  readonly scheduler: Scheduler;
  /** Time between refreshes; the first one comes when the scheduler starts. */
  readonly every: Duration;
  /**
   * Name of the task, and prefix of the names of the `*_age_seconds` and `*_last_success_timestamp_seconds` families.
   *
   * @defaultValue the name of the collector
   */
  readonly name?: string;
  /**
   * Age beyond which a result is not shown; longer than `every`. `false` for no limit.
   *
   * @defaultValue two intervals and a minute, when the alert for stale tasks fires, too
   */
  readonly staleAfter?: Duration | false;
  /**
   * Families to show after a refresh has failed or timed out: the last result until it is stale (`keep`), nothing (`drop`), or
   * the last result for some time after the first failure (`keepFor`).
   *
   * @defaultValue `'keep'`
   */
  readonly onError?: OnError;
}

const REFRESHED_OPTIONS: OptionNames<RefreshedOptions> = {
  scheduler: true,
  every: true,
  name: true,
  staleAfter: true,
  onError: true,
  timeout: true,
  retry: true,
  backoff: true,
  jitter: true,
  readyAfterFirstSuccess: true,
};

type OnError = 'keep' | 'drop' | { readonly keepFor: Duration };

/**
 * Makes an expensive collector cheap to scrape: a scheduler runs it in the background, one refresh at a time, and scrapes get
 * the last result immediately. Register the returned collector instead of the original one. A failed refresh does not fail the
 * scrape; the task reports it, and so do `*_age_seconds` and `*_last_success_timestamp_seconds`. The gauge that the collector
 * declares with `up` is 1 if the last refresh succeeded and its result is shown, otherwise 0.
 *
 * @throws {TypeError} if the collector, its name or the scheduler is missing, or an option has the wrong type.
 * @throws {RangeError} if the name is not a valid start of a metric name, or an option is out of range.
 * @throws {Error} if the scheduler has a task with this name.
 *
 * @example
 * ```ts
 * import { statfs } from 'node:fs/promises';
 * import { type Collector, defaultRegistry, Scheduler } from 'zeroprom';
 * import { refreshed } from 'zeroprom/collectors';
 *
 * const disk: Collector = {
 *   name: 'disk',
 *   async collect() {
 *     const { bavail, bsize } = await statfs('/');
 *     return [{ name: 'disk_free_bytes', help: 'Free disk space.', type: 'gauge', points: [{ value: bavail * bsize }] }];
 *   },
 * };
 * const scheduler = new Scheduler();
 * const collector = refreshed(disk, { scheduler, every: '5m' });
 * defaultRegistry.register(collector);
 * scheduler.start();
 * await collector.task.runNow();
 * console.log(await defaultRegistry.expose());
 * await scheduler.stop();
 * ```
 */
export function refreshed(collector: Collector, options: RefreshedOptions): RefreshedCollector {
  return new RefreshedCollector(collector, options);
}

/**
 * Exposes the last result of another collector. Created by {@link refreshed}.
 *
 * @example
 * ```ts
 * import { Scheduler } from 'zeroprom';
 * import { refreshed, type RefreshedCollector } from 'zeroprom/collectors';
 *
 * const scheduler = new Scheduler();
 * const slow = { name: 'slow', collect: async () => [] };
 * const collector: RefreshedCollector = refreshed(slow, { scheduler, every: '1h' });
 * await collector.task.runNow();
 * console.log(collector.task.status);
 * await scheduler.stop();
 * ```
 */
export class RefreshedCollector implements Collector {
  /** Name of the collector and its task. */
  readonly name: string;
  /** Task that runs the refreshes. Call its `runNow()` for an additional one. */
  readonly task: Task;
  readonly #collector: Collector;
  readonly #up: string | undefined;
  readonly #scheduler: Scheduler;
  readonly #staleAfterMs: number | undefined;
  readonly #keepForMs: number;
  readonly #stopListening: () => void;
  #families: readonly MetricFamily[] = [];
  /** When the last refresh succeeded, or the collector was created, by the clock's `now()`. */
  #refreshedAt: number;
  /** When the first refresh after the last success failed. */
  #failedAt: number | undefined;

  /** Use {@link refreshed}. */
  constructor(collector: Collector, options: RefreshedOptions) {
    checkOptionNames('refreshed()', options, REFRESHED_OPTIONS);
    const { scheduler, every, name = collector?.name, staleAfter, onError = 'keep', ...passedOn } = options;
    if (typeof collector?.collect !== 'function') throw new TypeError('A collector must have a method collect().');
    if (typeof scheduler?.every !== 'function')
      throw new TypeError(`The scheduler of refreshed() must be a Scheduler, got ${kindOf(scheduler)}.`);
    this.name = checkName(name);
    this.#collector = collector;
    this.#up = collector.up;
    if (this.#up !== undefined) checkMetricName(this.#up);
    this.#scheduler = scheduler;
    this.#staleAfterMs = parseStaleAfter(staleAfter, every, this.name);
    this.#keepForMs = parseOnError(onError, this.name);
    this.#refreshedAt = scheduler.clock.now();
    // With maxAbandoned 1, a collector that ignores its signal is not called again until it has returned.
    const taskOptions = { ...passedOn, name: this.name, immediate: true, overlap: 'skip', maxAbandoned: 1 } as const;
    this.task = scheduler.every(every, (context) => this.#refresh(context), taskOptions);
    this.#stopListening = scheduler.on('error', ({ task }) => {
      if (task === this.name) this.#failedAt ??= scheduler.clock.now();
    });
  }

  /** Returns the last result and its age. */
  collect(): MetricFamily[] {
    const { intervalMs, lastSuccessAt, state } = this.task.status;
    const isShown = state !== 'removed' && this.#isFresh(intervalMs);
    const isUp = isShown && lastSuccessAt !== undefined && this.#failedAt === undefined;
    const note = ` (cached, refreshed every ${formatDuration(intervalMs)})`;
    return [
      ...(isShown ? this.#families : [])
        .filter(({ name }) => isUp || name !== this.#up)
        .map((family) => ({ ...family, help: family.help + note })),
      ...this.#upGauge(isUp),
      seconds(
        `${this.name}_age_seconds`,
        `Time since the last successful refresh of ${this.name} in seconds; before the first, since its creation.`,
        this.#ageMs / 1000,
      ),
      seconds(
        `${this.name}_last_success_timestamp_seconds`,
        `Unix time of the last successful refresh of ${this.name} in seconds; 0 before the first.`,
        (lastSuccessAt ?? 0) / 1000,
      ),
    ];
  }

  /** Stops the refreshes and shows no result any more, permanently. A refresh in flight continues and is ignored. */
  stop(): void {
    this.#stopListening();
    const isOurs = this.#scheduler.task(this.name) === this.task;
    if (isOurs) this.#scheduler.remove(this.name);
  }

  /** The gauge, unless the collector has returned it itself. */
  #upGauge(isUp: boolean): MetricFamily[] {
    const name = this.#up;
    if (name === undefined || (isUp && this.#families.some((family) => family.name === name))) return [];
    const help = `Whether the last refresh of ${this.name} was successful.`;
    return [{ name, help, type: 'gauge', points: [{ value: Number(isUp) }] }];
  }

  get #ageMs(): number {
    return this.#scheduler.clock.now() - this.#refreshedAt;
  }

  #isFresh(intervalMs: number): boolean {
    if (this.#ageMs > (this.#staleAfterMs ?? 2 * intervalMs + 60_000)) return false;
    return this.#failedAt === undefined || this.#scheduler.clock.now() - this.#failedAt < this.#keepForMs;
  }

  async #refresh(context: CollectContext): Promise<void> {
    // Points may come from a generator, but are shown more than once. They still have the type of the family.
    const families: MetricFamily[] = [];
    for await (const family of await this.#collector.collect(context)) {
      families.push({ ...family, points: [...family.points] } as MetricFamily);
    }
    context.signal.throwIfAborted(); // Too late: the run has ended, and a newer one may have succeeded.
    this.#families = families;
    this.#refreshedAt = this.#scheduler.clock.now();
    this.#failedAt = undefined;
  }
}

function seconds(name: string, help: string, value: number): MetricFamily {
  return { name, help, type: 'gauge', unit: 'seconds', points: [{ value }] };
}

function checkName(name: string | undefined): string {
  if (name === undefined) throw new TypeError("A refreshed collector must have a name: { name: 'disk_usage', ... }.");
  if (isLegacyMetricName(name)) return name;
  throw new RangeError(
    `The name of a refreshed collector must be a valid start of metric names, such as disk_usage, got ${JSON.stringify(name)}.`,
  );
}

function parseStaleAfter(staleAfter: Duration | false | undefined, every: Duration, name: string): number | undefined {
  if (staleAfter === undefined) return undefined;
  if (staleAfter === false) return Number.POSITIVE_INFINITY;
  const milliseconds = parseDuration(staleAfter, { name: `staleAfter of collector ${name}` });
  if (milliseconds > parseDuration(every, { name: `interval of collector ${name}` })) return milliseconds;
  throw new RangeError(`The staleAfter of collector ${name} must be longer than its interval, got ${staleAfter}.`);
}

function parseOnError(onError: OnError, name: string): number {
  if (onError === 'keep') return Number.POSITIVE_INFINITY;
  if (onError === 'drop') return 0;
  if (typeof onError === 'object' && onError !== null)
    return parseDuration(onError.keepFor, { name: `keepFor of collector ${name}` });
  throw new RangeError(`The onError of collector ${name} must be keep, drop or { keepFor }, got ${String(onError)}.`);
}
