import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NativeBuckets } from '../../../src/metrics/buckets/native-buckets.ts';
import { nativeUpperBound } from '../../../src/metrics/buckets/native-index.ts';
import type { NativeBucketCounts, NativeHistogramValue } from '../../../src/model/family.ts';
import { NativeSum } from '../../../src/workers/merge/native-sum.ts';

function bucketsOf(values: readonly number[], schema: number, zeroThreshold = 0): NativeBuckets {
  const buckets = new NativeBuckets({
    schema,
    zeroThreshold,
    maxBuckets: 0,
    maxZeroThreshold: 0,
    minResetDurationMs: 0,
    now: () => 0,
  });
  for (const value of values) buckets.observe(value);
  return buckets;
}

function sumOf(parts: readonly NativeHistogramValue[]): NativeSum {
  const sum = new NativeSum();
  for (const part of parts) sum.add(part);
  return sum;
}

function plain({ schema, zeroThreshold, zeroCount, positive, negative }: NativeHistogramValue) {
  const pairs = ({ indexes, counts }: NativeBucketCounts) =>
    Array.from(indexes, (index, at) => [index, counts[at]!] as const);
  return { schema, zeroThreshold, zeroCount, positive: pairs(positive), negative: pairs(negative) };
}

const observations = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 40 });
const schemas = fc.integer({ min: -4, max: 8 });

test('a sum equals the buckets of all observations at the coarsest resolution', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(observations, schemas), { minLength: 1, maxLength: 5 }), (workers) => {
      const sum = sumOf(workers.map(([values, schema]) => bucketsOf(values, schema)));
      const coarsest = Math.min(...workers.map(([, schema]) => schema));
      const all = workers.flatMap(([values]) => values);
      assert.deepEqual(plain(sum), plain(bucketsOf(all, coarsest)));
    }),
  );
});

test('a sum of histograms with different zero thresholds holds all observations, and none twice', () => {
  const thresholds = fc.constantFrom(0, 1e-100, 0.001, 0.75, 1, 30);
  fc.assert(
    fc.property(fc.array(fc.tuple(observations, schemas, thresholds), { minLength: 1, maxLength: 5 }), (workers) => {
      const sum = plain(sumOf(workers.map(([values, schema, threshold]) => bucketsOf(values, schema, threshold))));
      const total = [...sum.positive, ...sum.negative].reduce((count, [, more]) => count + more, sum.zeroCount);
      assert.equal(total, workers.flatMap(([values]) => values).length);
      assert.ok(sum.zeroThreshold >= Math.max(...workers.map(([, , threshold]) => threshold)));
      for (const [index] of [...sum.positive, ...sum.negative]) {
        assert.ok(nativeUpperBound(index, sum.schema) > sum.zeroThreshold, 'no bucket is within the zero bucket');
      }
    }),
  );
});

test('histograms with a schema without exponential buckets are refused', () => {
  const { zeroThreshold, zeroCount, positive, negative } = bucketsOf([1], 3);
  const custom = { schema: -53, zeroThreshold, zeroCount, positive, negative };
  assert.throws(() => sumOf([custom]), /schema -53 cannot be merged/);
});

test('the ten newest exemplars are kept', () => {
  const withExemplars = (from: number): NativeHistogramValue => {
    const { schema, zeroThreshold, zeroCount, positive, negative } = bucketsOf([1], 3);
    const exemplars = Array.from({ length: 7 }, (_, index) => ({ labels: {}, value: 1, timestamp: from + index }));
    return { schema, zeroThreshold, zeroCount, positive, negative, exemplars };
  };
  const { exemplars } = sumOf([withExemplars(10), withExemplars(20)]);
  assert.deepEqual(
    exemplars?.map(({ timestamp }) => timestamp),
    [26, 25, 24, 23, 22, 21, 20, 16, 15, 14],
  );
});
