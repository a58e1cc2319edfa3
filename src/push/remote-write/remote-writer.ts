import { GuardedEncoder } from '../../exposition/encoding/guarded-encoder.ts';
import { parseDuration } from '../../model/duration.ts';
import type { Logger } from '../../model/logger.ts';
import { callUserCode } from '../../model/thrown.ts';
import { defaultRegistry } from '../../registry/default-registry.ts';
import type { Gatherer } from '../../registry/gathering.ts';
import { type Clock, systemClock } from '../../scheduler/clock.ts';
import { warningLogger } from '../../scheduler/field-logger.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { abortable, withTimeout } from '../delivery/abortable.ts';
import { encodeInSteps, inSteps } from '../delivery/encode-body.ts';
import { PushClient } from '../delivery/push-client.ts';
import type { DeliverySources } from '../delivery/push-loop.ts';
import { Retries } from '../delivery/retries.ts';
import { SeriesTimeline } from '../delivery/timeline.ts';
import { Accounts, exposeAccounts, type RemoteWriteCounts } from './accounts.ts';
import { BatchSender } from './batch-sender.ts';
import {
  type CheckedOptions,
  checkOptions,
  type RemoteWriteFlushOptions,
  type RemoteWriterOptions,
  type RemoteWriteStopOptions,
} from './remote-writer-options.ts';
import { SampleEncoder } from './sample-encoder.ts';
import { SampleQueue } from './sample-queue.ts';
import { type SampleExtra, Samples } from './samples.ts';
import { STALE_HISTOGRAM } from './wire.ts';
import { type Series, SeriesTable } from './write-series.ts';

/** As often as Prometheus sends metadata in version 1.0. */
const METADATA_INTERVAL_MS = 60_000;

/**
 * Sends metrics to a receiver of Prometheus remote write, for processes that cannot be scraped. Starts with version 2.0 of
 * the protocol and uses 1.0 for receivers that do not support it. Samples wait in memory while the receiver is unavailable.
 *
 * @example
 * ```ts
 * import { Counter, Registry } from 'zeroprom';
 * import { RemoteWriter } from 'zeroprom/push';
 *
 * const registry = new Registry();
 * const jobs = new Counter({ name: 'jobs_total', help: 'Finished jobs.', registry });
 * const writer = new RemoteWriter({
 *   url: 'http://localhost:9090/api/v1/write',
 *   labels: { job: 'worker', instance: 'worker-1' },
 *   registry,
 * });
 * writer.start();
 * jobs.inc();
 * const { written } = await writer.stop({ timeout: '100ms' });
 * console.log(`${written} samples were written.`);
 * ```
 */
export class RemoteWriter {
  readonly #options: CheckedOptions;
  readonly #registry: Gatherer;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #client: PushClient;
  readonly #scheduler: Scheduler;
  readonly #accounts: Accounts;
  readonly #queue: SampleQueue;
  readonly #sender: BatchSender;
  readonly #table: SeriesTable;
  readonly #timeline: SeriesTimeline;
  /** Aborts what is in flight when the writer gives up. */
  readonly #abort = new AbortController();
  /** The loop of each shard that has something to send. */
  readonly #shards = new Map<number, Promise<void>>();
  #gatherings = 0;
  /** Time of the monotonic clock at which metadata is sent again in version 1.0. */
  #metadataDueAt = 0;
  /** The gathering in progress; they follow one another. */
  #gathering: Promise<void> = Promise.resolve();
  #reported = new Set<string>();
  #stopped: Promise<RemoteWriteCounts> | undefined;

