import type { Exemplar, HistogramValue, NativeBucketCounts, NativeHistogramValue } from '../model/family.ts';
import { codePoints, type Labels, MAX_EXEMPLAR_LENGTH } from '../model/labels.ts';
import { labelName } from './prometheus-names.ts';
import {
  type Attributes,
  type SdkExemplar,
  type SdkExponentialBuckets,
  type SdkExponentialHistogram,
  type SdkHistogram,
  unixSeconds,
} from './sdk-metrics.ts';

/** The highest resolution of native histograms; a higher scale is reduced to it. */
const MAX_SCHEMA = 8;
const MIN_SCHEMA = -4;

/** Returns attributes as labels. The values of attributes whose labels have the same name are joined, by their names. */
export function labelsOf(attributes: Attributes): Labels {
  const labels = new Map<string, string>();
  for (const name of Object.keys(attributes).sort()) {
    const value = attributes[name];
    if (value === undefined || value === null) continue;
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    const label = labelName(name);
    const known = labels.get(label);
    labels.set(label, known === undefined ? text : `${known};${text}`);
  }
  return Object.fromEntries(labels);
}

/** Returns a classic histogram. */
export function histogramOf(value: SdkHistogram, exemplars: readonly SdkExemplar[] = []): HistogramValue {
  const { boundaries, counts } = value.buckets;
  const upperBounds = boundaries.filter((bound) => bound !== Number.POSITIVE_INFINITY);
  const bucketCounts = counts.slice(0, upperBounds.length);
  bucketCounts.push(counts.slice(upperBounds.length).reduce((sum, count) => sum + count, 0));
  const latest: (Exemplar | undefined)[] = bucketCounts.map(() => undefined);
  for (const exemplar of exemplars.map(exemplarOf)) {
    const found = upperBounds.findIndex((bound) => exemplar.value <= bound);
    const bucket = found < 0 ? upperBounds.length : found;
    latest[bucket] = laterOf(latest[bucket], exemplar);
  }
  return { upperBounds, bucketCounts, ...totalsOf(value), exemplars: latest };
}

/**
 * Returns a native histogram.
 *
 * @throws {RangeError} if the scale is lower than native histograms allow.
 */
export function nativeHistogramOf(
  value: SdkExponentialHistogram,
  exemplars: readonly SdkExemplar[] = [],
): HistogramValue & { readonly native: NativeHistogramValue } {
  const { scale, zeroCount, count } = value;
  if (scale < MIN_SCHEMA)
    throw new RangeError(`The scale of a histogram must be at least ${MIN_SCHEMA}, got ${scale}.`);
  const schema = Math.min(scale, MAX_SCHEMA);
  const shift = scale - schema;
  const shown = exemplars.map(exemplarOf);
  const native = {
    schema,
    zeroThreshold: 0,
    zeroCount,
    positive: bucketsOf(value.positive, shift),
    negative: bucketsOf(value.negative, shift),
    exemplars: shown,
  };
  // Text formats without native histograms show the latest exemplar, at the bucket up to +Inf.
  return { upperBounds: [], bucketCounts: [count], ...totalsOf(value), exemplars: [latestOf(shown)], native };
}

/**
 * Returns an exemplar with its trace and the attributes that the series does not have. OpenTelemetry's specification says to
 * leave out the attributes if all labels together are longer than OpenMetrics 1.0 allows.
 */
export function exemplarOf({ value, timestamp, traceId, spanId, filteredAttributes = {} }: SdkExemplar): Exemplar {
  const trace = { ...(traceId ? { trace_id: traceId } : {}), ...(spanId ? { span_id: spanId } : {}) };
  const all = { ...labelsOf(filteredAttributes), ...trace };
  const length = Object.entries(all).reduce((sum, [name, text]) => sum + name.length + codePoints(text), 0);
  const labels = length <= MAX_EXEMPLAR_LENGTH ? all : trace;
  return { labels, value, timestamp: unixSeconds(timestamp) };
}

/** Returns the exemplar with the latest timestamp, the last one of several. */
export function latestOf(exemplars: readonly Exemplar[]): Exemplar | undefined {
  return exemplars.reduce<Exemplar | undefined>(laterOf, undefined);
}

/** Returns the exemplar with the later timestamp, or the second one if they are equal. */
function laterOf(exemplar: Exemplar | undefined, other: Exemplar): Exemplar {
  return exemplar !== undefined && (exemplar.timestamp ?? 0) > (other.timestamp ?? 0) ? exemplar : other;
}

/** The SDK leaves out the sum of histograms with negative values. */
function totalsOf({ count, sum }: { readonly count: number; readonly sum?: number | undefined }) {
  return sum === undefined ? { count, sum: Number.NaN, hasSum: false } : { count, sum };
}

/** Bucket i of OpenTelemetry ends where bucket i + 1 of Prometheus does. Each shift merges two buckets. */
function bucketsOf({ offset, bucketCounts }: SdkExponentialBuckets, shift: number): NativeBucketCounts {
  const counts = new Map<number, number>();
  for (const [index, count] of bucketCounts.entries()) {
    if (count === 0) continue;
    const merged = Math.floor((offset + index) / 2 ** shift) + 1;
    counts.set(merged, (counts.get(merged) ?? 0) + count);
  }
  return { indexes: [...counts.keys()], counts: [...counts.values()] };
}
