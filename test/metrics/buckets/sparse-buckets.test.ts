import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SparseBuckets } from '../../../src/metrics/buckets/sparse-buckets.ts';

test('buckets contain the added counts in order of their indexes, with or without gaps', () => {
  const step = fc.record({
    index: fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -3e5, max: 3e5 })),
    count: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const buckets = new SparseBuckets();
      const expected = new Map<number, number>();
      for (const { index, count } of steps) {
        buckets.add(index, count);
        expected.set(index, (expected.get(index) ?? 0) + count);
      }
      const sorted = [...expected].sort(([a], [b]) => a - b);
      assert.deepEqual(
        [...buckets.indexes],
        sorted.map(([index]) => index),
      );
      assert.deepEqual(
        [...buckets.counts],
        sorted.map(([, count]) => count),
      );
    }),
  );
});

test('halving joins each bucket with the one below an even index', () => {
  const buckets = new SparseBuckets();
  for (const index of [-5, -4, -1, 0, 1, 2, 7]) buckets.add(index, 10 + index);
  buckets.halve();
  assert.deepEqual([...buckets.indexes], [-2, 0, 1, 4]);
  assert.deepEqual([...buckets.counts], [5 + 6, 9 + 10, 11 + 12, 17]);
});

test('takeFirst() removes a bucket only if it is the first', () => {
  const buckets = new SparseBuckets();
  buckets.add(3, 1);
  buckets.add(4, 2);
  assert.equal(buckets.takeFirst(4), 0);
  assert.equal(buckets.takeFirst(3), 1);
  assert.deepEqual([...buckets.indexes], [4]);
});

test('clear() removes all buckets, which can then be filled again', () => {
  const buckets = new SparseBuckets();
  buckets.add(1, 1);
  buckets.clear();
  assert.equal(buckets.size, 0);
  buckets.add(2, 1);
  assert.deepEqual([...buckets.indexes], [2]);
});

test('longestRun() finds the most adjacent buckets from an index on', () => {
  const buckets = new SparseBuckets();
  assert.equal(buckets.longestRun(0).length, 0);
  for (const index of [-7, -6, -5, -1, 3, 4, 5, 6, 9, 10]) buckets.add(index, 100 + index);
  const { counts, first, length, offset } = buckets.longestRun(Number.NEGATIVE_INFINITY);
  assert.deepEqual([first, length], [3, 4]);
  assert.equal(counts[5 - offset], 105);
});

test('longestRun() leaves out a first bucket that is too low', () => {
  const buckets = new SparseBuckets();
  for (const index of [2, 3, 4]) buckets.add(index, 1);
  assert.deepEqual(buckets.longestRun(2), { counts: [1, 1, 1], first: 2, length: 3, offset: 2 });
  assert.deepEqual(buckets.longestRun(3), { counts: [1, 1, 1], first: 3, length: 2, offset: 2 });
});
