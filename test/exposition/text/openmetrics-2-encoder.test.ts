import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import { openMetrics2 } from '../../../src/exposition/formats.ts';
import type { HistogramValue, MetricFamily, NativeHistogramValue, SummaryValue } from '../../../src/model/family.ts';
import { gatheringOf } from '../families.ts';

/** The lines of an exposition without comments, and the messages of the reported problems. */
function shown(...families: MetricFamily[]): { readonly lines: readonly string[]; readonly problems: string[] } {
  const problems: string[] = [];
  const onProblem = ({ message }: Error) => void problems.push(message);
  const text = encodeGathering(gatheringOf(families), openMetrics2, { onProblem }).toString();
  return { lines: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')), problems };
}

const summaryOf = (value: Partial<SummaryValue>, name = 's'): MetricFamily => ({
  name,
  help: '',
  type: 'summary',
  points: [{ value: { count: 1, sum: 1, quantiles: [], ...value } }],
});

for (const sum of [Number.NaN, -5, -5e-324, Number.NEGATIVE_INFINITY]) {
  test(`a summary with a sum of ${sum} is left out and reported: sums are counters`, () => {
    const { lines, problems } = shown(summaryOf({ sum }), summaryOf({}, 'sound'));
    assert.deepEqual(lines, ['sound {count:1,sum:1,quantile:[]}']);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', new RegExp(`at least 0 in OpenMetrics 2.0, got ${sum}`));
  });
}

for (const [sum, text] of [
  [0, '0'],
  [-0, '0'],
  [Number.POSITIVE_INFINITY, '+Inf'],
] as const) {
  test(`a summary with a sum of ${Object.is(sum, -0) ? '-0' : sum} is shown`, () => {
    assert.deepEqual(shown(summaryOf({ sum })), { lines: [`s {count:1,sum:${text},quantile:[]}`], problems: [] });
  });
}

for (const count of [1.5, Number.POSITIVE_INFINITY, Number.NaN, -1]) {
  test(`a summary with a count of ${count} is left out and reported: counts are integers`, () => {
    const { lines, problems } = shown(summaryOf({ count }));
    assert.deepEqual([lines, problems.length], [[], 1]);
  });
}

test('of several summaries only the one that the format forbids is left out', () => {
  const value = { count: 1, sum: 1, quantiles: [] };
  const points = [{ value }, { labels: { a: 'b' }, value: { ...value, sum: Number.NaN } }];
  const { lines, problems } = shown({ name: 's', help: '', type: 'summary', points });
  assert.deepEqual(lines, ['s {count:1,sum:1,quantile:[]}']);
  assert.equal(problems.length, 1);
});

test('negative quantile values, and quantiles that are not between 0 and 1, are left out', () => {
  const quantiles = [
    { quantile: -0.5, value: 1 },
    { quantile: 0, value: -1 },
    { quantile: 0.25, value: Number.NEGATIVE_INFINITY },
    { quantile: 0.5, value: Number.NaN },
    { quantile: 0.75, value: 0 },
    { quantile: 1, value: Number.POSITIVE_INFINITY },
    { quantile: 1.5, value: 1 },
    { quantile: Number.POSITIVE_INFINITY, value: 1 },
  ];
  assert.deepEqual(shown(summaryOf({ quantiles })), {
    lines: ['s {count:1,sum:1,quantile:[0.5:NaN,0.75:0,1:+Inf]}'],
    problems: [],
  });
});

test('quantiles are in increasing order, whatever order a collector returns them in', () => {
  const quantiles = [0.99, 0.5, 1, 0, 0.9].map((quantile) => ({ quantile, value: quantile * 100 }));
  assert.deepEqual(shown(summaryOf({ quantiles })).lines, [
    's {count:1,sum:1,quantile:[0:0,0.5:50,0.9:90,0.99:99,1:100]}',
  ]);
});

test('histograms may have sums that are negative or NaN', () => {
  for (const type of ['histogram', 'gaugehistogram'] as const) {
    for (const [sum, text] of [
      [-1, '-1'],
      [Number.NaN, 'NaN'],
      [Number.NEGATIVE_INFINITY, '-Inf'],
    ] as const) {
      const value: HistogramValue = { upperBounds: [1], bucketCounts: [1, 0], count: 1, sum };
      const gauge = type === 'histogram' ? '' : 'g';
      assert.deepEqual(shown({ name: 'h', help: '', type, points: [{ value }] }), {
        lines: [`h {${gauge}count:1,${gauge}sum:${text},bucket:[1:1,+Inf:1]}`],
        problems: [],
      });
    }
  }
});

function nativeOf(native: Partial<NativeHistogramValue>, count: number): MetricFamily {
  const none = { indexes: [], counts: [] };
  const value: HistogramValue = {
    upperBounds: [],
    bucketCounts: [count],
    count,
    sum: 1,
    native: { schema: 0, zeroThreshold: 0, zeroCount: 0, positive: none, negative: none, ...native },
  };
  return { name: 'n', help: '', type: 'histogram', points: [{ value }] };
}

test('counts of native histograms that are fractions, or too large to add up exactly, look like floats', () => {
  assert.deepEqual(shown(nativeOf({ positive: { indexes: [0, 1], counts: [0.5, 2] } }, 2.5)).lines, [
    'n {count:2.5,sum:1,schema:0,zero_threshold:0,zero_count:0,positive_spans:[0:2],positive_buckets:[0.5,2.0]}',
  ]);
  assert.deepEqual(shown(nativeOf({ negative: { indexes: [0], counts: [2 ** 63] } }, 2 ** 63)).lines, [
    'n {count:9223372036854775808,sum:1,schema:0,zero_threshold:0,zero_count:0,' +
      'negative_spans:[0:1],negative_buckets:[9.223372036854776e+18]}',
  ]);
});

for (const zeroCount of [2 ** 53, 2 ** 63, 1e300]) {
  test(`a native histogram whose ${zeroCount} zeros are more than its observations is left out and reported`, () => {
    const { lines, problems } = shown(nativeOf({ zeroThreshold: 1, zeroCount }, 2));
    assert.deepEqual([lines, problems.length], [[], 1]);
  });
}

test('times that servers cannot keep are left out', () => {
  for (const time of [1e300, -1e300, 2 ** 63, Number.NaN, Number.POSITIVE_INFINITY]) {
    const exemplar = { labels: { a: 'b' }, value: 1, timestamp: time };
    const points = [{ value: 1, timestamp: time, startTimestamp: time, exemplar }];
    assert.deepEqual(shown({ name: 'c_total', help: '', type: 'counter', points }).lines, ['c_total 1'], String(time));
  }
});

test('an exemplar of a classic bucket and of the native histogram is shown once', () => {
  const first = { labels: { trace_id: 'a' }, value: 1, timestamp: 5 };
  const others = [
    { ...first, timestamp: 6 },
    { ...first, value: 0.5 },
    { ...first, labels: { trace_id: 'b' } },
  ];
  const copy = { ...first, labels: { ...first.labels } };
  const value = { upperBounds: [1], bucketCounts: [4, 0], count: 4, sum: 4, exemplars: [first, undefined] };
  const positive = { indexes: [0], counts: [4] };
  const none = { indexes: [], counts: [] };
  const counts = { schema: 0, zeroThreshold: 0, zeroCount: 0, positive, negative: none };
  const native = { ...counts, exemplars: [copy, ...others] };
  const { lines } = shown({
    name: 'h',
    help: '',
    type: 'histogram',
    points: [{ value: { ...value, native } }],
  });
  const [, ...exemplars] = lines[0]?.split(' # ') ?? [];
  assert.deepEqual(exemplars, [
    '{trace_id="a"} 1 5',
    '{trace_id="a"} 1 6',
    '{trace_id="a"} 0.5 5',
    '{trace_id="b"} 1 5',
  ]);
});
