/**
 * Returns the upper bounds in increasing order, each once. The bucket up to +Inf is implied. prom-client keeps bounds as they are, and
 * may then show buckets that no server accepts.
 */
export function upperBoundsOf(buckets: unknown): readonly number[] {
  if (!Array.isArray(buckets)) throw new TypeError('Histogram buckets must be an array of numbers');
  const bounds = buckets.map(Number).filter(Number.isFinite);
  return Object.freeze([...new Set(bounds)].sort((a, b) => a - b));
}

export function linearBuckets(start: number, width: number, count: number): number[] {
  if (count < 1) throw new Error('Linear buckets needs a positive count');
  return bounds(count, (index) => start + index * width);
}

export function exponentialBuckets(start: number, factor: number, count: number): number[] {
  if (start <= 0) throw new Error('Exponential buckets needs a positive start');
  if (count < 1) throw new Error('Exponential buckets needs a positive count');
  if (factor <= 1) throw new Error('Exponential buckets needs a factor greater than 1');
  // Multiplied step by step, as in prom-client: a power would round differently.
  let next = start;
  return bounds(count, () => {
    const bound = next;
    next *= factor;
    return bound;
  });
}

/** Throws a RangeError, as prom-client does, unless `count` is the length of an array. */
function bounds(count: number, boundAt: (index: number) => number): number[] {
  return Array.from(new Array<undefined>(Number(count)), (_, index) => boundAt(index));
}
