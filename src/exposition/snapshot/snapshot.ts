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

/** A number as JSON can hold it. */
export type SnapshotNumber = number | 'NaN' | '+Inf' | '-Inf';

/** A family as plain data that JSON can hold: for people, for tests, and for other processes. */
export interface FamilySnapshot {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly unit?: string;
  readonly points: readonly PointSnapshot[];
}

export interface PointSnapshot {
  /** None without labels. */
  readonly labels?: { readonly [name: string]: string };
  readonly value: SnapshotNumber | HistogramSnapshot | SummarySnapshot | StateSetSnapshot;
  /** Unix seconds, as all times here. */
  readonly timestamp?: SnapshotNumber;
  readonly startTimestamp?: SnapshotNumber;
  readonly exemplar?: ExemplarSnapshot;
}

export interface HistogramSnapshot {
  readonly upperBounds: readonly SnapshotNumber[];
  /** Not cumulative; the last is the one up to +Inf. */
  readonly bucketCounts: readonly SnapshotNumber[];
  readonly count: SnapshotNumber;
  readonly sum: SnapshotNumber;
  /** False where it is not told, in snapshots of parsed families. */
  readonly hasCount?: false;
  readonly hasSum?: false;
  /** For each bucket; null where there is none. */
  readonly exemplars?: readonly (ExemplarSnapshot | null)[];
  readonly native?: NativeHistogramSnapshot;
}

export interface NativeHistogramSnapshot {
  readonly schema: SnapshotNumber;
  readonly zeroThreshold: SnapshotNumber;
  readonly zeroCount: SnapshotNumber;
  readonly positive: BucketsSnapshot;
  readonly negative: BucketsSnapshot;
  readonly exemplars?: readonly ExemplarSnapshot[];
}

export interface BucketsSnapshot {
  readonly indexes: readonly SnapshotNumber[];
  readonly counts: readonly SnapshotNumber[];
}

export interface SummarySnapshot {
  readonly count: SnapshotNumber;
  readonly sum: SnapshotNumber;
  /** False where it is not told, in snapshots of parsed families. */
  readonly hasCount?: false;
  readonly hasSum?: false;
  readonly quantiles: readonly { readonly quantile: SnapshotNumber; readonly value: SnapshotNumber }[];
}

export interface StateSetSnapshot {
  readonly states: readonly string[];
  readonly enabled: readonly boolean[];
}

export interface ExemplarSnapshot {
  readonly labels: { readonly [name: string]: string };
  readonly value: SnapshotNumber;
  readonly timestamp?: SnapshotNumber;
}

/**
 * All families as they are now, under their own names. `readSnapshot()` turns them, also by way of JSON, into families.
 * What cannot be shown is left out, as in any exposition.
 */
export function snapshotOf(gathering: Encodable, onProblem: (problem: Error) => void = () => {}): FamilySnapshot[] {
  const encoder = new SnapshotEncoder();
  gathering.encode(new GuardedEncoder(encoder, NO_BYTES, onProblem));
  return encoder.families;
}

/** A point is added whole or not at all, so there is nothing to take back. */
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
