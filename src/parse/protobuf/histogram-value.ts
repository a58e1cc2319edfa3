import type { Exemplar, HistogramValue, NativeBucketCounts, NativeHistogramValue } from '../../model/family.ts';
import {
  bucketsOfSpans,
  bucketTotal,
  filledBuckets,
  isStandardSchema,
  reduceSchema,
} from '../../model/native-spans.ts';
import type { CumulativeBuckets } from '../assembly/bucket-counts.ts';
import type { CompositePart } from '../lines/line-handler.ts';
import type { HistogramMessage, SideMessage } from './histogram-reader.ts';

/** A histogram as a value of the model. */
export interface HistogramParts {
  /** Undefined if all parts are separate series. */
  readonly value: HistogramValue | undefined;
  /** The series that Prometheus stores for inconsistent classic buckets. */
  readonly loose?: Iterable<CompositePart>;
}

/** Returns the distribution of the message, or its problem, completing "expected ...". */
export function histogramParts(message: HistogramMessage, strict: boolean): HistogramParts | string {
  const { buckets, floatCount, sum } = message;
  const count = floatCount === 0 ? message.count : floatCount;
  // The rule of Prometheus: a native histogram without observations has an empty span.
  const hasSpans = message.positive.spans.length > 0 || message.negative.spans.length > 0;
  const isNative = hasSpans || message.zeroThreshold > 0 || message.zeroCount > 0;
  const native = isNative ? nativeValue(message, strict) : undefined;
  const problem = typeof native === 'string' ? native : numberProblem(message, strict);
  if (problem !== undefined) return problem;
  const held = native as NativeHistogramValue | undefined; // A text is a problem.
  if (!strict) {
    // Prometheus adds the +Inf bucket.
    if (buckets.lastBound !== Number.POSITIVE_INFINITY) buckets.add(Number.POSITIVE_INFINITY, count);
    const areSound = buckets.areWhole() && Object.is(buckets.last(), count);
    if (!areSound) return looseHistogram(message, count, held);
  }
  const { exemplars, upperBounds, bucketCounts } = buckets.separate(count);
  const value: { -readonly [K in keyof HistogramValue]: HistogramValue[K] } = { upperBounds, bucketCounts, count, sum };
  if (exemplars !== undefined) value.exemplars = exemplars;
  if (held !== undefined) value.native = held;
  return { value };
}

/** Accepts negative counts, because the examples of Prometheus contain some. */
function numberProblem({ count, floatCount, floatZeroCount, zeroThreshold }: HistogramMessage, strict: boolean) {
  const isSound =
    !strict || ([count, floatCount].every((each) => !Number.isNaN(each)) && floatZeroCount >= 0 && zeroThreshold >= 0);
  return isSound ? undefined : 'counts and a zero threshold that are numbers, and not negative';
}

/** If the histogram has native buckets, they include the count and the sum. */
function looseHistogram(
  message: HistogramMessage,
  count: number,
  native: NativeHistogramValue | undefined,
): HistogramParts {
  const { buckets, sum } = message;
  if (native === undefined) return { value: undefined, loose: looseParts(message, count, undefined) };
  const exemplars = native.exemplars ?? [...timedExemplars(buckets)];
  const value = { upperBounds: [], bucketCounts: [count], count, sum, native: { ...native, exemplars } };
  return { value, loose: looseParts(message, count, native) };
}

/**
 * Yields the separate series of a histogram. A native histogram may have a +Inf bucket with its count, for servers that do not
 * scrape native histograms; it is left out.
 */
function* looseParts(
  { buckets, sum }: HistogramMessage,
  count: number,
  native: NativeHistogramValue | undefined,
): Iterable<CompositePart> {
  if (native === undefined) {
    yield { suffix: '_count', bound: undefined, value: count };
    yield { suffix: '_sum', bound: undefined, value: sum };
  }
  for (const { upperBound: bound, count: value, exemplar } of buckets.cumulative()) {
    const isImplied = native !== undefined && bound === Number.POSITIVE_INFINITY && Object.is(value, count);
    if (!isImplied) yield { suffix: '_bucket', bound, value, exemplar };
  }
}

/** The rule of Prometheus, which also applies if all counts are zero. */
function isFloatHistogram({ floatCount, floatZeroCount, positive, negative }: HistogramMessage): boolean {
  return floatCount > 0 || floatZeroCount > 0 || positive.counts.length > 0 || negative.counts.length > 0;
}

function nativeValue(message: HistogramMessage, strict: boolean): NativeHistogramValue | string {
  const { schema, zeroThreshold, floatZeroCount, zeroCount } = message;
  const isFloat = isFloatHistogram(message);
  const positive = sideCounts(message.positive, isFloat, strict);
  const negative = sideCounts(message.negative, isFloat, strict);
  if (typeof positive === 'string') return positive;
  if (typeof negative === 'string') return negative;
  if (strict && !isStandardSchema(schema)) return 'a schema from -4 to 8';
  const { buckets, ignoredExemplars } = message;
  // Prometheus drops exemplars without a timestamp. If there are none, it takes those of the classic buckets, which also stay in place.
  let exemplars: Exemplar[] | undefined;
  if (message.exemplars.length > 0) {
    exemplars = message.exemplars.filter(({ timestamp }) => strict || timestamp !== undefined);
  } else if (ignoredExemplars.length > 0) {
    exemplars = [...timedExemplars(buckets), ...ignoredExemplars];
  }
  const native = { schema, zeroThreshold, zeroCount: isFloat ? floatZeroCount : zeroCount, positive, negative };
  const reduced = reduceSchema({ ...native, ...(exemplars && { exemplars }) });
  return reduced === undefined
    ? 'a schema from -4 to 52'
    : ((strict ? undefined : totalProblem(reduced, message)) ?? reduced);
}

function* timedExemplars(buckets: CumulativeBuckets): Iterable<Exemplar> {
  for (const { exemplar } of buckets.cumulative()) if (exemplar?.timestamp !== undefined) yield exemplar;
}

function sideCounts(
  { spans, deltas, counts }: SideMessage,
  isFloat: boolean,
  strict: boolean,
): NativeBucketCounts | string {
  const held = isFloat ? counts : deltas;
  // Converts deltas to counts in place, because a message can have a delta in every byte.
  if (!isFloat) for (let index = 1; index < held.length; index++) held[index]! += held[index - 1]!;
  if (strict && held.some((count) => Number.isNaN(count))) return 'counts that are numbers';
  return strict ? bucketsOfSpans(spans, held) : filledBuckets(spans, held);
}

/** The check of Prometheus before it stores a histogram: a scrape with inconsistent counts fails. */
function totalProblem(native: NativeHistogramValue, message: HistogramMessage): string | undefined {
  const { zeroCount, positive, negative } = native;
  const isFloat = isFloatHistogram(message);
  const count = isFloat ? message.floatCount : message.count;
  if (zeroCount < 0 || count < 0 || hasNegative(positive) || hasNegative(negative)) return 'no negative count';
  const total = bucketTotal(native);
  const isRight = isFloat || total === count || (Number.isNaN(message.sum) && total < count);
  return isRight ? undefined : `a count of ${total}, as many as the buckets hold`;
}

function hasNegative({ counts }: NativeBucketCounts): boolean {
  for (let index = 0; index < counts.length; index++) if (counts[index]! < 0) return true;
  return false;
}
