import type { HistogramValue, NativeHistogramValue, StateSetValue, SummaryValue } from './family.ts';
import { isStandardSchema } from './native-spans.ts';

/** For so few items, comparing each with each is faster than a set. */
const FEW = 16;

/**
 * Validates classic buckets: bounds in order, and no more observations in them than counted.
 *
 * @throws {RangeError} if no format could show them.
 */
export function checkHistogram({ upperBounds, bucketCounts, count }: HistogramValue): void {
  if (bucketCounts.length !== upperBounds.length + 1) {
    throw new RangeError(
      `A histogram with ${upperBounds.length} upper bounds must have ${upperBounds.length + 1} bucket counts, got ${bucketCounts.length}.`,
    );
  }
  checkBounds(upperBounds);
  let total = 0;
  for (let index = 0; index < bucketCounts.length; index++) total += checkedCount(bucketCounts[index]!);
  // Sums of fractions are not exact.
  if (total > checkedCount(count) && Number.isInteger(total)) {
    throw new RangeError(`The buckets of a histogram must hold at most its ${count} observations, got ${total}.`);
  }
}

/** @throws {RangeError} if upper bounds are not finite and increasing. */
export function checkBounds(upperBounds: readonly number[]): void {
  let before = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < upperBounds.length; index++) {
    const bound = upperBounds[index]!;
    if (!(bound > before && bound < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`The upper bounds of a histogram must be finite and increasing, got ${bound}.`);
    }
    before = bound;
  }
}

/**
 * Validates a native histogram as servers do (Prometheus: Histogram.Validate), which reject the entire scrape otherwise:
 * schema, threshold and counts in range, and as many observations as `count`, or fewer if NaN was observed.
 *
 * @throws {RangeError} if a server would reject it.
 */
export function checkNative(native: NativeHistogramValue, count: number, sum: number): void {
  const { schema, zeroThreshold, zeroCount, positive, negative } = native;
  if (!Number.isInteger(schema) || !isStandardSchema(schema)) {
    throw new RangeError(`The schema of a native histogram must be an integer from -4 to 8, got ${schema}.`);
  }
  if (!(zeroThreshold >= 0 && zeroThreshold < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `The zero threshold of a native histogram must be finite and at least 0, got ${zeroThreshold}.`,
    );
  }
  const total = checkedCount(zeroCount) + totalOf(positive.counts) + totalOf(negative.counts);
  // Sums of fractions are not exact.
  if (!areIntegers([count, zeroCount]) || !areIntegers(positive.counts) || !areIntegers(negative.counts)) return;
  if (total > checkedCount(count) || (total < count && !Number.isNaN(sum))) {
    throw new RangeError(`The buckets of a native histogram must hold its ${count} observations, got ${total}.`);
  }
}

/** @throws {RangeError} if no format could show the summary. */
export function checkSummary({ count, quantiles, hasCount }: SummaryValue): void {
  if (hasCount !== false) checkedCount(count);
  const numbers = quantiles.map(({ quantile }) => quantile);
  if (numbers.includes(Number.NaN)) throw new RangeError('A quantile of a summary must be a number, got NaN.');
  const repeated = numbers[indexOfRepeated(numbers)];
  if (repeated === undefined) return;
  throw new RangeError(`The quantiles of a summary must be different, got ${repeated} twice.`);
}

/** @throws {RangeError} if a state occurs twice. */
export function checkStates({ states }: StateSetValue): void {
  const repeated = states[indexOfRepeated(states)];
  if (repeated === undefined) return;
  throw new RangeError(`The states of a state set must be different, got ${JSON.stringify(repeated)} twice.`);
}

/** Returns the index of the first item that also occurs before it; -1 if all items are different. */
export function indexOfRepeated(items: readonly unknown[]): number {
  if (items.length <= FEW) return items.findIndex((item, index) => items.indexOf(item) !== index);
  const seen = new Set<unknown>();
  return items.findIndex((item) => seen.size === seen.add(item).size);
}

function totalOf(counts: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < counts.length; index++) total += checkedCount(counts[index]!);
  return total;
}

function checkedCount(count: number): number {
  if (count >= 0) return count;
  throw new RangeError(`A count must be at least 0, got ${count}.`);
}

function areIntegers(counts: ArrayLike<number>): boolean {
  for (let index = 0; index < counts.length; index++) if (!Number.isInteger(counts[index]!)) return false;
  return true;
}
