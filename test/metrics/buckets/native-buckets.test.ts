import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NativeBuckets } from '../../../src/metrics/buckets/native-buckets.ts';
import { type NativeOptions, nativeOptionsOf } from '../../../src/metrics/buckets/native-options.ts';
import type { NativeBucketCounts, NativeHistogramValue } from '../../../src/model/family.ts';

function make(options: NativeOptions, now?: () => number): NativeBuckets {
  return new NativeBuckets(nativeOptionsOf(options, 'h', now));
}

function observed(options: NativeOptions, values: Iterable<number>): NativeBuckets {
  const buckets = make(options);
  for (const value of values) buckets.observe(value);
  return buckets;
}

/** [index, count] of each bucket. */
function entries({ indexes, counts }: NativeBucketCounts): [number, number | undefined][] {
  return Array.from(indexes, (index, at) => [index, counts[at]]);
}

function plain(value: NativeHistogramValue): unknown {
  const { schema, zeroThreshold, zeroCount, positive, negative } = value;
  return { schema, zeroThreshold, zeroCount, positive: entries(positive), negative: entries(negative) };
}

function size({ positive, negative }: NativeBuckets): number {
  return positive.size + negative.size;
}

function total({ positive, negative, zeroCount }: NativeBuckets): number {
  return [...positive.counts, ...negative.counts].reduce((sum, count) => sum + count, zeroCount);
}

test('a value is in the bucket that ends at or above it, on its side of zero', () => {
  const buckets = observed({ schema: 0 }, [1, 1.5, 2, 2.5, -1, -3]);
  assert.deepEqual(entries(buckets.positive), [
    [0, 1],
    [1, 2],
    [2, 1],
  ]);
  assert.deepEqual(entries(buckets.negative), [
    [0, 1],
    [2, 1],
  ]);
});

test('values up to the threshold, inclusive, count as zero', () => {
  const buckets = observed({ schema: 0, zeroThreshold: 0.1 }, [0, -0, 0.1, -0.1, 0.10000000000000002]);
  assert.equal(buckets.zeroCount, 4);
  assert.deepEqual(entries(buckets.positive), [[-3, 1]]);
});

test('with a threshold of 0, the smallest double has a bucket', () => {
  const buckets = observed({ schema: 0, zeroThreshold: 0 }, [0, 5e-324, -5e-324]);
  assert.equal(buckets.zeroCount, 1);
  assert.deepEqual(entries(buckets.positive), [[-1074, 1]]);
  assert.deepEqual(entries(buckets.negative), [[-1074, 1]]);
});

