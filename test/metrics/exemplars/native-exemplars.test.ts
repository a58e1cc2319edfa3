import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NativeExemplars } from '../../../src/metrics/exemplars/native-exemplars.ts';

function kept(entries: readonly (readonly [value: number, seconds: number])[]): number[] {
  const exemplars = new NativeExemplars();
  for (const [value, seconds] of entries)
    exemplars.add({ labels: {}, value, timestamp: 0, recordedAt: seconds * 1000 });
  return exemplars.list.map(({ value }) => value);
}

const TEN = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].map((value, second) => [value, second] as const);

test('up to ten exemplars are kept, by increasing value', () => {
  assert.deepEqual(kept(TEN.toReversed()), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
});

test('the eleventh exemplar replaces the oldest one if that is more than five minutes older', () => {
  assert.deepEqual(kept([...TEN, [1000, 301]]), [2, 4, 8, 16, 32, 64, 128, 256, 512, 1000]);
});

test('otherwise, the older one of the closest pair is dropped', () => {
  assert.deepEqual(kept([...TEN, [3.9, 20]]), [1, 2, 3.9, 8, 16, 32, 64, 128, 256, 512]);
});

test('the closest pair is found on a logarithmic scale', () => {
  const decades = [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000, 1e4, 1e5].map((value, second) => [value, second] as const);
  assert.deepEqual(kept([...decades, [9e4, 20]]), [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000, 1e4, 9e4]);
});

test('the older of two kept exemplars is dropped if they are closer to each other than to the new one', () => {
  const crowded = [1, 2, 4, 8, 16, 17, 32, 64, 128, 256].map((value, second) => [value, second] as const);
  assert.deepEqual(kept([...crowded, [1e6, 20]]), [1, 2, 4, 8, 17, 32, 64, 128, 256, 1e6]);
});

test('zero, negative values and infinities have a position', () => {
  const values = [Number.NEGATIVE_INFINITY, -100, -1, -0.01, 0, 0.01, 1, 100, 1e4, Number.POSITIVE_INFINITY];
  const entries = values.map((value, second) => [value, second] as const);
  assert.deepEqual(kept([...entries, [-1.1, 20]]), [...values.slice(0, 2), -1.1, ...values.slice(3)]);
});

test('an exemplar of NaN is not kept', () => {
  assert.deepEqual(
    kept([
      [Number.NaN, 1],
      [1, 1],
    ]),
    [1],
  );
});

test('the newest exemplar is kept, with at most nine others in order', () => {
  const entry = fc.tuple(fc.double({ noNaN: true }), fc.nat(1000));
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 40 }), (entries) => {
      const values = kept(entries);
      assert.equal(values.length, Math.min(10, entries.length));
      assert.ok(values.includes(entries.at(-1)?.[0] ?? Number.NaN));
      assert.deepEqual(
        values,
        values.toSorted((a, b) => a - b),
      );
    }),
  );
});
