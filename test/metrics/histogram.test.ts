import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exponentialBuckets, Histogram, type HistogramOptions, linearBuckets, type Registry } from '../../src/index.ts';
import { readLines } from '../exposition/text-reader.ts';
import { mockClock } from './clock.ts';
import { families, quietRegistry, samples } from './exposed-samples.ts';

function histogramIn(registry: Registry | null, options: Partial<HistogramOptions> = {}) {
  return new Histogram({ name: 'h', help: 'Help.', buckets: [1, 2], ...options, registry });
}

async function only(registry: Registry) {
  const [family] = await families(registry);
  const value = family?.points[0]?.value;
  assert.ok(typeof value === 'object' && 'bucketCounts' in value);
  return value;
}

test('a histogram starts with all buckets, sum and count at 0', async () => {
  const registry = quietRegistry();
  histogramIn(registry);
  assert.deepEqual(await samples(registry), [
    'h_bucket{le="1"} 0',
    'h_bucket{le="2"} 0',
    'h_bucket{le="+Inf"} 0',
    'h_sum 0',
    'h_count 0',
  ]);
});

test('upper bounds are inclusive', async () => {
  const registry = quietRegistry();
  const histogram = histogramIn(registry);
  for (const value of [-5, 1, 1.0000000000000002, 2, 3, Number.POSITIVE_INFINITY]) histogram.observe(value);
  assert.deepEqual((await only(registry)).bucketCounts, [2, 2, 2]);
});

