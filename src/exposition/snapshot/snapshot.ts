import type {
  Descriptor,
  Exemplar,
  HistogramValue,
  MetricType,
  NativeBucketCounts,
  NativeHistogramValue,
  Point,
  StateSetValue,
  SummaryValue,
} from '../../model/family.ts';
import { labelPairs } from '../../model/label-set.ts';
import type { Encodable, FormatEncoder } from '../encoding/format.ts';
import { GuardedEncoder, type Rewindable } from '../encoding/guarded-encoder.ts';

/** A number that JSON can hold. */
export type SnapshotNumber = number | 'NaN' | '+Inf' | '-Inf';

/** A family as plain data that JSON can hold, for tests and for other processes. */
export interface FamilySnapshot {
  /** Full name of the samples. */
  readonly name: string;
  /** Help text. */
  readonly help: string;
  /** Metric type. */
  readonly type: MetricType;
  /** Unit; missing if the family has none. */
  readonly unit?: string;
  /** Points of the family. */
  readonly points: readonly PointSnapshot[];
}

/** A point as plain data. */
export interface PointSnapshot {
  /** Labels by name; missing if there are none. */
  readonly labels?: { readonly [name: string]: string };
  /** Value of the family's type; 1 for infos. */
  readonly value: SnapshotNumber | HistogramSnapshot | SummarySnapshot | StateSetSnapshot;
  /** Time of the value in Unix seconds. */
  readonly timestamp?: SnapshotNumber;
  /** Unix seconds at which a counter, histogram or summary started at zero. */
  readonly startTimestamp?: SnapshotNumber;
  /** Exemplar of a counter. */
  readonly exemplar?: ExemplarSnapshot;
}

/** Value of a histogram as plain data. */
export interface HistogramSnapshot {
  /** Inclusive upper bounds, without +Inf. */
  readonly upperBounds: readonly SnapshotNumber[];
  /** Observations in each bucket, not cumulative. The last bucket is that up to +Inf. */
  readonly bucketCounts: readonly SnapshotNumber[];
  /** Number of observations. */
  readonly count: SnapshotNumber;
  /** Sum of all observations. */
  readonly sum: SnapshotNumber;
  /** False if a parsed document lacks the count. */
  readonly hasCount?: false;
  /** False if a parsed document lacks the sum. */
  readonly hasSum?: false;
  /** Exemplar of each bucket; null if it has none. */
  readonly exemplars?: readonly (ExemplarSnapshot | null)[];
  /** Exponential buckets. */
  readonly native?: NativeHistogramSnapshot;
}

/** Exponential buckets as plain data. */
export interface NativeHistogramSnapshot {
  /** Resolution, -4 to 8. */
  readonly schema: SnapshotNumber;
  /** Observations within this distance from zero are counted in `zeroCount`. */
  readonly zeroThreshold: SnapshotNumber;
  /** Observations close to zero. */
  readonly zeroCount: SnapshotNumber;
  /** Buckets of positive observations. */
  readonly positive: BucketsSnapshot;
  /** Buckets of negative observations, by their absolute value. */
  readonly negative: BucketsSnapshot;
  /** Exemplars. */
  readonly exemplars?: readonly ExemplarSnapshot[];
}

/** Non-empty exponential buckets as plain data. */
export interface BucketsSnapshot {
  /** Index of each bucket. */
  readonly indexes: readonly SnapshotNumber[];
  /** Observations in each bucket. */
  readonly counts: readonly SnapshotNumber[];
}

/** Value of a summary as plain data. */
export interface SummarySnapshot {
  /** Number of observations. */
  readonly count: SnapshotNumber;
  /** Sum of all observations. */
  readonly sum: SnapshotNumber;
  /** False if a parsed document lacks the count. */
  readonly hasCount?: false;
  /** False if a parsed document lacks the sum. */
  readonly hasSum?: false;
  /** Quantiles and their values. */
  readonly quantiles: readonly QuantileSnapshot[];
}

/** One quantile of a summary as plain data. */
export interface QuantileSnapshot {
  /** From 0 to 1. */
  readonly quantile: SnapshotNumber;
  /** Value at the quantile, in the unit of the family. */
  readonly value: SnapshotNumber;
}

/** Value of a state set as plain data. */
export interface StateSetSnapshot {
  /** Names of the states. */
  readonly states: readonly string[];
  /** Whether each state is enabled. */
  readonly enabled: readonly boolean[];
}

/** An exemplar as plain data. */
export interface ExemplarSnapshot {
  /** Labels by name. */
  readonly labels: { readonly [name: string]: string };
  /** Observed value. */
  readonly value: SnapshotNumber;
  /** Time of the observation in Unix seconds. */
  readonly timestamp?: SnapshotNumber;
}

