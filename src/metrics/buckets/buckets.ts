/** Upper bounds for durations of requests in seconds, as all Prometheus clients have them. */
export const defaultBuckets: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `count` upper bounds, `width` apart: `linearBuckets(0.1, 0.1, 3)` is 0.1, 0.2, 0.3, each the double next to it. */
export function linearBuckets(start: number, width: number, count: number): number[] {
  const call = `linearBuckets(${start}, ${width}, ${count})`;
  requireAll(
    call,
    Number.isFinite(start) && width > 0 && width < Number.POSITIVE_INFINITY,
    'a finite start and a width above 0',
  );
  requireCount(call, count, 1);
  const places = Math.max(decimalPlaces(start), decimalPlaces(width));
  return increasing(call, count, (index) => rounded(start + index * width, places));
}

/** `count` upper bounds, each `factor` times the one before: `exponentialBuckets(0.001, 10, 3)` is 0.001, 0.01, 0.1. */
export function exponentialBuckets(start: number, factor: number, count: number): number[] {
  const call = `exponentialBuckets(${start}, ${factor}, ${count})`;
  requireAll(call, start > 0 && factor > 1, 'a start above 0 and a factor above 1');
  requireCount(call, count, 1);
  return increasing(call, count, (index) => withoutNoise(start * factor ** index));
}

/** `count` upper bounds from `min` to `max`, both among them, that grow by a constant factor. */
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
 * A copy of the upper bounds that a histogram was given, checked: numbers that increase. +Inf at the end is left out,
 * being implied; no bounds at all leave the bucket up to +Inf alone. Throws a TypeError for what are no numbers, and a
 * RangeError for NaN, -Inf and bounds that do not increase.
 */
export function bucketBoundsOf(buckets: readonly number[], metricName: string): readonly number[] {
  if (!Array.isArray(buckets))
    throw new TypeError(`${metricName}: buckets are an array of numbers, not ${kindOf(buckets)}.`);
  const bounds = buckets.map((bound: unknown) => {
    if (typeof bound !== 'number')
      throw new TypeError(`${metricName}: a bucket's bound is a number, not ${kindOf(bound)}.`);
    return bound + 0; // Turns -0 into 0.
  });
  for (const [index, bound] of bounds.entries()) checkBound(bound, bounds[index - 1], metricName);
  if (bounds.at(-1) === Number.POSITIVE_INFINITY) bounds.pop();
  return bounds;
}

function checkBound(bound: number, previous: number | undefined, metricName: string): void {
  if (Number.isNaN(bound) || bound === Number.NEGATIVE_INFINITY) {
    throw new RangeError(`${metricName}: a bucket cannot end at ${bound}.`);
  }
  if (previous !== undefined && bound <= previous) {
    throw new RangeError(`${metricName}: bounds of buckets increase, and ${bound} follows ${previous}.`);
  }
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

function requireAll(call: string, isValid: boolean, rule: string): void {
  if (!isValid) throw new RangeError(`${call} needs ${rule}.`);
}

function requireCount(call: string, count: number, least: number): void {
  requireAll(call, Number.isSafeInteger(count) && count >= least, `a whole count of at least ${least}`);
}

function increasing(call: string, count: number, boundAt: (index: number) => number): number[] {
  const bounds = Array.from({ length: count }, (_, index) => boundAt(index));
  const isIncreasing = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? bound));
  requireAll(
    call,
    isIncreasing && Number.isFinite(bounds.at(-1)),
    'bounds that are finite and that doubles can tell apart',
  );
  return bounds;
}

function decimalPlaces(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent));
}

/** 0.7 for the 0.7000000000000001 that seven times 0.1 is. */
function rounded(value: number, places: number): number {
  return places > 100 ? value : Number(value.toFixed(places)) + 0;
}

/** The number with three digits less, at least, where its last ones are but an error of rounding. */
function withoutNoise(value: number): number {
  const short = Number(value.toPrecision(15));
  return !Number.isInteger(value) && digitsOf(value) - digitsOf(short) >= 3 ? short : value;
}

function digitsOf(value: number): number {
  return value.toExponential().replace(/\D|e.*/g, '').length;
}
