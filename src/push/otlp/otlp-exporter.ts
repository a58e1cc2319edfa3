import { GuardedEncoder } from '../../exposition/encoding/guarded-encoder.ts';
import { Counter } from '../../metrics/counter.ts';
import { type Duration, parseDuration } from '../../model/duration.ts';
import type { Logger } from '../../model/logger.ts';
import { printable } from '../../model/printable.ts';
import { callUserCode } from '../../model/thrown.ts';
import { defaultRegistry } from '../../registry/default-registry.ts';
import { type CollectorFailure, type Gatherer, Gathering } from '../../registry/gathering.ts';
import type { Registry } from '../../registry/registry.ts';
import { systemClock } from '../../scheduler/clock.ts';
import { warningLogger } from '../../scheduler/field-logger.ts';
import { abortable, withTimeout } from '../delivery/abortable.ts';
import { Delivery } from '../delivery/delivery.ts';
import { contentOf, encodeInSteps, inSteps } from '../delivery/encode-body.ts';
import { PushError } from '../delivery/push-error.ts';
import { type DeliverySources, PushLoop } from '../delivery/push-loop.ts';
import { PushMetrics } from '../delivery/push-metrics.ts';
import { Retries } from '../delivery/retries.ts';
import { SeriesTimeline } from '../delivery/timeline.ts';
import { type CheckedOtlpOptions, checkOtlpOptions } from './checked-options.ts';
import { JsonWriter } from './json-writer.ts';
import type { MessageWriter } from './message-writer.ts';
import { isRetryable, OtlpClient, partialSuccessOf } from './otlp-client.ts';
import { OtlpEncoder } from './otlp-encoder.ts';
import type { OtlpExporterOptions } from './otlp-options.ts';
import { groupsOf, type OtlpRequest, requestSteps } from './otlp-requests.ts';
import { SeriesTable } from './otlp-series.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** Options of `flush()`. */
export interface OtlpFlushOptions {
  /**
   * Maximum duration of the export with its retries.
   *
   * @defaultValue `'30s'`
   */
  readonly timeout?: Duration | undefined;
  /**
   * Aborts the export.
   *
   * @defaultValue none
   */
  readonly signal?: AbortSignal | undefined;
}

/** The result of an export. */
export interface OtlpReport {
  /** Number of points that the receiver has accepted. */
  readonly accepted: number;
  /** Number of points that it has refused in a partial success. They are not sent again. */
  readonly rejected: number;
  /** Number of requests. */
  readonly requests: number;
  /** Length of their bodies in bytes. */
  readonly bytes: number;
  /** Collectors that failed, and families that were left out. */
  readonly failures: readonly CollectorFailure[];
}

/**
 * Sends metrics to a receiver of OTLP/HTTP, such as an OpenTelemetry collector or Prometheus. Names stay as they are.
 *
 * @example
 * ```ts
 * import { Counter, Registry } from 'zeroprom';
 * import { OtlpExporter } from 'zeroprom/push';
 *
 * const registry = new Registry();
 * const jobs = new Counter({ name: 'jobs_total', help: 'Finished jobs.', registry });
 * const exporter = new OtlpExporter({
 *   url: 'http://localhost:4318/v1/metrics',
 *   resource: { 'service.name': 'worker' },
 *   registry,
 * });
 * exporter.start();
 * jobs.inc();
 * if (!(await exporter.stop({ timeout: '100ms' }))) console.log('The last export has failed.');
 * ```
 */
export class OtlpExporter {
  readonly #options: CheckedOtlpOptions;
  readonly #registry: Gatherer;
  readonly #logger: Logger;
  readonly #client: OtlpClient;
  readonly #delivery: Delivery;
  readonly #loop: PushLoop;
  readonly #table = new SeriesTable();
  readonly #timeline: SeriesTimeline;
  readonly #points: Counter<{ outcome: readonly ['accepted', 'rejected', 'failed'] }> | undefined;
  #gatherings = 0;
  /** The export in progress; they follow one another. */
  #export: Promise<unknown> = Promise.resolve();

