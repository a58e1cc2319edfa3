import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { loose, looseClass, testBoth, zeroprom } from './libraries.ts';

const config = { name: 'h', help: 'H', buckets: [1, 5], registers: [] };

testBoth('get() returns buckets, sum and count of each series', async ({ Histogram }) => {
  const histogram = new Histogram({ ...config, labelNames: ['a'] });
  histogram.observe({ a: 'x' }, 1);
  histogram.observe({ a: 'x' }, 3);
  histogram.observe({ a: 'x' }, 7);
  const shown = {
    name: 'h',
    help: 'H',
    type: 'histogram',
    values: [
      { value: 1, metricName: 'h_bucket', exemplar: null, labels: { le: 1, a: 'x' } },
      { value: 2, metricName: 'h_bucket', exemplar: null, labels: { le: 5, a: 'x' } },
      { value: 3, metricName: 'h_bucket', exemplar: null, labels: { le: '+Inf', a: 'x' } },
      { value: 11, metricName: 'h_sum', exemplar: undefined, labels: { a: 'x' } },
      { value: 3, metricName: 'h_count', exemplar: undefined, labels: { a: 'x' } },
    ],
    aggregator: 'sum',
  };
  assert.deepEqual(await histogram.get(), shown);
  assert.equal(JSON.stringify(await histogram.get()), JSON.stringify(shown));
});

testBoth('getForPromString() returns the labels of the series separately', async ({ Histogram }) => {
  const histogram = new Histogram({ ...config, buckets: [1], labelNames: ['a'] });
  histogram.observe({ a: 'x' }, 1);
  const { values } = (await loose(histogram)['getForPromString']!()) as { values: unknown[] };
  assert.deepEqual(values, [
    { labels: { le: 1 }, sharedLabels: { a: 'x' }, value: 1, metricName: 'h_bucket', exemplar: null },
    { labels: { le: '+Inf' }, sharedLabels: { a: 'x' }, value: 1, metricName: 'h_bucket', exemplar: null },
    { labels: {}, sharedLabels: { a: 'x' }, value: 1, metricName: 'h_sum', exemplar: undefined },
    { labels: {}, sharedLabels: { a: 'x' }, value: 1, metricName: 'h_count', exemplar: undefined },
  ]);
});

testBoth('the default buckets suit request durations in seconds', async ({ Histogram }) => {
  const histogram = new Histogram({ name: 'h', help: 'H', registers: [] });
  const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const { upperBounds, bucketValues } = histogram as unknown as { upperBounds: number[]; bucketValues: object };
  assert.deepEqual(upperBounds, bounds);
  assert.deepEqual(bucketValues, Object.fromEntries(bounds.map((bound) => [bound, 0])));
  assert.ok(Object.isFrozen(upperBounds) && Object.isFrozen(bucketValues));
});

