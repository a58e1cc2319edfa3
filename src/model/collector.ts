import type { Encoder } from './encoder.ts';
import type { Descriptor, MetricFamily } from './family.ts';
import type { Labels } from './labels.ts';

/** What a collector may know of the scrape that asks it. */
export interface CollectContext {
  /** Aborts when the scrape is given up or the deadline has passed. */
  readonly signal: AbortSignal;
  /**
   * When the signal aborts, in milliseconds since the epoch, as `Date.now()` counts them. Should the system clock be
   * set meanwhile, the signal still aborts on time.
   */
  readonly deadline: number;
}

/** Gathers families when scraped, for values that live elsewhere. What it returns belongs to the registry. */
export interface Collector {
  /** For error messages and the series about collectors; the constructor's name by default. */
  readonly name?: string | undefined;
  collect(context: CollectContext): Iterable<MetricFamily> | Promise<Iterable<MetricFamily>>;
}

/** What a metric had to leave out since it was made. */
export interface DroppedCounts {
  /** Updates that went to the overflow series, because there were too many others. */
  readonly overflowed: number;
  /** Series that were dropped because nobody touched them for long. */
  readonly expired: number;
  /** Exemplars that were too long, or had labels that are none. */
  readonly exemplars: number;
}

/**
 * Counters, gauges and all other metrics, as far as other code sees them. A registry accepts those of this package,
 * also of another copy of it, and every `DirectCollector`.
 */
export interface RegistrableMetric {
  /** Name, help, type and unit of the metric. */
  readonly descriptor: Descriptor;
}

/** A collector whose values are at hand: it writes its rows to the encoder and builds nothing in between. */
export interface DirectCollector extends RegistrableMetric {
  /** Rows so far. Rows only get added while `pin()` holds; some may be empty. */
  readonly rowCount: number;
  /** Whether there is no series to show. */
  readonly isEmpty: boolean;
  readonly losses?: DroppedCounts | undefined;
  /** The labels that all of its series have. */
  readonly seriesLabelNames?: readonly string[];
  /** Those of them that have one value in all of its series: what tells it from another metric of its name. */
  readonly constLabels?: Labels | undefined;
  /** All that shapes it: two collectors with the same text can stand for each other. */
  readonly schema?: string;
  /**
   * Whether `prepare()` calls no code but its own. Where that is not said, it is taken for a collector that might
   * gather a registry, which costs a microsecond for each scrape.
   */
  readonly isPassive?: boolean;
  /** Called at each scrape before rows are read: brings values up to date. Where it fails, the family is left out. */
  prepare?(context: CollectContext): void | Promise<void>;
  /** Writes the series of rows [from, to); the registry has opened the family. */
  encode(encoder: Encoder, from: number, to: number): void;
  /** Called before rows are read; keeps them where they are until `unpin()`. */
  pin(): void;
  unpin(): void;
}

/** Everything that a registry accepts. */
export type Registrable = Collector | DirectCollector | RegistrableMetric;

/** Registers metrics and collectors. */
export interface Registrar {
  /** Adds a metric or collector. */
  register(collector: Registrable): void;
}

/** Registers metrics and collectors and removes them again: a registry, or a view of one. */
export interface CollectorRegistry extends Registrar {
  /** Removes a metric or collector. Returns whether it was registered. */
  unregister(collector: Registrable): boolean;
}