  /**
   * Creates a writer. It connects when it has something to send. `sources` replaces time and
   * randomness in tests, and the scheduler.
   *
   * @throws {TypeError} if an option has the wrong type.
   * @throws {RangeError} if an option has an invalid value, or options contradict each other.
   */
  constructor(options: RemoteWriterOptions, sources: DeliverySources = {}) {
    const { registry = defaultRegistry, retry, logger = warningLogger, selfMetrics } = options;
    const { clock = systemClock, random = Math.random } = sources;
    const checked = checkOptions(options);
    this.#options = checked;
    this.#registry = registry;
    this.#clock = clock;
    this.#logger = logger;
    this.#client = new PushClient(options);
    this.#accounts = new Accounts(this.#client.url, checked.version, () => this.#queue.pending);
    this.#queue = new SampleQueue({ ...checked, onDropped: (reason, samples) => this.#drop(reason, samples) });
    const retries = new Retries({ min: '30ms', max: '5s', ...retry }, sources);
    this.#sender = new BatchSender({ client: this.#client, retries, accounts: this.#accounts, clock, logger });
    this.#table = new SeriesTable(checked);
    this.#timeline = new SeriesTimeline(clock);
    this.#scheduler = sources.scheduler ?? new Scheduler({ logger, clock, random, unref: true });
    this.#scheduler.every(checked.intervalMs, ({ signal }) => this.#gather(signal), {
      name: 'remote write',
      immediate: Math.max(1, random() * checked.intervalMs),
    });
    if (selfMetrics !== undefined) exposeAccounts(selfMetrics, this.#accounts);
  }

  /** The state of all samples so far. */
  get counts(): RemoteWriteCounts {
    return this.#accounts.counts;
  }

  /**
   * Starts to gather and send at each interval, first after a random part of it. Does nothing if it is started.
   *
   * @throws {Error} if the writer was stopped.
   */
  start(): void {
    this.#checkNotStopped();
    this.#scheduler.start();
  }

  /**
   * Gathers, and resolves once all samples have been acknowledged, refused or dropped.
   *
   * @throws {Error} if samples are still pending after the timeout, or with the reason of `signal`. They are sent later.
   * @throws {Error} if the writer was stopped.
   */
  async flush({ timeout = '30s', signal }: RemoteWriteFlushOptions = {}): Promise<RemoteWriteCounts> {
    this.#checkNotStopped();
    const wait = withTimeout(parseDuration(timeout, { name: 'timeout' }), signal);
    try {
      await abortable(this.#gather(wait.signal), wait.signal);
      await this.#drained(wait.signal);
      return this.counts;
    } catch (error) {
      signal?.throwIfAborted();
      const { pending } = this.counts;
      throw new Error(`${pending} samples are pending after ${timeout}; they are sent later.`, { cause: error });
    } finally {
      wait.release();
    }
  }

  /**
   * Gathers once more, ends all series with staleness markers unless `onStop` is `'keep'`, and waits until all samples have
   * been acknowledged, refused or dropped, or until the timeout. What is left is dropped. Later calls return the same result.
   */
  stop({ timeout = '10s' }: RemoteWriteStopOptions = {}): Promise<RemoteWriteCounts> {
    this.#stopped ??= this.#stop(parseDuration(timeout, { name: 'timeout' }));
    return this.#stopped;
  }

  async #stop(timeoutMs: number): Promise<RemoteWriteCounts> {
    const wait = withTimeout(timeoutMs);
    try {
      await abortable(this.#scheduler.stop({ timeout: timeoutMs, abort: 'now' }), wait.signal);
      await abortable(this.#gather(wait.signal), wait.signal);
      if (this.#options.onStop === 'stale') {
        const nothing = new Samples(this.#timeline.next()); // At a time after the last samples of all series.
        await abortable(this.#enqueue(nothing, ++this.#gatherings), wait.signal);
      }
      await this.#drained(wait.signal);
    } catch {
      // The time is over: the counts tell what was dropped.
    } finally {
      wait.release();
    }
    this.#abort.abort(new Error('The writer was stopped.'));
    this.#queue.clear('stopped');
    await Promise.all(this.#shards.values());
    this.#client.close();
    return this.counts;
  }

  #checkNotStopped(): void {
    if (this.#stopped !== undefined) throw new Error('The writer was stopped; create another one.');
  }

  /** Gathers after the gathering in progress. */
  #gather(signal: AbortSignal): Promise<void> {
    const gathering = this.#gathering.then(() => this.#gatherNow(signal));
    this.#gathering = gathering.catch(() => {});
    return gathering;
  }

  async #gatherNow(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const gathering = await this.#registry.gather({ signal, timeoutMs: this.#options.gatherTimeoutMs });
    // The collectors were interrupted: what is missing has not ended.
    signal.throwIfAborted();
    const number = ++this.#gatherings;
    const samples = new Samples(this.#timeline.next(), this.#isMetadataDue());
    const problems = gathering.failures.map(({ collector, error }) => `${collector}: ${error.message}`);
    const encoder = new SampleEncoder(samples, this.#table, number, this.#options);
    const guarded = new GuardedEncoder(encoder, encoder, ({ message }) => problems.push(message));
    await encodeInSteps(gathering, guarded);
    this.#report(problems);
    await this.#enqueue(samples, number);
  }

  /** Whether a gathering is the first one of a minute. */
  #isMetadataDue(): boolean {
    const now = this.#clock.now();
    if (now < this.#metadataDueAt) return false;
    this.#metadataDueAt = now + METADATA_INTERVAL_MS;
    return true;
  }

  /** Adds the samples of a gathering and markers for the series that it does not have to the queue. */
  async #enqueue(samples: Samples, gathering: number): Promise<void> {
    await inSteps(addMarkers(samples, this.#table.takeMissing(gathering, samples.length)));
    const parts = await inSteps(samples.split(this.#options.shards));
    this.#accounts.gathered += samples.length;
    this.#accounts.lastGathered = samples.timestampMs / 1000;
    this.#queue.add(parts, this.#clock.now());
    if (this.#abort.signal.aborted) this.#queue.clear('stopped');
    else this.#startShards();
  }

  #startShards(): void {
    for (let shard = 0; shard < this.#options.shards; shard++) {
      if (!this.#shards.has(shard)) this.#shards.set(shard, this.#sendAll(shard));
    }
  }

  /** Sends the samples of a shard one batch after the other, so that they arrive in order. */
  async #sendAll(shard: number): Promise<void> {
    await undefined; // The caller keeps the promise first.
    try {
      while (await this.#sendNext(shard)) {
        // Until the shard is empty, or the writer has given up.
      }
    } finally {
      // At once, so that samples which are added from now on start another loop.
      this.#shards.delete(shard);
    }
  }

  async #sendNext(shard: number): Promise<boolean> {
    const batch = this.#queue.take(shard, this.#clock.now());
    if (batch === undefined) return false;
    const { signal } = this.#abort;
    const result = await this.#sender.deliver(batch, signal).catch(() => undefined);
    // The writer was stopped, and has dropped the batch.
    if (result === undefined || signal.aborted) return false;
    this.#queue.finish(shard);
    this.#accounts.written += result.written;
    this.#accounts.rejected += batch.to - batch.from - result.written - result.tooOld;
    if (result.tooOld > 0) this.#drop('too_old', result.tooOld);
    if (result.written > 0) this.#accounts.lastWritten = batch.samples.timestampMs / 1000;
    return true;
  }

  /** Resolves when nothing is pending. */
  async #drained(signal: AbortSignal): Promise<void> {
    while (this.#shards.size > 0) await abortable(Promise.all(this.#shards.values()), signal);
  }

  #drop(reason: keyof RemoteWriteCounts['dropped'], samples: number): void {
    this.#accounts.dropped[reason] += samples;
  }

  /** Logs problems that the previous gathering did not have. */
  #report(problems: readonly string[]): void {
    for (const problem of new Set(problems)) {
      if (this.#reported.has(problem)) continue;
      callUserCode(() => this.#logger.warn('Remote write leaves out metrics.', { problem }));
    }
    this.#reported = new Set(problems);
  }
}

/** Number of staleness markers that are added in a step. */
const MARKERS_PER_STEP = 512;

function* addMarkers(samples: Samples, ended: Generator<void, readonly Series[], void>): Generator<void, void, void> {
  for (const [index, series] of (yield* ended).entries()) {
    if (index % MARKERS_PER_STEP === MARKERS_PER_STEP - 1) yield;
    if (series.hasOwnTimestamp) continue;
    samples.add(series, Number.NaN, 0, { isStale: true, ...markerOf(series) });
  }
}

function markerOf({ histogram }: Series): SampleExtra {
  if (histogram === undefined) return {};
  return histogram === 'native' ? { histogram: STALE_HISTOGRAM } : { custom: histogram };
}