test('the default buckets suit request durations in seconds', () => {
  const histogram = new Histogram({ name: 'h', help: '', registry: null });
  assert.deepEqual(histogram.upperBounds, [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
});

test('the array of buckets is copied', async () => {
  const registry = quietRegistry();
  const buckets = [1, 2];
  const histogram = histogramIn(registry, { buckets });
  buckets[0] = 100;
  buckets.push(3);
  histogram.observe(1.5);
  assert.deepEqual(await only(registry), { upperBounds: [1, 2], bucketCounts: [0, 1, 0], count: 1, sum: 1.5 });
});

test('linear and exponential buckets have the requested number of finite bounds', async () => {
  const registry = quietRegistry();
  histogramIn(registry, { buckets: linearBuckets(1, 1, 3) });
  assert.equal((await samples(registry)).filter((line) => line.startsWith('h_bucket')).length, 4);
  assert.deepEqual(histogramIn(null, { buckets: exponentialBuckets(1, 2, 3) }).upperBounds, [1, 2, 4]);
});

test('an explicit +Inf is the implied last bucket', async () => {
  const registry = quietRegistry();
  histogramIn(registry, { buckets: [1, Number.POSITIVE_INFINITY] });
  assert.equal((await samples(registry)).filter((line) => line.includes('+Inf')).length, 1);
});

test('a histogram without buckets has only the one up to +Inf', async () => {
  const registry = quietRegistry();
  histogramIn(registry, { buckets: [] }).observe(7);
  assert.deepEqual(await samples(registry), ['h_bucket{le="+Inf"} 1', 'h_sum 7', 'h_count 1']);
});

test('le is not allowed as a label or constant label', () => {
  const message = 'h: label name "le" is reserved for metrics of this type.';
  assert.throws(
    () => new Histogram({ name: 'h', help: '', labelNames: ['le'], registry: null }),
    new RangeError(message),
  );
  assert.throws(() => histogramIn(null, { constLabels: { le: '1' } }), { name: 'RangeError', message: /"le"/ });
});

test('NaN is in no bucket, is counted, and makes the sum NaN', async () => {
  const registry = quietRegistry();
  const histogram = histogramIn(registry);
  histogram.observe(1);
  histogram.observe(Number.NaN);
  assert.deepEqual(await only(registry), { upperBounds: [1, 2], bucketCounts: [1, 0, 0], count: 2, sum: 'NaN' });
});

for (const wrong of ['5', null, undefined, 5n, {}]) {
  test(`observe(${String(wrong)}) of a ${typeof wrong} is refused and changes nothing`, async () => {
    const registry = quietRegistry();
    const histogram = histogramIn(registry, { native: {} });
    // @ts-expect-error wrong on purpose
    assert.throws(() => histogram.observe(wrong), TypeError);
    assert.equal((await only(registry)).count, 0);
  });
}

test('observeMany() counts a value many times', async () => {
  const registry = quietRegistry();
  const histogram = new Histogram({ name: 'h', help: '', labelNames: ['x'], buckets: [1, 2], native: {}, registry });
  histogram.observeMany({ x: 'a' }, 1.5, 4);
  histogram.labels('a').observeMany(5, 2);
  histogram.observeMany({ x: 'a' }, 9, 0);
  const { bucketCounts, count, sum, native } = await only(registry);
  assert.deepEqual({ bucketCounts, count, sum }, { bucketCounts: [0, 4, 2], count: 6, sum: 16 });
  assert.deepEqual(native?.positive.counts, [4, 2]);
});

for (const count of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`observeMany() refuses a count of ${count}`, async () => {
    const registry = quietRegistry();
    const histogram = histogramIn(registry);
    assert.throws(
      () => histogram.observeMany(1, count),
      new RangeError(`h: the count of observeMany() must be a whole number of at least 0, got ${count}.`),
    );
    assert.equal((await only(registry)).count, 0);
  });
}

test('observeMany() requires two numbers', () => {
  // @ts-expect-error wrong on purpose
  assert.throws(() => histogramIn(null).observeMany(1), {
    name: 'TypeError',
    message: 'h: observeMany() takes two numbers, value and count, got number and undefined.',
  });
});

test('reset() sets a histogram without labels to zero and keeps it', async () => {
  const registry = quietRegistry();
  const histogram = histogramIn(registry, { native: {} });
  histogram.observe(1.5, { trace_id: 'a' });
  histogram.reset();
  const { bucketCounts, count, sum, exemplars, native } = await only(registry);
  assert.deepEqual({ bucketCounts, count, sum }, { bucketCounts: [0, 0, 0], count: 0, sum: 0 });
  assert.deepEqual(exemplars?.filter((exemplar) => exemplar !== null) ?? [], []);
  assert.deepEqual(native?.positive, { indexes: [], counts: [] });
});

test('a histogram with only native buckets has no classic ones', async () => {
  const registry = quietRegistry();
  const histogram = new Histogram({ name: 'h', help: '', native: { schema: 0 }, registry });
  for (const value of [0, 1, 3, -3]) histogram.observe(value);
  assert.deepEqual(histogram.upperBounds, []);
  assert.deepEqual((await only(registry)).native, {
    schema: 0,
    zeroThreshold: 2 ** -128,
    zeroCount: 1,
    positive: { indexes: [0, 2], counts: [1, 1] },
    negative: { indexes: [2], counts: [1] },
  });
});

test('a histogram can have native and classic buckets', async () => {
  const registry = quietRegistry();
  histogramIn(registry, { native: { schema: 0 } }).observe(1.5);
  const { bucketCounts, native, count } = await only(registry);
  assert.deepEqual(bucketCounts, [0, 1, 0]);
  assert.deepEqual(native?.positive, { indexes: [1], counts: [1] });
  assert.equal(count, 1);
});

test('a series without observations is native', async () => {
  const registry = quietRegistry();
  new Histogram({ name: 'h', help: '', native: { schema: 0 }, registry });
  assert.equal((await only(registry)).native?.schema, 0);
});

test('a reset of native buckets resets the whole series: classic buckets, sum, count, exemplars, start time', async (t) => {
  const clock = mockClock(t, 1000);
  const registry = quietRegistry();
  const histogram = histogramIn(registry, { native: { schema: 0, maxBuckets: 2, minResetDurationMs: 4000 } });
  histogram.observe(1, { trace_id: 'old' });
  histogram.observe(3);
  clock.to(5000);
  histogram.observe(100);
  assert.equal((await families(registry))[0]?.points[0]?.startTimestamp, 5);
  const { bucketCounts, count, sum, exemplars, native } = await only(registry);
  assert.deepEqual({ bucketCounts, count, sum }, { bucketCounts: [0, 0, 1], count: 1, sum: 100 });
  assert.deepEqual(exemplars, [null, null, null]);
  assert.deepEqual(native?.positive, { indexes: [7], counts: [1] });
});

test('a scrape resets series that are due, even if they are idle', async (t) => {
  const clock = mockClock(t, 1000);
  const registry = quietRegistry();
  const histogram = histogramIn(registry, { native: { schema: 0, maxBuckets: 2, minResetDurationMs: 4000 } });
  for (const value of [1, 3, 100]) histogram.observe(value);
  clock.to(4999);
  assert.equal((await only(registry)).native?.schema, -1, 'too young for a reset, it gave up resolution');
  clock.to(5000);
  const { count, sum, native } = await only(registry);
  assert.deepEqual([count, sum, native?.schema], [0, 0, 0]);
  assert.equal((await families(registry))[0]?.points[0]?.startTimestamp, 5);
});

test('time() observes the duration of a function and returns its result', async () => {
  const registry = quietRegistry();
  const histogram = new Histogram({ name: 'h', help: '', labelNames: ['x'], buckets: [10], registry });
  assert.equal(
    histogram.time({ x: 'a' }, () => 5),
    5,
  );
  assert.equal(await histogram.time({ x: 'a' }, async () => 6), 6);
  assert.equal(
    histogram.labels('a').time(() => 7),
    7,
  );
  const { count, sum } = await only(registry);
  assert.equal(count, 3);
  assert.ok(typeof sum === 'number' && sum > 0 && sum < 10);
});

test('time() observes functions that throw or reject, and passes the error on', async () => {
  const registry = quietRegistry();
  const histogram = histogramIn(registry);
  const error = new Error('from inside');
  assert.throws(
    () =>
      histogram.time(() => {
        throw error;
      }),
    error,
  );
  await assert.rejects(
    histogram.time(() => Promise.reject(error)),
    error,
  );
  assert.equal((await only(registry)).count, 2);
});

test('time() observes an asynchronous function when its promise settles', async () => {
  const registry = quietRegistry();
  const histogram = histogramIn(registry);
  let finish: (value?: unknown) => void = () => {};
  const timed = histogram.time(
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  assert.equal((await only(registry)).count, 0);
  finish();
  await timed;
  assert.equal((await only(registry)).count, 1);
});

test('time() awaits a thenable once', async () => {
  const histogram = histogramIn(null);
  let runs = 0;
  const query = {
    // biome-ignore lint/suspicious/noThenProperty: like query builders of databases
    then(resolve: (rows: number) => void) {
      resolve(++runs);
    },
  };
  assert.equal(await histogram.time(() => query), 1);
  assert.equal(runs, 1);
});

test('startTimer() records the seconds that it returns, with labels passed at the start and at the end', async (t) => {
  const clock = mockClock(t, 1000);
  const registry = quietRegistry();
  const histogram = new Histogram({ name: 'h', help: '', labelNames: ['method', 'code'], buckets: [10], registry });
  const labels: { method: string } = { method: 'GET' };
  const end = histogram.startTimer(labels);
  labels.method = 'changed';
  clock.to(1250);
  assert.equal(end({ code: 200 }), 0.25);
  assert.ok((await samples(registry)).includes('h_sum{method="GET",code="200"} 0.25'));
});

test('ending a timer without all labels throws', () => {
  const histogram = new Histogram({ name: 'h', help: '', labelNames: ['code'], registry: null });
  const end = histogram.startTimer();
  // @ts-expect-error a label is missing
  assert.throws(() => end(), TypeError);
  // @ts-expect-error a label is missing
  assert.throws(() => end({}), new TypeError('h: label code is missing.'));
});

test('a timer ends with its block, once', async () => {
  const registry = quietRegistry();
  const histogram = histogramIn(registry);
  {
    using _timer = histogram.startTimer();
  }
  assert.equal((await only(registry)).count, 1);
  {
    using timer = histogram.startTimer();
    timer();
  }
  assert.equal((await only(registry)).count, 2);
});

const observed = fc.oneof(
  fc.double(),
  fc.constantFrom(1, 2, 0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.double({ min: -10, max: 10, noNaN: true }),
);

const bounds = fc
  .uniqueArray(fc.double({ min: -100, max: 100, noNaN: true }), { maxLength: 12, comparator: 'SameValueZero' })
  .map((all) => all.map((bound) => bound + 0).sort((a, b) => a - b));

test('the count is the number of values in all buckets plus NaN, and each value is in the first bucket whose bound reaches it', async () => {
  await fc.assert(
    fc.asyncProperty(bounds, fc.array(observed, { maxLength: 50 }), async (buckets, values) => {
      const registry = quietRegistry();
      const histogram = histogramIn(registry, { buckets });
      for (const value of values) histogram.observe(value);
      const { bucketCounts, count } = await only(registry);
      const expected = [...buckets, Number.POSITIVE_INFINITY].map(
        (bound, index) =>
          values.filter((value) => value <= bound && (index === 0 || value > buckets[index - 1]!)).length,
      );
      assert.deepEqual(bucketCounts, expected);
      assert.equal(count, values.length);
    }),
  );
});

test('exposed buckets are cumulative, and the sum is correct except for rounding', async () => {
  const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  await fc.assert(
    fc.asyncProperty(bounds, fc.array(finite, { maxLength: 50 }), async (buckets, values) => {
      const registry = quietRegistry();
      const histogram = histogramIn(registry, { buckets });
      for (const value of values) histogram.observe(value);
      const shown = readLines(await registry.expose()).samples;
      const counts = shown.filter(({ name }) => name === 'h_bucket').map(({ value }) => value);
      assert.deepEqual(
        counts,
        counts.toSorted((a, b) => a - b),
      );
      assert.equal(counts.at(-1), values.length);
      assert.equal(shown.find(({ name }) => name === 'h_count')?.value, values.length);
      const sum = shown.find(({ name }) => name === 'h_sum')?.value ?? Number.NaN;
      const magnitude = values.reduce((total, value) => total + Math.abs(value), 0);
      assert.ok(Math.abs(sum - values.reduce((total, value) => total + value, 0)) <= magnitude * 1e-12);
    }),
  );
});
