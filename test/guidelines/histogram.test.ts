import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exponentialBuckets, Histogram, linearBuckets, Registry } from '../../src/index.ts';
import { renderMetric, sampleValue } from '../../src/testing/index.ts';

const options = { name: 'seconds', help: 'Seconds.', registry: null } as const;

async function bounds(histogram: Histogram): Promise<string[]> {
  return [...(await renderMetric(histogram)).matchAll(/le="(.+)"/g)].map(([, bound = '']) => bound);
}

test('a histogram rejects the label le', () => {
  assert.throws(() => new Histogram({ ...options, labelNames: ['le'] }), RangeError);
  assert.throws(() => new Histogram({ ...options, constLabels: { le: '1' } }), RangeError);
  assert.throws(() => new Registry().withLabels({ le: '1' }).register(new Histogram(options)), Error);
});

test('the user chooses the buckets of a histogram', async () => {
  assert.deepEqual(await bounds(new Histogram({ ...options, buckets: [1, 5] })), ['1', '5', '+Inf']);
});

test('buckets can be linear or exponential', () => {
  assert.deepEqual(linearBuckets(0.1, 0.2, 4), [0.1, 0.3, 0.5, 0.7]);
  assert.deepEqual(exponentialBuckets(1, 2, 4), [1, 2, 4, 8]);
  for (const refused of [
    () => linearBuckets(1, 0, 3),
    () => linearBuckets(1, 1, 0),
    () => exponentialBuckets(0, 2, 3),
    () => exponentialBuckets(1, 1, 3),
  ]) {
    assert.throws(refused, RangeError);
  }
});

test('the number of buckets does not include the +Inf bucket', async () => {
  assert.deepEqual(await bounds(new Histogram({ ...options, buckets: linearBuckets(1, 1, 3) })), [
    '1',
    '2',
    '3',
    '+Inf',
  ]);
});

test('the default buckets are those of other clients', async () => {
  assert.deepEqual(
    (await bounds(new Histogram(options))).join(' '),
    '0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 +Inf',
  );
});

test('buckets do not change after a histogram is created', async () => {
  const buckets = [1, 2];
  const histogram = new Histogram({ ...options, buckets });
  buckets.push(3);
  buckets[0] = 0.5;
  assert.deepEqual(await bounds(histogram), ['1', '2', '+Inf']);
});

test('upper bounds are inclusive', async () => {
  const histogram = new Histogram({ ...options, buckets: [1, 2] });
  histogram.observe(1);
  assert.equal(await sampleValue(histogram, 'seconds_bucket', { le: 1 }), 1);
});

test('a histogram measures time in seconds', async () => {
  const histogram = new Histogram(options);
  const seconds = histogram.startTimer()();
  assert.equal(await sampleValue(histogram, 'seconds_sum'), seconds);
  assert.equal(
    histogram.time(() => 'result'),
    'result',
  );
  assert.equal(await sampleValue(histogram, 'seconds_count'), 2);
});

test('sum, count and buckets of a histogram start at 0', async () => {
  const lines = (await renderMetric(new Histogram({ ...options, buckets: [1] }))).split('\n').slice(2, -1);
  assert.deepEqual(lines, [
    'seconds_bucket{le="1"} 0',
    'seconds_bucket{le="+Inf"} 0',
    'seconds_sum 0',
    'seconds_count 0',
  ]);
});

test('the count of a histogram equals its last bucket for all observations', async () => {
  const values = fc.array(fc.double());
  await fc.assert(
    fc.asyncProperty(values, async (observed) => {
      const histogram = new Histogram({ ...options, buckets: [-1, 0, 1] });
      for (const value of observed) histogram.observe(value);
      assert.equal(await sampleValue(histogram, 'seconds_count'), observed.length);
      assert.equal(await sampleValue(histogram, 'seconds_bucket', { le: '+Inf' }), observed.length);
    }),
    { numRuns: 50 },
  );
});
