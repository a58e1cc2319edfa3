import type { HistogramValue, MetricType, NativeBucketCounts, NativeHistogramValue } from '../model/family.ts';

/**
 * Throws a TypeError or RangeError where a value that a collector returned is none of the type: encoders rely on
 * numbers being numbers, and on lists that belong together having the same length.
 */
export function checkValue(value: unknown, type: MetricType): void {
  CHECKS[type](value);
}

const CHECKS: { readonly [T in MetricType]: (value: unknown) => void } = {
  counter: (value) => checkNumber(value, 'its value'),
  gauge: (value) => checkNumber(value, 'its value'),
  unknown: (value) => checkNumber(value, 'its value'),
  histogram: checkHistogram,
  gaugehistogram: checkHistogram,
  summary: checkSummary,
  info: () => {},
  stateset: checkStateSet,
};

function checkHistogram(value: unknown): void {
  const { upperBounds, bucketCounts, count, sum, exemplars, native } = fieldsOf<HistogramValue>(value, 'its value');
  checkNumbers(upperBounds, 'upperBounds');
  for (const [index, bound] of upperBounds.entries()) {
    if (Number.isFinite(bound) && (index === 0 || bound > upperBounds[index - 1]!)) continue;
    throw new RangeError(`upperBounds are finite and increasing; ${bound} is not.`);
  }
  checkNumbers(bucketCounts, 'bucketCounts');
  checkSameLength(bucketCounts.length, upperBounds.length + 1, 'bucketCounts');
  checkNumber(count, 'count');
  checkNumber(sum, 'sum');
  if (exemplars !== undefined) checkExemplars(exemplars, bucketCounts.length);
  if (native !== undefined) checkNative(native);
}

function checkExemplars(value: unknown, most: number): void {
  const { length = most } = fieldsOf<ArrayLike<unknown>>(value, 'exemplars');
  if (!(length <= most)) throw new RangeError('there is at most one exemplar for each bucket.');
}

function checkNative(value: unknown): void {
  const native = fieldsOf<NativeHistogramValue>(value, 'native');
  for (const name of ['schema', 'zeroThreshold', 'zeroCount'] as const) checkNumber(native[name], name);
  for (const name of ['positive', 'negative'] as const) {
    const { indexes, counts } = fieldsOf<NativeBucketCounts>(native[name], name);
    checkNumbers(indexes, `${name}.indexes`);
    checkNumbers(counts, `${name}.counts`);
    checkSameLength(counts.length, indexes.length, `${name}.counts`);
  }
}

function checkSummary(value: unknown): void {
  const { count, sum, quantiles } = fieldsOf<{ count: unknown; sum: unknown; quantiles: unknown }>(value, 'its value');
  checkNumber(count, 'count');
  checkNumber(sum, 'sum');
  checkList(quantiles, 'quantiles');
  for (const pair of quantiles) {
    const read = fieldsOf<{ quantile: unknown; value: unknown }>(pair, 'a quantile');
    checkNumber(read.quantile, 'a quantile');
    checkNumber(read.value, "a quantile's value");
  }
}

function checkStateSet(value: unknown): void {
  const { states, enabled } = fieldsOf<{ states: unknown; enabled: unknown }>(value, 'its value');
  checkList(states, 'states');
  checkSameLength(fieldsOf<ArrayLike<unknown>>(enabled, 'enabled').length, states.length, 'enabled');
  const taken = new Set<unknown>();
  for (const state of states) {
    if (typeof state !== 'string') throw new TypeError(`a state is a string, not ${typeof state}.`);
    if (taken.has(state)) throw new RangeError(`state ${state} is given twice.`);
    taken.add(state);
  }
}

/** The properties of an object that may be any: each is still to be checked. */
function fieldsOf<T>(value: unknown, what: string): Partial<T> {
  if (typeof value === 'object' && value !== null) return value;
  throw new TypeError(`${what} is an object, not ${value === null ? 'null' : typeof value}.`);
}

function checkNumber(value: unknown, what: string): asserts value is number {
  if (typeof value !== 'number')
    throw new TypeError(`${what} is a number, not ${value === null ? 'null' : typeof value}.`);
}

function checkList(value: unknown, what: string): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${what} are a list.`);
}

/** Typed arrays have nothing but numbers. */
function checkNumbers(value: unknown, what: string): asserts value is readonly number[] {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return;
  checkList(value, what);
  for (const item of value) checkNumber(item, `each of ${what}`);
}

function checkSameLength(length: unknown, wanted: number, what: string): void {
  if (length !== wanted) throw new RangeError(`${what} has ${String(length)} entries, and ${wanted} are due.`);
}
