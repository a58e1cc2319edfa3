import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BucketFinder } from '../../../src/metrics/buckets/bucket-finder.ts';
import { defaultBuckets, exponentialBucketsRange, linearBuckets } from '../../../src/metrics/buckets/buckets.ts';

/** Computes the result of find() with a linear search. */
function linearSearch(bounds: readonly number[], value: number): number {
  if (Number.isNaN(value)) return -1;
  const index = bounds.findIndex((bound) => value <= bound);
  return index === -1 ? bounds.length : index;
}

const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);

/** The doubles before and after. */
function neighbors(value: number): number[] {
  return [-1n, 1n].map((step) => {
    double[0] = value;
    bits[0]! += step;
    return double[0];
  });
}

const SPECIAL = [
  0,
  -0,
  5e-324,
  -5e-324,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

function assertFinds(bounds: readonly number[], values: readonly number[]): void {
  const finder = new BucketFinder(bounds);
  for (const value of [...values, ...SPECIAL, ...bounds, ...bounds.flatMap(neighbors)]) {
    assert.equal(finder.find(value), linearSearch(bounds, value), `${value} in ${bounds}`);
  }
}

test('an upper bound belongs to its bucket, and the next double to the one after', () => {
  const finder = new BucketFinder([0.1, 1, 10]);
  assert.equal(finder.find(1), 1);
  assert.equal(finder.find(1 + Number.EPSILON), 2);
  assert.equal(finder.find(11), 3);
});

test('NaN has no bucket', () => {
  assert.equal(new BucketFinder([1]).find(Number.NaN), -1);
});

test('without bounds, every value is in the only bucket', () => {
  assertFinds([], [-1, 1]);
});

test('common layouts find the same buckets as a linear search', () => {
  assertFinds(defaultBuckets, [0.003, 0.2, 7, 100]);
  assertFinds(linearBuckets(0, 10, 20), [5, 55, -3]);
  assertFinds(linearBuckets(-1, 0.1, 21), [0.55, -0.55]);
  assertFinds(exponentialBucketsRange(1e-9, 1e9, 200), [1e-10, 0.3, 1e10]);
  assertFinds(linearBuckets(1, 1, 2000), [0.5, 1000.5, 3000]);
});

test('bounds as close or as far apart as doubles allow find the same buckets as a linear search', () => {
  assertFinds([1, 1 + Number.EPSILON, 1 + 2 * Number.EPSILON, 1 + 3 * Number.EPSILON], [2]);
  assertFinds([5e-324, 1e-323, 1, 1e308, Number.MAX_VALUE], [1e-300, 3]);
  assertFinds([-1e300, -1, -5e-324], [-2, 1]);
});

test('any bounds and values find the same buckets as a linear search', () => {
  const number = fc.oneof(fc.double({ noNaN: true }), fc.double({ min: -10, max: 10, noNaN: true }), fc.integer());
  const someBounds = fc
    .uniqueArray(number.filter(Number.isFinite), { maxLength: 60, comparator: 'SameValueZero' })
    .map((bounds) => bounds.map((bound) => bound + 0).sort((a, b) => a - b));
  fc.assert(fc.property(someBounds, fc.array(number, { maxLength: 50 }), assertFinds), { numRuns: 300 });
});
