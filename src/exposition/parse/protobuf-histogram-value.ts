import type { ExactNumbers, HistogramValue, NativeBucketCounts, NativeHistogramValue } from '../../model/family.ts';
import { bucketsOfSpans, bucketTotal, isStandardSchema, reduceSchema } from './native-buckets.ts';
import type { HistogramMessage, SideMessage } from './protobuf-histogram.ts';

/** A histogram as the model has it. */
export interface HistogramParts {
  readonly value: HistogramValue;
  readonly exact: ExactNumbers | undefined;
}

/** The message's distribution, or what is wrong with it, completing "expected ...". */
export function histogramParts(message: HistogramMessage, strict: boolean): HistogramParts | string {
  const isFloat = message.floatCount > 0 || message.floatZeroCount > 0;
  const count = message.floatCount > 0 ? message.floatCount : message.count;
  const exactCount = message.floatCount > 0 ? undefined : message.exactCount;
  const native = isNative(message) ? nativeValue(message, isFloat, strict) : undefined;
  if (typeof native === 'string') return native;
  const problem = native && !strict ? totalProblem(native, count, message.sum, isFloat) : undefined;
  if (problem !== undefined) return problem;
  const { exactCounts, exemplars, upperBounds, bucketCounts } = message.buckets.separate(count, exactCount);
  const value: { -readonly [K in keyof HistogramValue]: HistogramValue[K] } = {
    upperBounds,
    bucketCounts,
    count,
    sum: message.sum,
  };
  if (exemplars !== undefined) value.exemplars = exemplars;
  if (native !== undefined) value.native = native;
  return { value, exact: exactCounts && { count: exactCount, bucketCounts: exactCounts } };
}

/** As servers tell: a native histogram without observations has an empty span to say so. */
function isNative({ positive, negative, zeroThreshold, zeroCount, floatZeroCount }: HistogramMessage): boolean {
  const hasSpans = positive.spans.length > 0 || negative.spans.length > 0;
  return hasSpans || zeroThreshold > 0 || zeroCount > 0 || floatZeroCount > 0;
}

function nativeValue(message: HistogramMessage, isFloat: boolean, strict: boolean): NativeHistogramValue | string {
  const { schema, zeroThreshold, floatZeroCount, zeroCount } = message;
  const positive = sideCounts(message.positive, isFloat);
  const negative = sideCounts(message.negative, isFloat);
  if (typeof positive === 'string') return positive;
  if (typeof negative === 'string') return negative;
  if (strict && !isStandardSchema(schema)) return 'a schema from -4 to 8';
  // A server drops native exemplars that have no time.
  const exemplars = message.exemplars.filter(({ timestamp }) => strict || timestamp !== undefined);
  const native = { schema, zeroThreshold, zeroCount: isFloat ? floatZeroCount : zeroCount, positive, negative };
  return reduceSchema({ ...native, ...(exemplars.length > 0 && { exemplars }) }) ?? 'a schema from -4 to 52';
}

function sideCounts({ spans, deltas, counts }: SideMessage, isFloat: boolean): NativeBucketCounts | string {
  return bucketsOfSpans(spans, isFloat ? counts : runningTotals(deltas));
}

/** In place: a message can have a delta in every byte. */
function runningTotals(deltas: number[]): number[] {
  for (let index = 1; index < deltas.length; index++) deltas[index]! += deltas[index - 1]!;
  return deltas;
}

/** What servers check before they store: a scrape with a histogram that does not add up fails. */
function totalProblem(native: NativeHistogramValue, count: number, sum: number, isFloat: boolean): string | undefined {
  const { zeroCount, positive, negative } = native;
  if (zeroCount < 0 || count < 0 || hasNegative(positive) || hasNegative(negative)) return 'no negative count';
  const total = bucketTotal(native);
  const isRight = isFloat || total === count || (Number.isNaN(sum) && total < count);
  return isRight ? undefined : `a count of ${total}, as many as the buckets hold`;
}

function hasNegative({ counts }: NativeBucketCounts): boolean {
  for (let index = 0; index < counts.length; index++) if (counts[index]! < 0) return true;
  return false;
}
