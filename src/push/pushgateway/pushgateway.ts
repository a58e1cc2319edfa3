import { protobuf } from '../../exposition/protobuf/protobuf-format.ts';
import { text } from '../../exposition/text/text-formats.ts';
import type { Duration } from '../../model/duration.ts';
import type { Logger } from '../../model/logger.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import { defaultRegistry } from '../../registry/default-registry.ts';
import type { CollectorFailure, Gatherer } from '../../registry/gathering.ts';
import type { Registry } from '../../registry/registry.ts';
import { CLIENT_OPTIONS, type ClientOptions } from '../delivery/client-options.ts';
import { Delivery } from '../delivery/delivery.ts';
import { contentOf, encodeBody } from '../delivery/encode-body.ts';
import { PushClient } from '../delivery/push-client.ts';
import { type DeliverySources, PushLoop } from '../delivery/push-loop.ts';
import { PushMetrics } from '../delivery/push-metrics.ts';
import { type DeliveryRetryOptions, Retries } from '../delivery/retries.ts';
import { GroupEncoder } from './group-encoder.ts';
import { type GroupingKey, groupPath } from './grouping-key.ts';

/** Options of a {@link Pushgateway}. */
export interface PushgatewayOptions extends ClientOptions {
  /** Label `job` of the group; not empty. */
  readonly job: string;
  /**
   * Other labels of the group. Series in a Pushgateway do not expire: with a label that changes at each start, such as
   * an instance with a random name, also set `onStop` to `'delete'`.
   *
   * @defaultValue none
   */
  readonly groupingKey?: GroupingKey | undefined;
  /**
   * Registry whose metrics are pushed. Do not push metrics of the process: their types may differ from the gateway's own.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: Gatherer | undefined;
  /**
   * Format of the body. Only `protobuf` has native histograms.
   *
   * @defaultValue `'protobuf'`
   */
  readonly format?: 'protobuf' | 'text' | undefined;
  /**
   * Whether to compress bodies with gzip.
   *
   * @defaultValue `false`
   */
  readonly compress?: boolean | undefined;
  /**
   * Retries of a push that received no answer, or one with status 429 or 5xx.
   *
   * @defaultValue 3 retries
   */
  readonly retry?: DeliveryRetryOptions | undefined;
  /**
   * Time between pushes after `start()`.
   *
   * @defaultValue `'15s'`
   */
  readonly interval?: Duration | undefined;
  /**
   * Last step of `stop()`: `keep` pushes the last values, `delete` deletes the group.
   *
   * @defaultValue `'keep'`
   */
  readonly onStop?: 'keep' | 'delete' | undefined;
  /**
   * Logger of pushes that fail after `start()`.
   *
   * @defaultValue failures become process warnings
   */
  readonly logger?: Logger | undefined;
  /**
   * Registry for metrics about the pushes, `zeroprom_push_*`.
   *
   * @defaultValue no metrics
   */
  readonly selfMetrics?: Registry | undefined;
}

const PUSHGATEWAY_OPTIONS: OptionNames<PushgatewayOptions> = {
  ...CLIENT_OPTIONS,
  job: true,
  groupingKey: true,
  registry: true,
  format: true,
  compress: true,
  retry: true,
  interval: true,
  onStop: true,
  logger: true,
  selfMetrics: true,
};

/** Options of one push. */
export interface PushOptions {
  /**
   * Aborts the push.
   *
   * @defaultValue none
   */
  readonly signal?: AbortSignal | undefined;
}

/** The result of a successful push. */
export interface PushReport {
  /** Status of the response; 202 if the gateway has accepted the metrics without checking them. */
  readonly status: number;
  /** Length of the body in bytes. */
  readonly bytes: number;
  /** Collectors that failed and families that were left out. */
  readonly failures: readonly CollectorFailure[];
}