test('infinities are in the bucket after that of the largest double', () => {
  const buckets = observed({ schema: 0 }, [Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  assert.deepEqual(entries(buckets.positive), [
    [1024, 1],
    [1025, 1],
  ]);
  assert.deepEqual(entries(buckets.negative), [[1025, 1]]);
});

test('NaN is in no bucket', () => {
  const buckets = observed({}, [Number.NaN]);
  assert.equal(total(buckets), 0);
});

test('a value can be counted many times at once', () => {
  const buckets = make({ schema: 0 });
  buckets.observe(3, 5);
  buckets.observe(0, 2);
  assert.deepEqual(entries(buckets.positive), [[2, 5]]);
  assert.equal(buckets.zeroCount, 2);
});

test('one bucket too many halves the resolution', () => {
  const buckets = observed({ schema: 1, maxBuckets: 3 }, [1, 1.4, 2, 2.8]);
  assert.equal(buckets.schema, 0);
  assert.deepEqual(entries(buckets.positive), [
    [0, 1],
    [1, 2],
    [2, 1],
  ]);
});

test('buckets of both sides count towards the limit', () => {
  const buckets = observed({ schema: 1, maxBuckets: 3 }, [1, 1.4, -1, -1.4]);
  assert.equal(buckets.schema, 0);
});

test('resolution is never reduced below schema -4', () => {
  const buckets = observed({ schema: -4, maxBuckets: 1 }, [1, 2 ** 20, 2 ** 40]);
  assert.equal(buckets.schema, -4);
  assert.equal(size(buckets), 3);
});

test('the zero bucket absorbs the buckets closest to zero, on both sides, up to its limit', () => {
  const buckets = observed({ schema: 0, maxBuckets: 3, maxZeroThreshold: 1 }, [0.5, -0.5, 8, -16]);
  assert.equal(buckets.schema, 0);
  assert.equal(buckets.zeroThreshold, 0.5);
  assert.equal(buckets.zeroCount, 2);
  assert.equal(size(buckets), 2);
});

test('the zero bucket may grow to its largest width exactly', () => {
  const buckets = observed({ schema: 0, maxBuckets: 1, maxZeroThreshold: 0.5 }, [0.5, 2]);
  assert.equal(buckets.zeroThreshold, 0.5);
  assert.equal(buckets.schema, 0);
});

test('resolution is halved if widening the zero bucket would exceed its limit', () => {
  const buckets = observed({ schema: 0, maxBuckets: 3, maxZeroThreshold: 0.4 }, [0.5, 1, 2, 4]);
  assert.equal(buckets.zeroThreshold, 2 ** -128);
  assert.equal(buckets.schema, -1);
});

test('a series that is old enough restarts with the observation that exceeds the limit, with a new start time', () => {
  let now = 0;
  const buckets = make({ schema: 0, maxBuckets: 2, minResetDurationMs: 1000 }, () => now);
  assert.equal(buckets.observe(1), false);
  assert.equal(buckets.observe(2), false);
  now = 1000;
  assert.equal(buckets.observe(4, 7), true);
  assert.equal(buckets.schema, 0);
  assert.deepEqual(entries(buckets.positive), [[2, 7]]);
});

test('a series that is too young reduces its resolution, and restarts at the first observation after the minimum age', () => {
  let now = 0;
  const buckets = make({ schema: 0, maxBuckets: 2, minResetDurationMs: 1000 }, () => now);
  for (const value of [1, 2, 4]) assert.equal(buckets.observe(value), false);
  assert.equal(buckets.schema, -1);
  now = 999;
  assert.equal(buckets.observe(4), false);
  now = 1000;
  assert.equal(buckets.observe(4), true);
  assert.equal(buckets.schema, 0);
  assert.deepEqual(entries(buckets.positive), [[2, 1]]);
});

test('a reset that is due also happens with an observation of NaN', () => {
  let now = 0;
  const buckets = make({ schema: 0, maxBuckets: 1, minResetDurationMs: 1000 }, () => now);
  for (const value of [1, 2]) buckets.observe(value);
  now = 1000;
  assert.equal(buckets.observe(Number.NaN), true);
  assert.equal(total(buckets), 0);
});

test('resetIfDue() resets an idle series once', () => {
  let now = 0;
  const buckets = make({ schema: 0, maxBuckets: 1, minResetDurationMs: 1000 }, () => now);
  for (const value of [1, 2]) buckets.observe(value);
  assert.equal(buckets.resetIfDue(), false);
  now = 1000;
  assert.equal(buckets.resetIfDue(), true);
  assert.equal(total(buckets), 0);
  assert.equal(buckets.resetIfDue(), false);
});

test('a series within its limit is not reset, however old', () => {
  let now = 0;
  const buckets = make({ schema: 0, maxBuckets: 2, minResetDurationMs: 1000 }, () => now);
  buckets.observe(1);
  now = 1e9;
  assert.equal(buckets.observe(2), false);
  assert.equal(buckets.resetIfDue(), false);
});

test('reset() restores the resolution and the zero threshold, and drops exemplars', () => {
  const buckets = observed({ schema: 3, maxBuckets: 2, maxZeroThreshold: 1 }, [0.5, 1, 2, 4, 8, 16, 32]);
  buckets.addExemplar({ labels: {}, value: 1, timestamp: 1, recordedAt: 0 });
  buckets.reset();
  assert.deepEqual(plain(buckets), plain(make({ schema: 3 })));
  assert.equal(buckets.exemplars, undefined);
});

test('exemplars are part of the value', () => {
  const buckets = make({});
  assert.equal(buckets.exemplars, undefined);
  const exemplar = { labels: { trace_id: 'a' }, value: 1, timestamp: 1700000000, recordedAt: 0 };
  buckets.addExemplar(exemplar);
  assert.deepEqual(buckets.exemplars, [exemplar]);
});

const anyValue = fc.oneof(
  fc.double(),
  fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.integer({ min: -40, max: 40 }).map((exponent) => 3 ** exponent),
);
const values = fc.array(anyValue, { maxLength: 120 });
const options = fc.record({
  schema: fc.integer({ min: -4, max: 8 }),
  maxBuckets: fc.integer({ min: 1, max: 30 }),
  zeroThreshold: fc.constantFrom(0, 2 ** -128, 0.01),
  maxZeroThreshold: fc.constantFrom(0, 0.1, 1e6),
});

test('counts are conserved through reductions of resolution', () => {
  fc.assert(
    fc.property(options, values, (given, observations) => {
      const numbers = observations.filter((value) => !Number.isNaN(value));
      assert.equal(total(observed(given, observations)), numbers.length);
    }),
  );
});

test('buckets are in strictly increasing order and none is empty, so spans follow from the indexes', () => {
  fc.assert(
    fc.property(options, values, (given, observations) => {
      const buckets = observed(given, observations);
      for (const { indexes, counts } of [buckets.positive, buckets.negative]) {
        assert.equal(indexes.length, counts.length);
        assert.ok(indexes.every((index, at) => at === 0 || index > (indexes[at - 1] ?? index)));
        assert.ok(counts.every((count) => count > 0));
      }
    }),
  );
});

test('buckets exceed the limit by at most one for each halving while the resolution can be reduced', () => {
  fc.assert(
    fc.property(options, values, (given, observations) => {
      const buckets = make(given);
      for (const value of observations) {
        buckets.observe(value);
        assert.ok(buckets.schema === -4 || size(buckets) <= given.maxBuckets + given.schema - buckets.schema);
      }
    }),
  );
});

test('further observations bring the buckets within the limit, or the schema to -4', () => {
  fc.assert(
    fc.property(options, values, (given, observations) => {
      const buckets = observed(given, observations);
      for (let step = 0; step < 12; step++) buckets.observe(0);
      assert.ok(buckets.schema === -4 || size(buckets) <= given.maxBuckets);
    }),
  );
});

test('buckets of reduced resolution equal those observed with that resolution', () => {
  fc.assert(
    fc.property(options, values, (given, observations) => {
      const limited = observed(given, observations);
      const { schema, zeroThreshold } = limited;
      assert.deepEqual(plain(limited), plain(observed({ schema, zeroThreshold, maxBuckets: 0 }, observations)));
    }),
  );
});
