/** Histograms with whole counts and without exemplars are written in one pass; all others field by field. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import { protobuf } from '../../../src/exposition/formats.ts';
import type { HistogramValue, NativeHistogramValue } from '../../../src/model/family.ts';
import { parseProtobuf } from '../../../src/parse/index.ts';
import { gatheringOf } from '../families.ts';

interface Labeled {
  readonly labels: { readonly [name: string]: string };
  readonly startTimestamp?: number;
  readonly value: HistogramValue;
}

function encode(points: readonly Labeled[]): Buffer {
  return encodeGathering(gatheringOf([{ name: 'a', help: 'A.', type: 'histogram', points }]), protobuf, {
    escaping: 'allow-utf-8',
  });
}

/** The same point, but with a list of exemplars, which are all missing. It has the same bytes. */
function fieldByField({ value, ...point }: Labeled): Labeled {
  return { ...point, value: { ...value, exemplars: [] } };
}

/** Without prototypes. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const counts = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom(127, 128, 16_383, 16_384, 2 ** 21, 2 ** 28, 2 ** 29 - 1, 2 ** 29, 2 ** 31 - 1, 2 ** 40, 0.5),
);
const side = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(63, 64, 65, 8192, 2 ** 28)),
      count: counts,
    }),
    { maxLength: 30 },
  )
  .map((buckets) => {
    let index = -100;
    const indexes = buckets.map(({ gap }) => (index += gap));
    return { indexes, counts: buckets.map(({ count }) => count) };
  });
const native: fc.Arbitrary<NativeHistogramValue> = fc.record({
  schema: fc.integer({ min: -4, max: 8 }),
  zeroThreshold: fc.constantFrom(0, 2 ** -128, 0.5),
  zeroCount: counts,
  positive: side,
  negative: side,
});
const total = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((sum, number) => sum + number, 0);

/** Histograms whose buckets hold all observations, as servers require. */
const value: fc.Arbitrary<HistogramValue> = fc
  .record({
    bucketCounts: fc.array(counts, { minLength: 1, maxLength: 20 }),
    native: fc.option(native),
    sum: fc.double(),
  })
  .map(({ bucketCounts, native, sum }) => {
    const count =
      native === null
        ? total(bucketCounts)
        : native.zeroCount + total(native.positive.counts) + total(native.negative.counts);
    const classic = native === null ? bucketCounts : [count];
    const upperBounds = classic.slice(1).map((_, index) => index - 3);
    return { upperBounds, bucketCounts: classic, count, sum, ...(native === null ? {} : { native }) };
  });

const point: fc.Arbitrary<Labeled> = fc.record({
  labels: fc.record({ a: fc.integer({ min: 0, max: 300 }).map((length) => 'é'.repeat(length)), ü: fc.string() }),
  startTimestamp: fc.constantFrom(0, 1.5, 1_700_000_000, 1_700_000_000.123),
  value,
});

test('histograms have the same bytes, whichever way they are written', () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 5 }), (points) => {
      assert.deepEqual(encode(points), encode(points.map(fieldByField)));
    }),
    { numRuns: 500 },
  );
});

test('histograms are read back with their labels, counts and buckets, at all lengths around those of varints', () => {
  for (const length of [0, 60, 61, 62, 63, 64, 100, 124, 125, 126, 127, 128, 16_377, 16_380, 16_383, 16_384]) {
    for (const count of [0, 127, 128, 16_383, 16_384, 2 ** 29, 2 ** 40]) {
      const labels = { ü: 'é'.repeat(length / 2) };
      const value = { upperBounds: [1, 2], bucketCounts: [count, 1, 0], count: count + 1, sum: -0.5 };
      const [family] = parseProtobuf(encode([{ labels, startTimestamp: 1_700_000_000.25, value }]));
      assert.deepEqual(plain([...(family?.points ?? [])]), [{ labels, startTimestamp: 1_700_000_000.25, value }]);
    }
  }
});

test('native histograms with very many buckets have the same bytes, whichever way they are written', () => {
  for (const length of [1, 2, 160, 1023, 1024, 1025, 5000]) {
    for (const gap of [1, 2, 3, 4, 70, 9000]) {
      const indexes = Array.from({ length }, (_, index) => (index - 3) * gap);
      const counts = Array.from({ length }, (_, index) => (index % 7) * 90);
      const side = { indexes, counts };
      const native = { schema: 8, zeroThreshold: 0, zeroCount: 1, positive: side, negative: side };
      const value = { upperBounds: [], bucketCounts: [0], count: 1 + 2 * total(counts), sum: 1, native };
      const points = [{ labels: { a: 'b' }, value }];
      assert.ok(encode(points).equals(encode(points.map(fieldByField))), `${length} buckets, ${gap} apart`);
    }
  }
});

test('exemplars of a histogram are read back', () => {
  const exemplar = { labels: { trace_id: 'a'.repeat(127) }, value: 0.5, timestamp: 1_700_000_000 };
  const value = { upperBounds: [1], bucketCounts: [1, 0], count: 1, sum: 0.5, exemplars: [exemplar, undefined] };
  const [family] = parseProtobuf(encode([{ labels: {}, value }]));
  const [found] = [...(family?.points ?? [])];
  assert.deepEqual(plain(found?.value), { ...value, exemplars: [exemplar, null] });
});
