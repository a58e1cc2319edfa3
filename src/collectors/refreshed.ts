import type { CollectContext, Collector } from '../model/collector.ts';
import { type Duration, formatDuration, parseDuration } from '../model/duration.ts';
import type { MetricFamily } from '../model/family.ts';
import { isLegacyMetricName } from '../model/naming.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { Task } from '../scheduler/task.ts';
import type { TaskOptions } from '../scheduler/task-options.ts';

type PassedOn = 'timeout' | 'retry' | 'backoff' | 'jitter' | 'readyAfterFirstSuccess';

export interface RefreshedOptions extends Pick<TaskOptions, PassedOn> {
  /** Asks the collector, by its own clock. */
  readonly scheduler: Scheduler;
  /** How often the collector is asked: at the start of the scheduler first. */
  readonly every: Duration;
  /** The name of the task, and what the names of its two own families begin with; the collector's name by default. */
  readonly name?: string;
  /**
   * A result that is older is not shown, whatever the reason; by default twice the interval and a minute, when also the
   * alert for stale tasks fires. False shows it for ever.
   */
  readonly staleAfter?: Duration | false;
  /**
   * What becomes of the last result when a refresh fails or takes too long: `keep` (the default) shows it until it is
   * stale, `drop` no longer, `keepFor` for so long after the first failure.
   */
  readonly onError?: OnError;
}

type OnError = 'keep' | 'drop' | { readonly keepFor: Duration };

/**
 * Makes an expensive collector cheap to scrape: a task of the scheduler asks it in the background, one refresh at a time,
 * and scrapes are given its last result at once. Register what it returns in place of the collector. That a refresh failed
 * is no failure of the scrape: the task tells it, and so do `..._age_seconds` and `..._last_success_timestamp_seconds`.
 *
 * @throws TypeError, RangeError for options that are none; Error where the scheduler has a task of that name.
 */
export function refreshed(collector: Collector, options: RefreshedOptions): RefreshedCollector {
  return new RefreshedCollector(collector, options);
}

/** Shows what another collector returned when it was last asked. */
export class RefreshedCollector implements Collector {
  readonly name: string;
  /** How refreshes go, and `runNow()` for one out of turn. */
  readonly task: Task;
  readonly #collector: Collector;
  readonly #scheduler: Scheduler;
  readonly #staleAfterMs: number | undefined;
  readonly #keepForMs: number;
  readonly #stopListening: () => void;
  #families: readonly MetricFamily[] = [];
  /** When the last refresh succeeded, or this was made, by the clock's `now()`. */
  #refreshedAt: number;
  /** When the first refresh after that failed. */
  #failedAt: number | undefined;

  constructor(collector: Collector, options: RefreshedOptions) {
    const { scheduler, every, name = collector.name, staleAfter, onError = 'keep', ...passedOn } = options;
    if (typeof collector.collect !== 'function') throw new TypeError('A collector has a method collect().');
    this.name = checkName(name);
    this.#collector = collector;
    this.#scheduler = scheduler;
    this.#staleAfterMs = parseStaleAfter(staleAfter, every, this.name);
    this.#keepForMs = parseOnError(onError, this.name);
    this.#refreshedAt = scheduler.clock.now();
    // With maxAbandoned 1 a collector that ignores its signal is not asked again before it is done.
    const taskOptions = { ...passedOn, name: this.name, immediate: true, overlap: 'skip', maxAbandoned: 1 } as const;
    this.task = scheduler.every(every, (context) => this.#refresh(context), taskOptions);
    this.#stopListening = scheduler.on('error', ({ task }) => this.#failed(task));
  }

  collect(): MetricFamily[] {
    const { intervalMs, lastSuccessAt = 0, state } = this.task.status;
    const isShown = state !== 'removed' && this.#isFresh(intervalMs);
    const note = ` (cached, refreshed every ${formatDuration(intervalMs)})`;
    return [
      ...(isShown ? this.#families : []).map((family) => ({ ...family, help: family.help + note })),
      gauge(
        `${this.name}_age_seconds`,
        `Time since the last refresh of ${this.name} that succeeded; before the first, since it was set up.`,
        this.#ageMs / 1000,
      ),
      gauge(
        `${this.name}_last_success_timestamp_seconds`,
        `When a refresh of ${this.name} last succeeded, in seconds since the epoch; 0 before the first success.`,
        lastSuccessAt / 1000,
      ),
    ];
  }

  /** Ends refreshing, and the showing of what there is, for good. The refresh under way goes on unseen. */
  stop(): void {
    this.#stopListening();
    const isOurs = this.#scheduler.task(this.name) === this.task;
    if (isOurs) this.#scheduler.remove(this.name);
  }

  get #ageMs(): number {
    return this.#scheduler.clock.now() - this.#refreshedAt;
  }

  #isFresh(intervalMs: number): boolean {
    if (this.#ageMs > (this.#staleAfterMs ?? 2 * intervalMs + 60_000)) return false;
    return this.#failedAt === undefined || this.#scheduler.clock.now() - this.#failedAt < this.#keepForMs;
  }

  async #refresh(context: CollectContext): Promise<void> {
    const families = [...(await this.#collector.collect(context))].map(withPoints);
    context.signal.throwIfAborted(); // Too late: the run is over, and a newer one may have succeeded.
    this.#families = families;
    this.#refreshedAt = this.#scheduler.clock.now();
    this.#failedAt = undefined;
  }

  #failed(task: string): void {
    if (task === this.name) this.#failedAt ??= this.#scheduler.clock.now();
  }
}

/** Points may come from a generator, and are shown more than once. */
function withPoints(family: MetricFamily): MetricFamily {
  // The points are those of the family, of the same type.
  return { ...family, points: [...family.points] } as MetricFamily;
}

function gauge(name: string, help: string, value: number): MetricFamily {
  return { name, help, type: 'gauge', points: [{ value }] };
}

function checkName(name: string | undefined): string {
  if (name === undefined) throw new TypeError("A refreshed collector needs a name: { name: 'disk_usage', ... }.");
  if (isLegacyMetricName(name)) return name;
  throw new RangeError(
    `The name of a refreshed collector begins the names of metrics, as disk_usage can: ${JSON.stringify(name)}.`,
  );
}

function parseStaleAfter(staleAfter: Duration | false | undefined, every: Duration, name: string): number | undefined {
  if (staleAfter === undefined) return undefined;
  if (staleAfter === false) return Number.POSITIVE_INFINITY;
  const milliseconds = parseDuration(staleAfter, { name: `staleAfter of collector ${name}` });
  if (milliseconds > parseDuration(every, { name: `interval of collector ${name}` })) return milliseconds;
  throw new RangeError(`The staleAfter of collector ${name} must be longer than its interval: ${staleAfter}.`);
}

function parseOnError(onError: OnError, name: string): number {
  if (onError === 'keep') return Number.POSITIVE_INFINITY;
  if (onError === 'drop') return 0;
  if (typeof onError === 'object') return parseDuration(onError.keepFor, { name: `keepFor of collector ${name}` });
  throw new RangeError(`The onError of collector ${name} must be keep, drop or { keepFor }: ${String(onError)}.`);
}
