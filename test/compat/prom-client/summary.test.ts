import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { assertCpuTimeAsync } from '../../cpu-time.ts';
import { loose, type PromClient, testBoth, zeroprom } from './libraries.ts';

const config = { name: 's', help: 'H', percentiles: [0.5], registers: [] };
type Summary = PromClient['Summary']['prototype'];

/** The quantiles of the first series. */
async function quantiles(summary: Summary): Promise<unknown[]> {
  const { values } = await summary.get();
  const end = values.findIndex(({ metricName }) => metricName === 's_sum');
  return values.slice(0, end).map(({ value }) => value);
}

/** Runs the body with a stopped clock that it can set. */
async function withClock(body: (wait: (seconds: number) => void) => Promise<void>): Promise<void> {
  let now = 1_700_000_000_000;
  const clock = mock.method(Date, 'now', () => now);
  try {
    await body((seconds) => {
      now += seconds * 1000;
    });
  } finally {
    clock.mock.restore();
  }
}

testBoth('get() returns quantiles, sum and count of each series', async ({ Summary }) => {
  const summary = new Summary({ ...config, percentiles: [0.9, 0.5], labelNames: ['a'] });
  summary.observe({ a: 'x' }, 100);
  const shown = {
    name: 's',
    help: 'H',
    type: 'summary',
    values: [
      { labels: { quantile: 0.9, a: 'x' }, value: 100 },
      { labels: { quantile: 0.5, a: 'x' }, value: 100 },
      { metricName: 's_sum', labels: { a: 'x' }, value: 100 },
      { metricName: 's_count', labels: { a: 'x' }, value: 1 },
    ],
    aggregator: 'sum',
  };
  assert.equal(JSON.stringify(await summary.get()), JSON.stringify(shown));
});

testBoth('quantiles are interpolated between the middles of the weights', async ({ Summary }) => {
  const summary = new Summary({ ...config, percentiles: [0, 0.1, 0.5, 0.9, 1] });
  for (const value of [100, 100, 100, 50, 50]) summary.observe(value);
  assert.deepEqual(await quantiles(summary), [50, 50, 80, 100, 100]);
});

testBoth('an empty summary has values of zero', async ({ Summary }) => {
  const summary = new Summary({ ...config, percentiles: [0.5, 0.99] });
  assert.deepEqual(
    (await summary.get()).values.map(({ value }) => value),
    [0, 0, 0, 0],
  );
});

testBoth('reset() keeps the series', async ({ Summary }) => {
  const summary = new Summary({ ...config, labelNames: ['a'] });
  summary.observe({ a: 'x' }, 5);
  summary.reset();
  assert.deepEqual((await summary.get()).values, [
    { labels: { quantile: 0.5, a: 'x' }, value: 0 },
    { metricName: 's_sum', labels: { a: 'x' }, value: 0 },
    { metricName: 's_count', labels: { a: 'x' }, value: 0 },
  ]);
  summary.remove('x');
  summary.reset();
  assert.deepEqual((await summary.get()).values, []);
});

testBoth('observe() requires a finite number', ({ Summary }) => {
  const summary = new Summary({ ...config, labelNames: ['a'] });
  for (const value of ['3', Infinity, null]) {
    const error = { name: 'TypeError', message: `Value is not a valid number: ${value}` };
    assert.throws(() => loose(summary)['observe']!({ a: 'x' }, value), error);
    assert.throws(() => loose(summary.labels('x'))['observe']!(value), error);
  }
  assert.throws(() => loose(summary)['observe']!(), TypeError);
  assert.throws(() => loose(summary)['observe']!({ a: 'x' }), TypeError);
});

testBoth('the window slides', async ({ Summary }) => {
  await withClock(async (wait) => {
    const summary = new Summary({ ...config, maxAgeSeconds: 5, ageBuckets: 5 });
    summary.observe(100);
    for (let second = 0; second < 5; second++) {
      assert.deepEqual(await quantiles(summary), [100]);
      wait(1.001);
    }
    const { values } = await summary.get();
    assert.deepEqual(
      values.map(({ value }) => value),
      [0, 100, 1],
    );
  });
});

