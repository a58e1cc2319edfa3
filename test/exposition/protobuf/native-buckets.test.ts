import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import { openMetrics2, protobuf } from '../../../src/exposition/formats.ts';
import type { HistogramValue, NativeHistogramValue } from '../../../src/model/family.ts';
import { spansOf } from '../../../src/model/native-spans.ts';
import { nativeHistogram } from '../arbitrary-families.ts';
import { gatheringOf } from '../families.ts';
import { type Decoded, decodeFamilies } from '../metrics-schema.ts';

const nothing = { indexes: [], counts: [] };

const sound: NativeHistogramValue = {
  schema: 0,
  zeroThreshold: 0,
  zeroCount: 1,
  positive: { indexes: [0, 1], counts: [2, 3] },
  negative: nothing,
};

/** The only histogram of an exposition, or its reported problem. */
function encode(value: HistogramValue): Decoded | string {
  let problem = '';
  const gathering = gatheringOf([{ name: 'h', help: '', type: 'histogram', points: [{ value }] }]);
  const bytes = encodeGathering(gathering, protobuf, {
    onProblem: ({ message }) => {
      problem = message;
    },
  });
  if (problem !== '') return problem;
  const [family] = decodeFamilies(bytes);
  // The schema has these fields.
  const [metric] = (family?.['metric'] ?? []) as readonly Decoded[];
  return metric?.['histogram'] as Decoded;
}

function withNative(native: Partial<NativeHistogramValue>, count = 6, sum = 10): HistogramValue {
  return { upperBounds: [], bucketCounts: [count], count, sum, native: { ...sound, ...native } };
}

test('spans and buckets always agree, and yield the original counts', () => {
  fc.assert(
    fc.property(nativeHistogram, (value) => {
      const histogram = encode(value);
      assert.ok(typeof histogram === 'object');
      for (const side of ['positive', 'negative'] as const) {
        const spans = (histogram[`${side}_span`] ?? []) as readonly { offset: number; length: number }[];
        const deltas = (histogram[`${side}_delta`] ?? []) as readonly number[];
        assert.equal(
          spans.reduce((total, { length }) => total + length, 0),
          deltas.length,
        );
        assert.ok(spans.slice(1).every(({ offset }) => offset >= 0));
        const { indexes, counts } = value.native[side];
        const expected = Array.from(indexes, (index, at) => [index, counts[at]]).filter(([, count]) => count !== 0);
        assert.deepEqual(expandDeltas(spans, deltas), expected);
      }
    }),
  );
});

test('a gap of up to two empty buckets does not begin a span', () => {
  assert.deepEqual(spansOf({ indexes: [-3, 0, 4], counts: [1, 2, 3] }), {
    offsets: [-3, 3],
    lengths: [4, 1],
    counts: [1, 0, 0, 2, 3],
  });
});

test('a histogram without observations is native', () => {
  const histogram = encode(withNative({ zeroCount: 0, positive: nothing }, 0, 0));
  assert.deepEqual(typeof histogram === 'object' && histogram['positive_span'], [{ offset: 0, length: 0 }]);
});

test('if a count is fractional, all counts are doubles', () => {
  const value = withNative({ positive: { indexes: [0, 1], counts: [2.5, 3] } }, 6.5);
  assert.deepEqual(encode({ ...value, upperBounds: [1], bucketCounts: [4, 2.5] }), {
    sample_count_float: 6.5,
    sample_sum: 10,
    bucket: [{ cumulative_count_float: 4, upper_bound: 1 }],
    schema: 0,
    zero_threshold: 0,
    zero_count_float: 1,
    positive_span: [{ offset: 0, length: 2 }],
    positive_count: [2.5, 3],
  });
});

test('the count may exceed the buckets only if NaN was observed', () => {
  assert.equal(typeof encode(withNative({}, 7, Number.NaN)), 'object');
  assert.match(String(encode(withNative({}, 7, 10))), /hold its 7 observations, got 6/);
  assert.match(String(encode(withNative({}, 5, Number.NaN))), /hold its 5 observations, got 6/);
});

const unsound: readonly [what: string, native: Partial<NativeHistogramValue>, problem: RegExp][] = [
  ['a schema beyond 8', { schema: 9 }, /schema/],
  ['a fractional schema', { schema: 0.5 }, /schema/],
  ['a negative threshold', { zeroThreshold: -1 }, /zero threshold/],
  ['a threshold of NaN', { zeroThreshold: Number.NaN }, /zero threshold/],
  ['buckets out of order', { positive: { indexes: [1, 0], counts: [2, 3] } }, /must be increasing integers/],
  ['a bucket twice', { positive: { indexes: [1, 1], counts: [2, 3] } }, /must be increasing integers/],
  ['a fractional index', { positive: { indexes: [0.5, 1], counts: [2, 3] } }, /must be increasing integers/],
  ['more buckets than counts', { positive: { indexes: [0, 1, 2], counts: [2, 3] } }, /each of its 3 buckets, got 2/],
  ['a negative count', { positive: { indexes: [0, 1], counts: [-2, 7] } }, /at least 0, got -2/],
  ['a count of NaN', { zeroCount: Number.NaN }, /at least 0, got NaN/],
];

for (const [what, native, problem] of unsound) {
  test(`a histogram with ${what} is left out, because servers would crash`, () => {
    assert.match(String(encode(withNative(native))), problem);
    assert.throws(() => {
      encodeGathering(
        gatheringOf([{ name: 'h', help: '', type: 'histogram', points: [{ value: withNative(native) }] }]),
        openMetrics2,
        { onProblem: rethrow },
      );
    }, problem);
  });
}

function expandDeltas(spans: readonly { offset: number; length: number }[], deltas: readonly number[]): number[][] {
  const buckets: number[][] = [];
  let index = 0;
  let count = 0;
  let at = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let bucket = 0; bucket < length; bucket++) {
      count += deltas[at++] ?? Number.NaN;
      if (count !== 0) buckets.push([index, count]);
      index++;
    }
  }
  return buckets;
}

function rethrow(problem: Error): never {
  throw problem;
}
