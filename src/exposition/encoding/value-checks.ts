import type { HistogramValue, StateSetValue, SummaryValue } from '../../model/family.ts';

/** For so few items, comparing each with each is faster than a set. */
const FEW = 16;

/** Throws a RangeError where the buckets are none that any format could show: out of order, or more in them than observed. */
export function checkHistogram({ upperBounds, bucketCounts, count }: HistogramValue): void {
  if (bucketCounts.length !== upperBounds.length + 1) {
    throw new RangeError(
      `A histogram has ${upperBounds.length} bounds and ${bucketCounts.length} counts: one more is due.`,
    );
  }
  let before = Number.NEGATIVE_INFINITY;
  let total = 0;
  for (let index = 0; index < upperBounds.length; index++) {
    const bound = upperBounds[index]!;
    if (!(bound > before && bound < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`A histogram's bounds increase and are finite, and ${bound} does not.`);
    }
    before = bound;
    total += checkCount(bucketCounts[index]!);
  }
  total += checkCount(bucketCounts[upperBounds.length]!);
  // Sums of fractions are not exact.
  if (total > checkCount(count) && Number.isInteger(total)) {
    throw new RangeError(`The buckets of a histogram hold ${total} of ${count} observations.`);
  }
}

/** Throws a RangeError where no format could show the summary. */
export function checkSummary({ count, quantiles, hasCount }: SummaryValue): void {
  if (hasCount !== false) checkCount(count);
  const numbers = quantiles.map(({ quantile }) => quantile);
  if (numbers.includes(Number.NaN)) throw new RangeError('A quantile of a summary must be a number, got NaN.');
  const repeated = numbers[indexOfRepeated(numbers)];
  if (repeated === undefined) return;
  throw new RangeError(`The quantiles of a summary must be different, got ${repeated} twice.`);
}

/** Whether OpenMetrics can show the quantile: it is between 0 and 1, and its value is not negative. */
export function isOpenMetricsQuantile({ quantile, value }: SummaryValue['quantiles'][number]): boolean {
  return quantile >= 0 && quantile <= 1 && !(value < 0);
}

/** Throws a RangeError where two lines would be one. */
export function checkStates({ states }: StateSetValue): void {
  const repeated = states[indexOfRepeated(states)];
  if (repeated === undefined) return;
  throw new RangeError(`The states of a state set must be different, got ${JSON.stringify(repeated)} twice.`);
}

/** The index of the first item that also occurs before it; -1 if all items are different. */
export function indexOfRepeated(items: readonly unknown[]): number {
  if (items.length <= FEW) return items.findIndex((item, index) => items.indexOf(item) !== index);
  const seen = new Set<unknown>();
  return items.findIndex((item) => seen.size === seen.add(item).size);
}

function checkCount(count: number): number {
  if (count >= 0) return count;
  throw new RangeError(`There is no count of ${count}.`);
}