testBoth('the first window begins when the series does', async ({ Summary }) => {
  await withClock(async (wait) => {
    const summary = new Summary({ ...config, maxAgeSeconds: 10, ageBuckets: 1 });
    wait(15);
    summary.observe(1);
    wait(6);
    assert.deepEqual(await quantiles(summary), [0]);
  });
});

testBoth('a series whose window is empty can be pruned', async ({ Summary }) => {
  await withClock(async (wait) => {
    const options = { maxAgeSeconds: 5, ageBuckets: 5, pruneAgedBuckets: true };
    const summary = new Summary({ ...config, ...options, labelNames: ['a'] });
    summary.observe({ a: 'x' }, 1);
    assert.equal((await summary.get()).values.length, 3);
    wait(6);
    assert.deepEqual((await summary.get()).values, []);
    summary.observe({ a: 'x' }, 2);
    assert.deepEqual(
      (await summary.get()).values.map(({ value }) => value),
      [2, 2, 1],
    );
  });
});

test('each slot of the window has its own observations', async () => {
  await withClock(async (wait) => {
    const summary = new zeroprom.Summary({ ...config, maxAgeSeconds: 10, ageBuckets: 2 });
    for (const value of [1, 9, 9]) summary.observe(value);
    assert.deepEqual(await quantiles(summary), [19 / 3]); // prom-client: 5.92.
    wait(6);
    summary.observe(1);
    assert.deepEqual(await quantiles(summary), [5]);
    wait(5);
    assert.deepEqual(await quantiles(summary), [1]);
    wait(5);
    assert.deepEqual(await quantiles(summary), [0]);
  });
});

test('a month without a scrape empties the window once', async () => {
  await withClock(async (wait) => {
    const summary = new zeroprom.Summary({ ...config, maxAgeSeconds: 1, ageBuckets: 1000 });
    summary.observe(5);
    // One step for each of the 2.6 billion slots of a month would take minutes.
    await assertCpuTimeAsync(20_000, async () => {
      for (let month = 0; month < 100; month++) {
        wait(30 * 86_400);
        assert.deepEqual(await quantiles(summary), [0]);
      }
    });
  });
});

test('windows of any length slide, with any number of steps', async () => {
  const extremes = [5e-324, 1e-9, 0.001, 1, 1e9, Number.MAX_VALUE, Number.POSITIVE_INFINITY];
  for (const maxAgeSeconds of extremes) {
    for (const ageBuckets of extremes) {
      await withClock(async (wait) => {
        const summary = new zeroprom.Summary({ ...config, maxAgeSeconds, ageBuckets });
        for (let second = 0; second < 3; second++) {
          summary.observe(5);
          assert.deepEqual(await quantiles(summary), [5], `${maxAgeSeconds} s in ${ageBuckets} steps`);
          wait(1);
        }
        if (maxAgeSeconds < 1 && ageBuckets >= 1) assert.deepEqual(await quantiles(summary), [0]);
      });
    }
  }
});

test('quantiles of many distinct values are close to the exact ones', async () => {
  const value = fc.oneof(fc.integer({ min: -1e6, max: 1e6 }), fc.double({ min: -1, max: 1, noNaN: true }));
  const sample = fc.sample(value, { numRuns: 20_000, seed: 1 });
  const percentiles = [0, 0.01, 0.25, 0.5, 0.75, 0.99, 1];
  for (const observed of [sample, sample.toSorted((a, b) => a - b), sample.slice(0, 3000)]) {
    const summary = new zeroprom.Summary({ ...config, percentiles });
    for (const value of observed) summary.observe(value);
    for (const [index, value] of (await quantiles(summary)).entries()) {
      const atMost = observed.filter((other) => other <= Number(value)).length / observed.length;
      const below = observed.filter((other) => other < Number(value)).length / observed.length;
      const percentile = percentiles[index]!;
      assert.ok(below - 0.01 < percentile && percentile < atMost + 0.01, `${percentile}: ${below} to ${atMost}`);
    }
  }
});
