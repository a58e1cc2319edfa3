import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NativeBuckets } from '../../../src/metrics/buckets/native-buckets.ts';
import { nativeOptionsOf } from '../../../src/metrics/buckets/native-options.ts';
import type { NativeBucketCounts } from '../../../src/model/family.ts';
import { NativeModel } from './native-model.ts';

type Step = { value: number; count: number } | { waitMs: number } | 'reset' | 'settle';

// Close together, so that most buckets are adjacent, and on both sides of the zero thresholds.
const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0.005, max: 2, noNaN: true }) },
  { weight: 2, arbitrary: fc.double({ min: -2, max: 2, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324, 0.01, -0.01, 0.1, 0.11) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ value, count: fc.constantFrom(1, 1, 1, 7) }) },
  { weight: 1, arbitrary: fc.record({ waitMs: fc.constantFrom(1, 500, 1000) }) },
  { weight: 1, arbitrary: fc.constantFrom('settle' as const, 'reset' as const) },
);
const steps = fc.array(step, { minLength: 1, maxLength: 400, size: 'max' });
const options = fc.record({
  schema: fc.integer({ min: -4, max: 5 }),
  maxBuckets: fc.constantFrom(0, 1, 3, 8, 20, 40),
  zeroThreshold: fc.constantFrom(0, 2 ** -128, 0.01, 0.1, 0.25),
  maxZeroThreshold: fc.constantFrom(0, 0.05, 0.3),
  minResetDurationMs: fc.constantFrom(0, 1000),
});

function entries({ indexes, counts }: NativeBucketCounts): [number, number | undefined][] {
  return Array.from(indexes, (index, at) => [index, counts[at]]);
}

function sorted(counts: ReadonlyMap<number, number>): [number, number][] {
  return [...counts].sort(([a], [b]) => a - b);
}

test('after every step, buckets equal those of a model that checks everything for each observation', () => {
  fc.assert(
    fc.property(options, steps, (given, taken) => {
      let now = 0;
      const settings = nativeOptionsOf(given, 'h', () => now);
      const buckets = new NativeBuckets(settings);
      const model = new NativeModel(settings);
      for (const one of taken) {
        if (one === 'reset') {
          buckets.reset();
          model.reset();
        } else if (one === 'settle') assert.equal(buckets.resetIfDue(), model.resetIfDue());
        else if ('waitMs' in one) now += one.waitMs;
        else assert.equal(buckets.observe(one.value, one.count), model.observe(one.value, one.count));
        assert.equal(buckets.schema, model.schema);
        assert.equal(buckets.zeroThreshold, model.zeroThreshold);
        assert.equal(buckets.zeroCount, model.zeroCount);
        assert.deepEqual(entries(buckets.positive), sorted(model.positive));
        assert.deepEqual(entries(buckets.negative), sorted(model.negative));
      }
    }),
  );
});
