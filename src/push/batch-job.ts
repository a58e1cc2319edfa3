import { Counter } from '../metrics/counter.ts';
import { Gauge } from '../metrics/gauge.ts';
import { isLegacyMetricName } from '../model/naming.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { Registry } from '../registry/registry.ts';
import { type Clock, systemClock } from '../scheduler/clock.ts';

/** Options of a {@link BatchJob}. */
export interface BatchJobOptions {
  /** Prefix of the names of the metrics, such as `backup`. */
  readonly name: string;
  /**
   * Registry for the metrics of the job. Push it, or write it to a file.
   *
   * @defaultValue a new registry
   */
  readonly registry?: Registry | undefined;
  /** Delivers the metrics when the job has ended, whether it succeeded or not. */
  readonly flush: (registry: Registry) => Promise<unknown>;
  /**
   * Source of time.
   *
   * @defaultValue `systemClock`
   */
  readonly clock?: Clock | undefined;
}

const BATCH_JOB_OPTIONS: OptionNames<BatchJobOptions> = {
  name: true,
  registry: true,
  flush: true,
  clock: true,
};

/** Passed to the function of a job. */
export interface BatchJobContext {
  /** Registry for further metrics of the job. */
  readonly registry: Registry;
  /** Adds to the number of processed rows, by default 1. Throws a RangeError for negative numbers. */
  readonly rows: (count?: number) => void;
}

/**
 * Runs a job that ends, measures it, and delivers its metrics in any case: `NAME_start_timestamp_seconds`,
 * `NAME_duration_seconds`, `NAME_success`, `NAME_last_success_timestamp_seconds` and `NAME_processed_rows_total`.
 *
 * The time of the last success is missing after a failure. Deliver it with `add()` of a Pushgateway, which keeps the one
 * before; `push()` and files do not.
 *
 * @example
 * ```ts
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { BatchJob, writeTextfile } from 'zeroprom/push';
 *
 * const job = new BatchJob({
 *   name: 'cleanup',
 *   flush: (registry) => writeTextfile(join(tmpdir(), 'cleanup.prom'), { registry }),
 * });
 * await job.run(async ({ rows }) => rows(3));
 * ```
 */
export class BatchJob {
  /** Registry of the metrics. */
  readonly registry: Registry;
  readonly #flush: BatchJobOptions['flush'];
  readonly #clock: Clock;
  readonly #name: string;
  readonly #start: Gauge;
  readonly #duration: Gauge;
  readonly #success: Gauge;
  readonly #rows: Counter;

  /**
   * Registers the metrics of the job.
   *
   * @throws {RangeError} if `name` is not the beginning of a metric name.
   * @throws {Error} if the registry has metrics with these names.
   */
  constructor(options: BatchJobOptions) {
    checkOptionNames('new BatchJob()', options, BATCH_JOB_OPTIONS);
    const { name, registry = new Registry(), flush, clock = systemClock } = options;
    if (!isLegacyMetricName(name)) {
      throw new RangeError(`The name of a batch job must be that of a metric, such as 'backup', got ${String(name)}.`);
    }
    this.#name = name;
    this.registry = registry;
    this.#flush = flush;
    this.#clock = clock;
    const gauge = (suffix: string, help: string) => new Gauge({ name: `${name}_${suffix}`, help, registry });
    this.#start = gauge('start_timestamp_seconds', 'Time at which the last run started in Unix seconds.');
    this.#duration = gauge('duration_seconds', 'Duration of the last run in seconds.');
    this.#success = gauge('success', 'Whether the last run succeeded.');
    this.#rows = new Counter({
      name: `${name}_processed_rows_total`,
      help: 'Total number of processed rows.',
      registry,
    });
  }

  /**
   * Runs the job, and then delivers its metrics. Returns the result of the job.
   *
   * @throws what the job throws, even if the delivery fails too; otherwise what the delivery throws.
   */
  async run<T>(job: (context: BatchJobContext) => T | Promise<T>): Promise<T> {
    const start = this.#clock.now();
    this.#start.set(this.#clock.wall() / 1000);
    this.#success.set(0);
    let result: T;
    try {
      result = await job({ registry: this.registry, rows: (count = 1) => this.#rows.inc(count) });
    } catch (error) {
      this.#duration.set((this.#clock.now() - start) / 1000);
      // The job's error matters more than that of the delivery.
      await this.#flushed().catch(() => {});
      throw error;
    }
    this.#duration.set((this.#clock.now() - start) / 1000);
    this.#success.set(1);
    this.#lastSuccess().set(this.#clock.wall() / 1000);
    await this.#flushed();
    return result;
  }

  /** Also rejects if `flush` throws. */
  async #flushed(): Promise<void> {
    await this.#flush(this.registry);
  }

  /** Registered by the first success: before it, the time is unknown. */
  #lastSuccess(): Gauge<readonly []> {
    return this.registry.getOrCreate(Gauge<readonly []>, {
      name: `${this.#name}_last_success_timestamp_seconds`,
      help: 'Time at which the last successful run ended in Unix seconds.',
    });
  }
}