/**
 * Pushes metrics to a Prometheus Pushgateway, for jobs that end before they can be scraped.
 *
 * @example
 * ```ts
 * import { Gauge, Registry } from 'zeroprom';
 * import { Pushgateway } from 'zeroprom/push';
 *
 * const registry = new Registry();
 * new Gauge({ name: 'backup_size_bytes', help: 'Size of the backup in bytes.', registry }).set(12_345);
 *
 * const gateway = new Pushgateway({ url: 'http://localhost:9091', job: 'backup', registry, retry: { attempts: 0 } });
 * await gateway.push().catch((error) => console.error(error.message));
 * ```
 */
export class Pushgateway {
  readonly #options: PushgatewayOptions;
  readonly #path: string;
  readonly #client: PushClient;
  readonly #delivery: Delivery;
  readonly #loop: PushLoop;

  /**
   * Creates a client. It connects when it pushes. `sources` replaces time and randomness in tests, and the scheduler.
   *
   * @throws {TypeError} if an option has the wrong type.
   * @throws {RangeError} if an option has an invalid value, or options contradict each other.
   */
  constructor(options: PushgatewayOptions, sources: DeliverySources = {}) {
    checkOptionNames('new Pushgateway()', options, PUSHGATEWAY_OPTIONS);
    const { job, groupingKey = {}, retry, selfMetrics, interval = '15s', logger } = options;
    this.#options = options;
    this.#path = groupPath(job, groupingKey);
    this.#client = new PushClient(options);
    this.#delivery = new Delivery({
      client: this.#client,
      retries: new Retries({ attempts: 3, ...retry }, sources),
      metrics: selfMetrics && new PushMetrics(selfMetrics, 'pushgateway'),
      clock: sources.clock,
    });
    const push = (signal: AbortSignal) => this.push({ signal });
    const last = (signal: AbortSignal) => (options.onStop === 'delete' ? this.delete({ signal }) : push(signal));
    this.#loop = new PushLoop({ name: 'push to the Pushgateway', interval, push, last, logger, ...sources });
  }

  /**
   * Replaces all metrics of the group. Metrics that are no longer in the registry disappear from the gateway.
   *
   * @throws {PushError} if the gateway refuses the metrics, with its explanation.
   * @throws {RangeError} if it would refuse or change them: timestamps, or labels of the group. Nothing is sent then.
   * @throws {Error} if the gateway cannot be reached, or with the reason of `signal`.
   */
  async push({ signal }: PushOptions = {}): Promise<PushReport> {
    return this.#push('PUT', signal);
  }

  /** Replaces only the families of the group that are in the registry, and keeps others. Rejects as `push()` does. */
  async add({ signal }: PushOptions = {}): Promise<PushReport> {
    return this.#push('POST', signal);
  }

  /** Deletes the group. It need not exist. */
  async delete({ signal }: PushOptions = {}): Promise<void> {
    await this.#delivery.send({ method: 'DELETE', path: this.#path, signal });
  }

  /**
   * Pushes at regular intervals until `stop()`. The first push comes after a random part of the interval. Failures are
   * logged, and make the intervals longer. Does not keep the process alive.
   *
   * @throws {Error} if it is still stopping.
   */
  start(): void {
    this.#loop.start();
  }

  /**
   * Ends the pushes that `start()` began, with a last one as `onStop` says, and closes connections. Resolves with whether
   * the last one succeeded; a failure is logged.
   *
   * @throws {RangeError} if `timeout` is not a valid duration.
   */
  async stop({ timeout = '10s' }: { readonly timeout?: Duration | undefined } = {}): Promise<boolean> {
    const succeeded = await this.#loop.stop(timeout);
    this.#client.close();
    return succeeded;
  }

  async #push(method: 'PUT' | 'POST', signal: AbortSignal | undefined): Promise<PushReport> {
    const { registry = defaultRegistry, groupingKey = {}, compress = false } = this.#options;
    const format = this.#options.format === 'text' ? text : protobuf;
    const gathering = await registry.gather({ signal });
    const labels = ['job', ...Object.keys(groupingKey)];
    const { body, failures } = await encodeBody(gathering, format, (encoder, onMistake) => {
      return new GroupEncoder(encoder, labels, onMistake);
    });
    const content = await contentOf(body, format.contentType, compress);
    const { status } = await this.#delivery.send({ method, path: this.#path, ...content, signal });
    return { status, bytes: content.body.length, failures };
  }
}
