import type {
  HistogramValue,
  MetricType,
  NativeBucketCounts,
  NativeHistogramValue,
  QuantileValue,
  Sample,
  StateSetValue,
  SummaryValue,
} from './family.ts';
import { type LabelInput, type Labels, labelText } from './labels.ts';
import { kindOf } from './printable.ts';
import { isHistogram } from './sample-names.ts';
import { checkBounds, checkStates } from './soundness.ts';

/** A valid point of a family, whose label values are texts. */
export type CheckedPoint = Sample & { readonly labels: Readonly<Record<string, string>> };

/**
 * Validates a point and returns a copy of it. Whether a format can show its value, such as a counter of -1, is left to the
 * format.
 *
 * @throws {TypeError} if a property has the wrong type.
 * @throws {RangeError} if the value is not valid for its type.
 */
export function checkedPoint(point: unknown, type: MetricType): CheckedPoint {
  // Each property is read once, as it may be a getter, and checked below or by the format.
  const { labels, value, timestamp, startTimestamp, exemplar } = fieldsOf<Sample>(point, 'a point');
  const texts = labels === undefined ? {} : textsOf(labels);
  checkShape(value, type);
  if (isHistogram(type)) checkBounds((value as HistogramValue).upperBounds);
  if (type === 'stateset') checkStates(value as StateSetValue);
  checkTime(timestamp, 'timestamp');
  checkTime(startTimestamp, 'startTimestamp');
  // checkShape() has made sure that the value is one of the type.
  return { labels: texts, value, timestamp, startTimestamp, exemplar } as CheckedPoint;
}

/**
 * Validates that a value has the properties of its type: numbers where encoders rely on numbers, and lists that belong
 * together of the same length.
 *
 * @throws {TypeError} if a property has the wrong type.
 * @throws {RangeError} if a list has the wrong length.
 */
export function checkShape(value: unknown, type: MetricType): void {
  SHAPES[type](value);
}

const SHAPES: { readonly [T in MetricType]: (value: unknown) => void } = {
  counter: checkNumberValue,
  gauge: checkNumberValue,
  unknown: checkNumberValue,
  histogram: checkHistogramShape,
  gaugehistogram: checkHistogramShape,
  summary: checkSummaryShape,
  info: () => {},
  stateset: checkStateSetShape,
};

function checkNumberValue(value: unknown): void {
  checkNumber(value, 'its value');
}

function checkHistogramShape(value: unknown): void {
  const { upperBounds, bucketCounts, count, sum, exemplars, native } = fieldsOf<HistogramValue>(value, 'its value');
  checkNumbers(upperBounds, 'upperBounds');
  checkNumbers(bucketCounts, 'bucketCounts');
  checkLength(bucketCounts.length, upperBounds.length + 1, 'bucketCounts');
  checkNumber(count, 'count');
  checkNumber(sum, 'sum');
  if (exemplars !== undefined) {
    const { length = 0 } = fieldsOf<ArrayLike<unknown>>(exemplars, 'exemplars');
    if (!(length <= bucketCounts.length)) {
      throw new RangeError(`exemplars must have at most one entry for each bucket, got ${length}.`);
    }
  }
  if (native !== undefined) checkNativeShape(native);
}

function checkNativeShape(value: unknown): void {
  const native = fieldsOf<NativeHistogramValue>(value, 'native');
  for (const name of ['schema', 'zeroThreshold', 'zeroCount'] as const) checkNumber(native[name], name);
  for (const name of ['positive', 'negative'] as const) {
    const { indexes, counts } = fieldsOf<NativeBucketCounts>(native[name], name);
    checkNumbers(indexes, `${name}.indexes`);
    checkNumbers(counts, `${name}.counts`);
    checkLength(counts.length, indexes.length, `${name}.counts`);
  }
}

function checkSummaryShape(value: unknown): void {
  const { count, sum, quantiles } = fieldsOf<SummaryValue>(value, 'its value');
  checkNumber(count, 'count');
  checkNumber(sum, 'sum');
  checkList(quantiles, 'quantiles');
  for (const pair of quantiles) {
    const read = fieldsOf<QuantileValue>(pair, 'a quantile');
    checkNumber(read.quantile, 'a quantile');
    checkNumber(read.value, 'the value of a quantile');
  }
}

function checkStateSetShape(value: unknown): void {
  const { states, enabled } = fieldsOf<StateSetValue>(value, 'its value');
  checkList(states, 'states');
  for (const state of states) {
    if (typeof state !== 'string') throw new TypeError(`a state must be a string, got ${kindOf(state)}.`);
  }
  checkLength(fieldsOf<ArrayLike<unknown>>(enabled, 'enabled').length, states.length, 'enabled');
}

/** Engines copy an object with the spread syntax many times faster than by its entries. */
function textsOf(labels: Labels): Record<string, string> {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
    throw new TypeError(`labels must be an object of names and values, got ${kindOf(labels)}.`);
  }
  const copy: Record<string, LabelInput> = { ...labels };
  for (const name of Object.keys(copy)) {
    const value = copy[name];
    const text = labelText(value, name);
    if (text !== value) copy[name] = text;
  }
  return copy as Record<string, string>; // labelText() has made sure of it.
}

function checkTime(time: unknown, what: string): void {
  if (time === undefined || typeof time === 'number') return;
  throw new TypeError(`${what} must be a number of Unix seconds, got ${kindOf(time)}.`);
}

/** Returns an object whose properties may be anything: each is still to be checked. */
function fieldsOf<T>(value: unknown, what: string): Partial<T> {
  if (typeof value === 'object' && value !== null) return value;
  throw new TypeError(`${what} must be an object, got ${kindOf(value)}.`);
}

function checkNumber(value: unknown, what: string): asserts value is number {
  if (typeof value !== 'number') throw new TypeError(`${what} must be a number, got ${kindOf(value)}.`);
}

function checkList(value: unknown, what: string): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${what} must be an array, got ${kindOf(value)}.`);
}

/** Typed arrays hold only numbers. */
function checkNumbers(value: unknown, what: string): asserts value is readonly number[] {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return;
  checkList(value, what);
  for (const item of value) checkNumber(item, `each of ${what}`);
}

function checkLength(length: unknown, expected: number, what: string): void {
  if (length === expected) return;
  throw new RangeError(`${what} must have ${expected} ${expected === 1 ? 'entry' : 'entries'}, got ${String(length)}.`);
}
