import { kindOf } from '../../model/printable.ts';

/** Upper bounds for durations of requests in seconds, 0.005 to 10, the same as in other Prometheus clients. */
export const defaultBuckets: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Returns `count` upper bounds that are `width` apart. Bounds are the doubles closest to their decimal numbers: 0.3 and
 * not 0.30000000000000004.
 *
 * @throws {RangeError} if `width` is not above 0, or `count` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { Histogram, linearBuckets } from 'zeroprom';
 *
 * new Histogram({ name: 'fill_ratio', help: 'Fill level of batches.', buckets: linearBuckets(0.1, 0.1, 10) });
 * ```
 */
export function linearBuckets(start: number, width: number, count: number): number[] {
  const call = `linearBuckets(${start}, ${width}, ${count})`;
  requireAll(
    call,
    Number.isFinite(start) && width > 0 && width < Number.POSITIVE_INFINITY,
    'a finite start and a width above 0',
  );
  requireCount(call, count, 1);
  const places = Math.max(decimalPlaces(start), decimalPlaces(width));
  return increasing(call, count, (index) => {
    const bound = start + index * width;
    // Removes rounding errors: 7 * 0.1 is 0.7000000000000001, and becomes 0.7.
    return places > 100 ? bound : Number(bound.toFixed(places)) + 0;
  });
}

/**
 * Returns `count` upper bounds, beginning with `start`, each `factor` times the one before.
 *
 * @throws {RangeError} if `start` is not above 0, `factor` not above 1, or `count` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { exponentialBuckets, Histogram } from 'zeroprom';
 *
 * new Histogram({ name: 'size_bytes', help: 'Size of files in bytes.', buckets: exponentialBuckets(1024, 4, 8) });
 * ```
 */
export function exponentialBuckets(start: number, factor: number, count: number): number[] {
  const call = `exponentialBuckets(${start}, ${factor}, ${count})`;
  requireAll(call, start > 0 && factor > 1, 'a start above 0 and a factor above 1');
  requireCount(call, count, 1);
  return increasing(call, count, (index) => withoutNoise(start * factor ** index));
}

/**
 * Returns `count` upper bounds from `min` to `max`, inclusive, that grow by a constant factor.
 *
 * @throws {RangeError} if `min` is not above 0, `max` not above `min`, or `count` is not a whole number of at least 2.
 *
 * @example
 * ```ts
 * import { exponentialBucketsRange, Histogram } from 'zeroprom';
 *
 * const buckets = exponentialBucketsRange(0.001, 10, 5); // 0.001, 0.01, 0.1, 1, 10
 * new Histogram({ name: 'query_seconds', help: 'Duration of queries in seconds.', buckets });
 * ```
 */
export function exponentialBucketsRange(min: number, max: number, count: number): number[] {
  const call = `exponentialBucketsRange(${min}, ${max}, ${count})`;
  requireAll(call, min > 0 && max > min, 'a min above 0 and a max above that');
  requireCount(call, count, 2);
  const last = count - 1;
  return increasing(call, count, (index) => {
    if (index === 0 || index === last) return index === 0 ? min : max;
    return withoutNoise(min * (max / min) ** (index / last));
  });
}

/**
 * Checks the upper bounds of a histogram and returns a copy, without the implied +Inf at the end. The array may be
 * empty. Throws a TypeError for anything but numbers, and a RangeError for NaN, -Inf and bounds that do not increase.
 */
export function bucketBoundsOf(buckets: readonly number[], metricName: string): readonly number[] {
  if (!Array.isArray(buckets))
    throw new TypeError(`${metricName}: buckets must be an array of numbers, got ${kindOf(buckets)}.`);
  const bounds = buckets.map((bound: unknown) => {
    if (typeof bound !== 'number')
      throw new TypeError(`${metricName}: bucket bounds must be numbers, got ${kindOf(bound)}.`);
    return bound + 0; // Turns -0 into 0.
  });
  for (const [index, bound] of bounds.entries()) checkBound(bound, bounds[index - 1], metricName);
  if (bounds.at(-1) === Number.POSITIVE_INFINITY) bounds.pop();
  return bounds;
}

function checkBound(bound: number, previous: number | undefined, metricName: string): void {
  if (Number.isNaN(bound) || bound === Number.NEGATIVE_INFINITY) {
    throw new RangeError(`${metricName}: a bucket bound must not be NaN or -Infinity, got ${bound}.`);
  }
  if (previous !== undefined && bound <= previous) {
    throw new RangeError(`${metricName}: bucket bounds must increase, got ${bound} after ${previous}.`);
  }
}

function requireAll(call: string, isValid: boolean, rule: string): void {
  if (!isValid) throw new RangeError(`${call} needs ${rule}.`);
}

function requireCount(call: string, count: number, least: number): void {
  requireAll(call, Number.isSafeInteger(count) && count >= least, `a whole number of at least ${least} as count`);
}

function increasing(call: string, count: number, boundAt: (index: number) => number): number[] {
  const bounds = Array.from({ length: count }, (_, index) => boundAt(index));
  const isIncreasing = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? bound));
  requireAll(call, isIncreasing && Number.isFinite(bounds.at(-1)), 'bounds that are finite and differ as doubles');
  return bounds;
}

function decimalPlaces(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent));
}

/**
 * Rounds a number to 15 digits if that saves at least three digits, because the last ones are then a rounding error.
 */
function withoutNoise(value: number): number {
  const short = Number(value.toPrecision(15));
  return !Number.isInteger(value) && digitsOf(value) - digitsOf(short) >= 3 ? short : value;
}

function digitsOf(value: number): number {
  return value.toExponential().replace(/\D|e.*/g, '').length;
}
