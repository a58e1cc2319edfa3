import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  bucketBoundsOf,
  defaultBuckets,
  exponentialBuckets,
  exponentialBucketsRange,
  linearBuckets,
} from '../../../src/metrics/buckets/buckets.ts';

test('default buckets are those of all Prometheus clients', () => {
  assert.deepEqual(defaultBuckets, [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
});

test('linear buckets end at short decimals', () => {
  assert.deepEqual(linearBuckets(0.1, 0.1, 8), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
  assert.deepEqual(linearBuckets(-0.3, 0.1, 5), [-0.3, -0.2, -0.1, 0, 0.1]);
  assert.deepEqual(linearBuckets(10, 5, 3), [10, 15, 20]);
  assert.deepEqual(linearBuckets(1e-7, 1e-7, 3), [1e-7, 2e-7, 3e-7]);
});

test('every linear bound is the double next to its decimal', () => {
  const whole = fc.integer({ min: -1e6, max: 1e6 });
  fc.assert(
    fc.property(whole, fc.integer({ min: 1, max: 1e6 }), fc.nat(12), (start, width, places) => {
      const bounds = linearBuckets(Number(`${start}e-${places}`), Number(`${width}e-${places}`), 20);
      for (const [index, bound] of bounds.entries())
        assert.equal(bound, Number(`${start + index * width}e-${places}`) + 0);
    }),
  );
});

test('exponential buckets end at short decimals where the factor allows', () => {
  assert.deepEqual(exponentialBuckets(0.001, 10, 6), [0.001, 0.01, 0.1, 1, 10, 100]);
  assert.deepEqual(exponentialBuckets(0.7, 10, 4), [0.7, 7, 70, 700]);
  assert.deepEqual(exponentialBuckets(0.1, 1.1, 6), [0.1, 0.11, 0.121, 0.1331, 0.14641, 0.161051]);
});

test('powers of two stay exact', () => {
  assert.deepEqual(
    exponentialBuckets(1, 2, 64),
    Array.from({ length: 64 }, (_, power) => 2 ** power),
  );
});

test('exponential buckets between two bounds include both', () => {
  assert.deepEqual(exponentialBucketsRange(0.001, 10, 5), [0.001, 0.01, 0.1, 1, 10]);
  assert.deepEqual(exponentialBucketsRange(0.3, 7.1, 2), [0.3, 7.1]);
  const bounds = exponentialBucketsRange(0.01, 100, 7);
  for (const [index, bound] of bounds.entries()) {
    const exact = 10 ** ((4 * index) / 6 - 2);
    assert.ok(Math.abs(bound / exact - 1) < 1e-14);
  }
});

test('arguments that result in no buckets are refused', () => {
  assert.throws(
    () => linearBuckets(0, 0, 3),
    new RangeError('linearBuckets(0, 0, 3) needs a finite start and a width above 0.'),
  );
  assert.throws(
    () => linearBuckets(0, 1, 0),
    new RangeError('linearBuckets(0, 1, 0) needs a whole number of at least 1 as count.'),
  );
  assert.throws(() => linearBuckets(Number.NaN, 1, 1), RangeError);
  assert.throws(
    () => exponentialBuckets(0, 2, 3),
    new RangeError('exponentialBuckets(0, 2, 3) needs a start above 0 and a factor above 1.'),
  );
  assert.throws(() => exponentialBuckets(1, 1, 3), RangeError);
  assert.throws(() => exponentialBuckets(1, 2, 1.5), RangeError);
  assert.throws(
    () => exponentialBucketsRange(2, 1, 3),
    new RangeError('exponentialBucketsRange(2, 1, 3) needs a min above 0 and a max above that.'),
  );
  assert.throws(() => exponentialBucketsRange(1, 2, 1), RangeError);
});

test('bounds that are equal as doubles, or infinite, are refused', () => {
  const rule = 'needs bounds that are finite and differ as doubles.';
  assert.throws(() => linearBuckets(1e20, 1, 2), new RangeError(`linearBuckets(100000000000000000000, 1, 2) ${rule}`));
  assert.throws(() => exponentialBuckets(1, 1e200, 3), new RangeError(`exponentialBuckets(1, 1e+200, 3) ${rule}`));
});

test('bounds of a histogram are copied', () => {
  const given = [1, 2];
  const bounds = bucketBoundsOf(given, 'h');
  given.push(3);
  assert.deepEqual(bounds, [1, 2]);
});

test('+Inf at the end is left out, and no bounds at all are allowed', () => {
  assert.deepEqual(bucketBoundsOf([1, Number.POSITIVE_INFINITY], 'h'), [1]);
  assert.deepEqual(bucketBoundsOf([Number.POSITIVE_INFINITY], 'h'), []);
  assert.deepEqual(bucketBoundsOf([], 'h'), []);
});

test('-0 becomes 0', () => {
  assert.ok(Object.is(bucketBoundsOf([-0], 'h')[0], 0));
});

test('bounds that do not increase are refused', () => {
  const follows = (bound: number, previous: number) =>
    new RangeError(`h: bucket bounds must increase, got ${bound} after ${previous}.`);
  assert.throws(() => bucketBoundsOf([2, 1], 'h'), follows(1, 2));
  assert.throws(() => bucketBoundsOf([1, 1], 'h'), follows(1, 1));
  assert.throws(() => bucketBoundsOf([-0, 0], 'h'), follows(0, 0));
  assert.throws(() => bucketBoundsOf([Number.POSITIVE_INFINITY, 1], 'h'), follows(1, Number.POSITIVE_INFINITY));
});

test('NaN and -Inf are refused', () => {
  assert.throws(
    () => bucketBoundsOf([1, Number.NaN], 'h'),
    new RangeError('h: a bucket bound must not be NaN or -Infinity, got NaN.'),
  );
  assert.throws(
    () => bucketBoundsOf([Number.NEGATIVE_INFINITY], 'h'),
    new RangeError('h: a bucket bound must not be NaN or -Infinity, got -Infinity.'),
  );
});

test('anything except an array of numbers is refused', () => {
  assert.throws(
    () => bucketBoundsOf(JSON.parse('["1"]'), 'h'),
    new TypeError('h: bucket bounds must be numbers, got string.'),
  );
  assert.throws(
    () => bucketBoundsOf(JSON.parse('"1"'), 'h'),
    new TypeError('h: buckets must be an array of numbers, got string.'),
  );
  assert.throws(
    () => bucketBoundsOf(JSON.parse('null'), 'h'),
    new TypeError('h: buckets must be an array of numbers, got null.'),
  );
});