/**
 * Returns the current families as plain data, under their own names. `readSnapshot()` converts them back, also
 * after JSON. Families and points that cannot be shown are left out, as in any exposition, and reported to `onProblem`.
 *
 * @example
 * ```ts
 * import { Gauge, Registry } from 'zeroprom';
 * import { snapshotOf } from 'zeroprom/exposition';
 *
 * const registry = new Registry();
 * new Gauge({ name: 'queue_length', help: 'Length of the queue.', registry }).set(3);
 * console.log(JSON.stringify(snapshotOf(await registry.gather())));
 * ```
 */
export function snapshotOf(gathering: Encodable, onProblem: (problem: Error) => void = () => {}): FamilySnapshot[] {
  const encoder = new SnapshotEncoder();
  gathering.encode(new GuardedEncoder(encoder, NO_BYTES, onProblem));
  return encoder.families;
}

/** A point is added entirely or not at all, so nothing has to be rewound. */
const NO_BYTES: Rewindable = { position: 0, rewind: () => {} };

class SnapshotEncoder implements FormatEncoder {
  readonly families: FamilySnapshot[] = [];
  #points: PointSnapshot[] = [];

  family({ name, help, type, unit }: Descriptor): void {
    this.#points = [];
    this.families.push({ name, help, type, ...(unit === undefined ? {} : { unit }), points: this.#points });
  }

  counter(point: Point, value: number, exemplar?: Exemplar): void {
    this.#push(point, numberOf(value), exemplar);
  }

  gauge(point: Point, value: number): void {
    this.#push(point, numberOf(value));
  }

  unknown(point: Point, value: number): void {
    this.#push(point, numberOf(value));
  }

  histogram(point: Point, value: HistogramValue): void {
    this.#push(point, histogramOf(value));
  }

  summary(point: Point, value: SummaryValue): void {
    this.#push(point, {
      ...totalOf(value),
      quantiles: value.quantiles.map((one) => ({ quantile: numberOf(one.quantile), value: numberOf(one.value) })),
    });
  }

  info(point: Point): void {
    this.#push(point, 1);
  }

  stateSet(point: Point, { states, enabled }: StateSetValue): void {
    this.#push(point, { states: [...states], enabled: states.map((_, index) => Boolean(enabled[index])) });
  }

  end(): void {}

  #push({ labels, timestamp, startTimestamp }: Point, value: PointSnapshot['value'], exemplar?: Exemplar): void {
    const pairs = labelPairs(labels);
    this.#points.push({
      ...(pairs.length === 0 ? {} : { labels: Object.fromEntries(pairs) }),
      value,
      ...(timestamp === undefined ? {} : { timestamp: numberOf(timestamp) }),
      ...(startTimestamp === undefined ? {} : { startTimestamp: numberOf(startTimestamp) }),
      ...(exemplar === undefined ? {} : { exemplar: exemplarOf(exemplar) }),
    });
  }
}

function totalOf({ count, sum, hasCount, hasSum }: HistogramValue | SummaryValue) {
  return {
    count: numberOf(count),
    sum: numberOf(sum),
    ...(hasCount === false && { hasCount }),
    ...(hasSum === false && { hasSum }),
  };
}

function histogramOf(value: HistogramValue): HistogramSnapshot {
  const { upperBounds, bucketCounts, exemplars, native } = value;
  return {
    upperBounds: numbersOf(upperBounds),
    bucketCounts: numbersOf(bucketCounts),
    ...totalOf(value),
    ...(exemplars === undefined
      ? {}
      : { exemplars: Array.from(exemplars, (one) => (one === undefined ? null : exemplarOf(one))) }),
    ...(native === undefined ? {} : { native: nativeOf(native) }),
  };
}

function nativeOf(native: NativeHistogramValue): NativeHistogramSnapshot {
  const { schema, zeroThreshold, zeroCount, positive, negative, exemplars } = native;
  return {
    schema: numberOf(schema),
    zeroThreshold: numberOf(zeroThreshold),
    zeroCount: numberOf(zeroCount),
    positive: bucketsOf(positive),
    negative: bucketsOf(negative),
    ...(exemplars === undefined ? {} : { exemplars: exemplars.map(exemplarOf) }),
  };
}

function bucketsOf({ indexes, counts }: NativeBucketCounts): BucketsSnapshot {
  return { indexes: numbersOf(indexes), counts: numbersOf(counts) };
}

function exemplarOf({ labels, value, timestamp }: Exemplar): ExemplarSnapshot {
  return {
    labels: Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, String(label)])),
    value: numberOf(value),
    ...(timestamp === undefined ? {} : { timestamp: numberOf(timestamp) }),
  };
}

function numbersOf(values: ArrayLike<number>): SnapshotNumber[] {
  return Array.from(values, numberOf);
}

function numberOf(value: number): SnapshotNumber {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return value + 0; // Drops the sign of -0, as the other formats do.
}