  /**
   * Creates an exporter. It connects when it has something to send. `sources` replaces time and
   * randomness in tests, and the scheduler.
   *
   * @throws {TypeError} if an option has the wrong type.
   * @throws {RangeError} if an option or the environment variable of the endpoint is invalid, or options contradict each other.
   */
  constructor(options: OtlpExporterOptions = {}, sources: DeliverySources = {}) {
    const { registry = defaultRegistry, logger, selfMetrics, interval = '60s', retry, onStop } = options;
    const checked = checkOtlpOptions(options);
    this.#options = checked;
    this.#registry = registry;
    this.#logger = logger ?? warningLogger;
    this.#client = new OtlpClient(checked.client);
    this.#timeline = new SeriesTimeline(sources.clock ?? systemClock);
    this.#delivery = new Delivery({
      client: this.#client,
      retries: new Retries({ attempts: 5, ...retry }, sources),
      metrics: selfMetrics && new PushMetrics(selfMetrics, 'otlp'),
      clock: sources.clock,
      isRetryable,
    });
    this.#points = selfMetrics && pointsCounter(selfMetrics);
    this.#loop = new PushLoop({
      name: 'export by OTLP',
      interval,
      push: (signal) => this.#exportNext(signal),
      last: async (signal) => {
        await this.#exportNext(signal);
        if (onStop !== 'keep') await this.#exportNext(signal, new Gathering([], []));
      },
      logger,
      ...sources,
    });
  }

  /**
   * Gathers and sends all metrics. Resolves when the receiver has accepted them.
   *
   * @throws {PushError} if the receiver refuses a request, with its explanation. Other requests were sent.
   * @throws {Error} if it cannot be reached within the timeout, or with the reason of `signal`.
   */
  async flush({ timeout = '30s', signal }: OtlpFlushOptions = {}): Promise<OtlpReport> {
    const wait = withTimeout(parseDuration(timeout, { name: 'timeout' }), signal);
    try {
      return await abortable(this.#exportNext(wait.signal), wait.signal);
    } finally {
      wait.release();
    }
  }

  /**
   * Exports at regular intervals until `stop()`. The first export comes after a random part of the interval. Failures are
   * logged, and make the intervals longer. Does not keep the process alive.
   *
   * @throws {Error} if it is still stopping.
   */
  start(): void {
    this.#loop.start();
  }

  /**
   * Ends the exports that `start()` began with a last one, ends all series unless `onStop` is `'keep'`, and closes
   * connections. Resolves with whether that succeeded; a failure is logged.
   *
   * @throws {RangeError} if `timeout` is not a valid duration.
   */
  async stop({ timeout = '10s' }: { readonly timeout?: Duration | undefined } = {}): Promise<boolean> {
    const succeeded = await this.#loop.stop(timeout);
    this.#client.close();
    return succeeded;
  }

  /** Exports after the export in progress: deltas are relative to its result. */
  #exportNext(signal: AbortSignal, gathering?: Gathering): Promise<OtlpReport> {
    const next = this.#export.then(async () => {
      signal.throwIfAborted();
      return this.#exportNow(gathering ?? (await this.#registry.gather({ signal })), signal);
    });
    this.#export = next.catch(() => {});
    return next;
  }

  async #exportNow(gathering: Gathering, signal: AbortSignal): Promise<OtlpReport> {
    // The collectors were interrupted: what is missing has not ended.
    signal.throwIfAborted();
    const failures = [...gathering.failures];
    const encoder = await this.#encode(gathering, (error) => failures.push({ collector: 'registry', error }));
    const resource = new Map([...encoder.resource, ...this.#options.resource]);
    const total = { accepted: 0, rejected: 0, requests: 0, bytes: 0 };
    let refusal: PushError | undefined;
    for (const group of groupsOf(encoder.metrics, this.#options.maxPoints)) {
      const request = await inSteps(requestSteps(this.#newWriter(), group, resource));
      try {
        const { rejected, bytes } = await this.#send(request, signal);
        total.accepted += request.points - rejected;
        total.rejected += rejected;
        total.bytes += bytes;
        total.requests++;
      } catch (error) {
        this.#points?.inc({ outcome: 'failed' }, request.points);
        // After a refusal the other requests may succeed, but not if the receiver does not answer.
        if (!(error instanceof PushError) || isRetryable(error.status)) throw error;
        refusal ??= error;
      }
    }
    if (refusal !== undefined) throw refusal;
    return { ...total, failures };
  }

  async #encode(gathering: Gathering, onProblem: (problem: Error) => void): Promise<OtlpEncoder> {
    const { isDelta, nativeHistograms, maxPoints } = this.#options;
    const encoder = new OtlpEncoder({
      newWriter: () => this.#newWriter(),
      table: this.#table,
      gathering: ++this.#gatherings,
      time: this.#timeline.next() / 1000,
      isDelta,
      nativeHistograms,
      maxPoints,
    });
    const guarded = new GuardedEncoder(encoder, encoder, onProblem);
    await encodeInSteps(gathering, guarded);
    guarded.end();
    await inSteps(encoder.endedSeries());
    return encoder;
  }

  async #send(
    { body, points, acknowledge }: OtlpRequest,
    signal: AbortSignal,
  ): Promise<{ readonly rejected: number; readonly bytes: number }> {
    const { compress, protocol } = this.#options;
    const contentType = protocol === 'http/json' ? 'application/json' : 'application/x-protobuf';
    const content = await contentOf(body, contentType, compress);
    const response = await this.#delivery.send({ method: 'POST', ...content, signal });
    acknowledge();
    const { rejected, message } = partialSuccessOf(response);
    const counted = Math.min(rejected, points);
    this.#points?.inc({ outcome: 'accepted' }, points - counted);
    this.#points?.inc({ outcome: 'rejected' }, counted);
    if (rejected > 0 || message !== '') {
      const fields = { rejected: counted, message: printable(message.slice(0, 1024)) };
      callUserCode(() => this.#logger.warn('The receiver of OTLP has a complaint about an export.', fields));
    }
    return { rejected: counted, bytes: content.body.length };
  }

  #newWriter(): MessageWriter {
    return this.#options.protocol === 'http/json' ? new JsonWriter() : new ProtobufWriter();
  }
}

function pointsCounter(registry: Registry) {
  const outcomes = ['accepted', 'rejected', 'failed'] as const;
  const points = registry.getOrCreate(Counter<{ outcome: typeof outcomes }>, {
    name: 'zeroprom_otlp_points_total',
    help: 'Total number of points sent by OTLP, by outcome.',
    labelNames: { outcome: outcomes },
  });
  for (const outcome of outcomes) points.inc({ outcome }, 0);
  return points;
}