testBoth('observe() requires a finite number', async ({ Histogram }) => {
  const histogram = new Histogram({ ...config, labelNames: ['a'] });
  const child = loose(histogram.labels('x'));
  for (const [value, shown] of [
    ['3', '3'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    [true, 'true'],
  ] as const) {
    const error = { name: 'TypeError', message: `Value is not a valid number: ${shown}` };
    assert.throws(() => loose(histogram)['observe']!(value), error);
    assert.throws(() => loose(histogram)['observe']!({ a: 'x' }, value), error);
    assert.throws(() => child['observe']!(value), error);
  }
  const error = { name: 'TypeError', message: 'Value is not a valid number: undefined' };
  assert.throws(() => loose(histogram)['observe']!(), error);
  assert.throws(() => loose(histogram)['observe']!({ a: 'x' }), error);
  assert.throws(() => child['observe']!(), error);
  assert.throws(() => histogram.observe({ a: 'x' }, NaN), /Value is not a valid number: NaN/);
  assert.deepEqual((await histogram.get()).values, []);
});

testBoth('labels that are false are left out', async ({ Histogram }) => {
  const histogram = new Histogram(config);
  for (const labels of [null, undefined, '', false]) loose(histogram)['observe']!(labels, 2);
  histogram.observe(0);
  const { values } = await histogram.get();
  assert.deepEqual(
    values.map(({ value }) => value),
    [1, 5, 5, 8, 5],
  );
});

testBoth('a histogram without labels exists from the start, and not after reset()', async ({ Histogram }) => {
  const histogram = new Histogram({ ...config, buckets: [1] });
  const values = async () => (await histogram.get()).values.map(({ value }) => value);
  assert.deepEqual(await values(), [0, 0, 0, 0]);
  histogram.observe(0.5);
  histogram.reset();
  assert.deepEqual(await values(), []);
  histogram.labels().observe(0.5);
  assert.deepEqual(await values(), [1, 1, 0.5, 1]);
});

testBoth('zero() creates a series, or resets it to zero in its place', async ({ Histogram }) => {
  const histogram = new Histogram({ ...config, buckets: [1], labelNames: ['a'] });
  const shown = async () => (await histogram.get()).values.map(({ value, labels }) => [value, labels.a]);
  histogram.zero({ a: 'x' });
  histogram.observe({ a: 'y' }, 1);
  histogram.observe({ a: 'x' }, 1);
  assert.deepEqual(
    (await shown()).map(([value]) => value),
    [1, 1, 1, 1, 1, 1, 1, 1],
  );
  histogram.zero({ a: 'x' });
  assert.deepEqual(await shown(), [
    ...[0, 0, 0, 0].map((value) => [value, 'x']),
    ...[1, 1, 1, 1].map((value) => [value, 'y']),
  ]);
});

testBoth('timers observe the seconds, with the labels of the start and the end', async ({ Histogram }) => {
  const times = [0, 1.5, 0, 2, 0, 3];
  const hrtime = mock.method(process, 'hrtime', () => {
    const seconds = times.shift()!;
    return [Math.floor(seconds), (seconds % 1) * 1e9];
  });
  try {
    const histogram = new Histogram({ ...config, labelNames: ['a', 'b'] });
    assert.equal(histogram.startTimer()(), 1.5);
    assert.equal(histogram.startTimer({ a: 'x' })({ b: 'y' }), 2);
    assert.equal(histogram.labels('x', 'x').startTimer()({ b: 'z' }), 3);
    const sums = (await histogram.get()).values.filter(({ metricName }) => metricName === 'h_sum');
    assert.deepEqual(
      sums.map(({ value, labels }) => [value, labels]),
      [
        [1.5, {}],
        [2, { a: 'x', b: 'y' }],
        [3, { a: 'x', b: 'z' }],
      ],
    );
  } finally {
    hrtime.mock.restore();
  }
});

testBoth('the number of generated buckets is limited', ({ linearBuckets, exponentialBuckets }) => {
  for (const count of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, 2 ** 53, 1e300, 1.5]) {
    const error = { name: 'RangeError', message: 'Invalid array length' };
    assert.throws(() => linearBuckets(0, 1, count), error);
    assert.throws(() => exponentialBuckets(1, 2, count), error);
  }
  for (const count of [0, -1, Number.NEGATIVE_INFINITY]) {
    assert.throws(() => linearBuckets(0, 1, count), /Linear buckets needs a positive count/);
    assert.throws(() => exponentialBuckets(1, 2, count), /Exponential buckets needs a positive count/);
  }
  assert.deepEqual(
    exponentialBuckets(0.1, 1.1, 4),
    [0.1, 0.11000000000000001, 0.12100000000000002, 0.13310000000000002],
  );
});

test('buckets are sorted, without duplicates and infinity', async () => {
  const Histogram = looseClass(zeroprom.Histogram);
  for (const [buckets, bounds] of [
    [
      [5, 1, 1, Infinity],
      [1, 5],
    ],
    [
      [10, 9, 8],
      [8, 9, 10],
    ],
    [[NaN, -Infinity, 1], [1]],
    [
      ['1', '0.5'],
      [0.5, 1],
    ],
    [[], []],
    [
      [-1, 0, 1],
      [-1, 0, 1],
    ],
  ]) {
    const histogram = new Histogram({ ...config, buckets });
    histogram['observe']!(20);
    const { values } = (await histogram['get']!()) as { values: { labels: { le: unknown }; value: number }[] };
    assert.deepEqual(
      values.slice(0, -2).map(({ labels, value }) => [labels.le, value]),
      [...bounds!.map((bound) => [bound, 0]), ['+Inf', 1]],
    );
  }
  assert.throws(() => new Histogram({ ...config, buckets: 5 }), TypeError);
});

test('the array of buckets is not changed', () => {
  const buckets = [5, 1];
  new zeroprom.Histogram({ ...config, buckets });
  assert.deepEqual(buckets, [5, 1]);
  assert.ok(!Object.isFrozen(buckets));
});
