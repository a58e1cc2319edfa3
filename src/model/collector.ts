import type { Encoder } from './encoder.ts';
import type { Descriptor, MetricFamily } from './family.ts';
import type { Labels } from './labels.ts';

/** Context of the scrape that calls a collector. */
export interface CollectContext {
  /** Aborts when the scrape is canceled or its deadline has passed. */
  readonly signal: AbortSignal;
  /**
   * Time at which the signal aborts, in milliseconds since the epoch like `Date.now()`. The signal aborts on time even if
   * the system clock is set meanwhile.
   */
  readonly deadline: number;
}

/**
 * Gathers families at each scrape, for values that are kept elsewhere.
 *
 * @example
 * ```ts
 * import { type Collector, Registry } from 'zeroprom';
 *
 * const jobs = new Map([['mail', 3]]);
 * const collector: Collector = {
 *   name: 'jobs',
 *   collect() {
 *     const points = Array.from(jobs, ([queue, value]) => ({ labels: { queue }, value }));
 *     return [{ name: 'jobs_waiting', help: 'Jobs waiting.', type: 'gauge', points }];
 *   },
 * };
 * const registry = new Registry();
 * registry.register(collector);
 * console.log(await registry.expose());
 * ```
 */
export interface Collector {
  /**
   * Name in error messages and in the series about collectors.
   *
   * @defaultValue the name of the class
   */
  readonly name?: string | undefined;
  /**
   * Name of a gauge that is 1 if the collector succeeded and 0 if it failed or was late, such as `redis_up`. A successful
   * collector may return the family itself.
   *
   * @defaultValue none
   */
  readonly up?: string | undefined;
  /**
   * Returns the families. They belong to the registry from then on. Of an asynchronous generator, the families before an
   * error or the deadline are exposed, and the failure is reported.
   */
  collect(
    context: CollectContext,
  ):
    | Iterable<MetricFamily>
    | AsyncIterable<MetricFamily>
    | Promise<Iterable<MetricFamily> | AsyncIterable<MetricFamily>>;
}

/** Numbers of updates, series and exemplars that a metric has dropped since it was created. */
export interface DroppedCounts {
  /** Updates that went to the overflow series because the limit of series was reached. */
  readonly overflowed: number;
  /** Series dropped because they had not been updated for too long. */
  readonly expired: number;
  /** Exemplars dropped because they were too long or had invalid labels. */
  readonly exemplars: number;
}

/**
 * A counter, a gauge or another metric, as seen by other code. A registry accepts the metrics of this package, also of
 * another copy of it, and every {@link DirectCollector}.
 */
export interface RegistrableMetric {
  /** Name, help, type and unit of the metric. */
  readonly descriptor: Descriptor;
}

/** A collector that keeps its values in rows and writes them to encoders without building families. */
export interface DirectCollector extends RegistrableMetric {
  /** Number of rows; some may be empty. While `pin()` is in effect, it can only grow. */
  readonly rowCount: number;
  /** Whether the metric has no series to expose. */
  readonly isEmpty: boolean;
  /** Numbers of dropped updates, series and exemplars. */
  readonly losses?: DroppedCounts | undefined;
  /** Names of the labels that all of its series have. */
  readonly seriesLabelNames?: readonly string[];
  /** Labels with the same value in all of its series, which distinguish it from other metrics of its name. */
  readonly constLabels?: Labels | undefined;
  /** Text that describes the options of the collector: two collectors with the same text are interchangeable. */
  readonly schema?: string;
  /**
   * Whether `prepare()` calls no code of the user. Otherwise it might gather a registry, and preventing an endless loop
   * costs a microsecond per scrape.
   *
   * @defaultValue `false`
   */
  readonly isPassive?: boolean;
  /** Updates values. Called at each scrape before rows are read; if it fails, the family is left out. */
  prepare?(context: CollectContext): void | Promise<void>;
  /** Announces rows [from, to) to the encoder, if it needs that and they are numbers. Returns whether it did. */
  measure?(encoder: Encoder, from: number, to: number, isLast: boolean): boolean;
  /** Writes the series of rows [from, to). The caller has opened the family. */
  encode(encoder: Encoder, from: number, to: number): void;
  /** Keeps rows in their places until `unpin()`. Called before rows are read. */
  pin(): void;
  /** Allows rows to move again. */
  unpin(): void;
}

/** Everything that a registry accepts. */
export type Registrable = Collector | DirectCollector | RegistrableMetric;

/** Registers metrics and collectors. */
export interface Registrar {
  /** Prefix of the names of all that is registered. @internal */
  readonly prefix?: string;
  /** Adds a metric or collector. */
  register(collector: Registrable): void;
}

/** Registers metrics and collectors and removes them again: a registry, or a view of one. */
export interface CollectorRegistry extends Registrar {
  /** Removes a metric or collector. Returns whether it was registered. */
  unregister(collector: Registrable): boolean;
}
