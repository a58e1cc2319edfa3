import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Histogram, type MetricFamily, Registry } from '../../../src/index.ts';
import type { HistogramValue } from '../../../src/model/family.ts';
import { RemoteWriter, type RemoteWriterOptions } from '../../../src/push/index.ts';
import { silent } from '../../silent-logger.ts';
import { type DecodedHistogram, type DecodedSeries, nameOf } from './decode-request.ts';
import { type Answer, FakeReceiver, version1, version2 } from './fake-receiver.ts';

const CUSTOM = -53;

/** A writer with custom buckets for what a registry has at each gathering. */
async function startWriter(
  t: TestContext,
  { registry, answer = version2, ...options }: Partial<RemoteWriterOptions> & { registry: Registry; answer?: Answer },
) {
  const receiver = await FakeReceiver.start(t, answer);
  const writer = new RemoteWriter({
    url: receiver.url,
    registry,
    customBuckets: true,
    logger: silent,
    proxy: false,
    ...options,
  });
  t.after(() => writer.stop({ timeout: 1 }));
  return { receiver, writer };
}

/** The series that are sent of families. */
async function sent(t: TestContext, families: readonly MetricFamily[], answer?: Answer): Promise<DecodedSeries[]> {
  const registry = new Registry({ selfMetrics: false });
  registry.register({ name: 'families', collect: () => families });
  const { receiver, writer } = await startWriter(t, { registry, ...(answer && { answer }) });
  await writer.flush();
  return receiver.received.at(-1)?.request.series.slice() ?? [];
}

function family(value: HistogramValue, type: 'histogram' | 'gaugehistogram' = 'histogram'): MetricFamily {
  return { name: 'h_seconds', help: 'H.', type, points: [{ labels: { path: '/' }, value }] };
}

async function onlyHistogram(t: TestContext, value: HistogramValue): Promise<DecodedHistogram> {
  const [series, ...others] = await sent(t, [family(value)]);
  assert.deepEqual(others, []);
  assert.deepEqual(series?.samples, []);
  const [histogram] = series?.histograms ?? [];
  assert.ok(histogram);
  return histogram;
}

test('a classic histogram is one native histogram with its bounds, which leaves out +Inf and empty buckets', async (t) => {
  const value = { upperBounds: [0.1, 1, 2.5, 10], bucketCounts: [2, 0, 3, 0, 4], count: 9, sum: 1e6 };
  const histogram = await onlyHistogram(t, value);
  const { schema, customValues, positive, negative, count, sum, zeroCount, zeroThreshold } = histogram;
  assert.deepEqual(
    { schema, customValues, positive, negative, count, sum, zeroCount, zeroThreshold },
    {
      schema: CUSTOM,
      customValues: [0.1, 1, 2.5, 10],
      positive: { 0: 2, 2: 3, 4: 4 },
      negative: {},
      count: 9,
      sum: 1e6,
      zeroCount: 0,
      zeroThreshold: 0,
    },
  );
});

const shapes: readonly (readonly [name: string, value: HistogramValue, positive: Record<number, number>])[] = [
  ['without observations', { upperBounds: [1, 2], bucketCounts: [0, 0, 0], count: 0, sum: 0 }, {}],
  ['without bounds', { upperBounds: [], bucketCounts: [3], count: 3, sum: 6 }, { 0: 3 }],
  [
    'with negative bounds',
    { upperBounds: [-2, -1, 0], bucketCounts: [1, 2, 3, 0], count: 6, sum: -9 },
    { 0: 1, 1: 2, 2: 3 },
  ],
  ['with observations of NaN', { upperBounds: [1], bucketCounts: [1, 2], count: 5, sum: Number.NaN }, { 0: 1, 1: 4 }],
  [
    'with many bounds',
    manyBounds(300),
    Object.fromEntries(Array.from({ length: 300 }, (_, index) => [index, index + 1])),
  ],
];

function manyBounds(length: number): HistogramValue {
  const counts = Array.from({ length }, (_, index) => index + 1);
  const count = counts.reduce((total, each) => total + each);
  return { upperBounds: counts.map((each) => each / 8), bucketCounts: [...counts, 0], count, sum: 1 };
}

for (const [name, value, positive] of shapes) {
  test(`histograms ${name} have custom buckets`, async (t) => {
    const histogram = await onlyHistogram(t, value);
    assert.deepEqual([histogram.schema, histogram.positive], [CUSTOM, positive]);
    assert.deepEqual(histogram.customValues ?? [], value.upperBounds);
    assert.deepEqual([histogram.count, histogram.sum], [value.count, value.sum]);
  });
}

test('counts with fractions are written as such', async (t) => {
  const histogram = await onlyHistogram(t, { upperBounds: [1], bucketCounts: [0.5, 2], count: 2.5, sum: 3 });
  assert.deepEqual([histogram.countFloat, histogram.positive], [2.5, { 0: 0.5, 1: 2 }]);
});

test('gauge histograms are marked as gauges', async (t) => {
  const value = { upperBounds: [1], bucketCounts: [1, 2], count: 3, sum: 4 };
  const [series] = await sent(t, [family(value, 'gaugehistogram')]);
  assert.deepEqual([series?.histograms[0]?.resetHint, series?.histograms[0]?.schema], [3, CUSTOM]);
});

test('exemplars, start time, metadata and time belong to the only series', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const histogram = new Histogram({ name: 'h_seconds', unit: 'seconds', help: 'H.', buckets: [1, 2], registry });
  histogram.observe(0.5, { trace_id: 'a' });
  histogram.observe(9, { trace_id: 'b' });
  const { receiver, writer } = await startWriter(t, { registry });
  await writer.flush();
  const [series] = receiver.received[0]?.request.series ?? [];
  assert.deepEqual(
    series?.exemplars.map(({ labels, value }) => [labels['trace_id'], value]),
    [
      ['a', 0.5],
      ['b', 9],
    ],
  );
  assert.deepEqual(series?.metadata, { type: 3, help: 'H.', unit: 'seconds' });
  const { timestamp = 0, startTimestamp = 0 } = series?.histograms[0] ?? {};
  assert.ok(startTimestamp > 0 && startTimestamp <= timestamp);
});

test('native histograms keep their buckets, and histograms without a sum stay series', async (t) => {
  const native = {
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: { indexes: [1], counts: [2] },
    negative: { indexes: [], counts: [] },
  };
  const both = { upperBounds: [1], bucketCounts: [0, 2], count: 2, sum: 3, native };
  const withoutSum = { upperBounds: [1], bucketCounts: [1, 2], count: 3, sum: Number.NaN, hasSum: false };
  const series = await sent(t, [family(both), { ...family(withoutSum), name: 'w_seconds' }]);
  assert.equal(series[0]?.histograms[0]?.schema, 0);
  assert.deepEqual(series.slice(1).map(nameOf), [
    'w_seconds_bucket{le="1.0",path="/"}',
    'w_seconds_bucket{le="+Inf",path="/"}',
    'w_seconds_count{path="/"}',
  ]);
});

test('a receiver of version 1.0 gets the series that it would get without custom buckets', async (t) => {
  const exemplars = [{ labels: { trace_id: 'a' }, value: 0.5, timestamp: 1 }, undefined, undefined];
  const families = [
    family({ upperBounds: [1, 1e6], bucketCounts: [1, 2, 4], count: 7, sum: 8.5, exemplars }),
    { ...family({ upperBounds: [], bucketCounts: [2], count: 2, sum: 3 }, 'gaugehistogram'), name: 'g' },
    { ...family({ upperBounds: [1], bucketCounts: [1, 2], count: 5, sum: Number.NaN }), name: 'nan' },
    { name: 'last', help: '', type: 'gauge', points: [{ value: 1 }] } as const,
  ];
  const registry = new Registry({ selfMetrics: false });
  registry.register({ name: 'families', collect: () => families });
  const [one, other] = [true, false].map((customBuckets) =>
    startWriter(t, { registry, answer: version1, customBuckets }),
  );
  const contents = [];
  for (const { receiver, writer } of [await one!, await other!]) {
    const { gathered, written } = await writer.flush();
    assert.equal(written, gathered);
    const { series } = receiver.received.at(-1)!.request;
    contents.push(series.map((each) => [nameOf(each), each.samples[0]?.value, each.exemplars]));
  }
  assert.equal(contents[0]?.length, 5 + 3 + 4 + 1 + 0);
  assert.deepEqual(contents[0], contents[1]);
});

for (const [name, answer, ends] of [
  ['2.0', version2, ['h_seconds']],
  ['1.0', version1, ['h_seconds_bucket{le="+Inf"}', 'h_seconds_bucket{le="1.0"}', 'h_seconds_count', 'h_seconds_sum']],
] as const) {
  test(`histograms that end have a staleness marker for each of their series in version ${name}`, async (t) => {
    const registry = new Registry({ selfMetrics: false });
    const histogram = new Histogram({ name: 'h_seconds', help: 'H.', buckets: [1], registry });
    histogram.observe(0.5);
    const { receiver, writer } = await startWriter(t, { registry, answer });
    await writer.flush();
    registry.unregister(histogram);
    const { gathered, written } = await writer.flush();
    assert.deepEqual([gathered, written], [2, 2]);
    const stale = [...receiver.stored].filter(([, values]) => [...values.values()].at(-1) === 'stale');
    assert.deepEqual(stale.map(([series]) => series).sort(), ends);
  });
}

test('each histogram is one sample of the accounts in both versions, also if it is refused', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  new Histogram({ name: 'h_seconds', help: 'H.', buckets: [1, 2, 3], registry }).observe(1);
  for (const [answer, written] of [
    [version2, 1],
    [version1, 1],
    [(response) => response.writeHead(422).end(), 0],
  ] as const satisfies readonly (readonly [Answer, number])[]) {
    const { writer } = await startWriter(t, { registry, answer });
    const counts = await writer.flush();
    assert.deepEqual([counts.gathered, counts.written, counts.rejected], [1, written, 1 - written]);
  }
});

test('requests stay below their maximum size if many histograms become series', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const buckets = Array.from({ length: 200 }, (_, index) => index + 1);
  const path = 'x'.repeat(500);
  const histogram = new Histogram({ name: 'h_seconds', help: 'H.', labelNames: ['path'], buckets, registry });
  for (let index = 0; index < 40; index++) histogram.observe({ path: `${path}${index}` }, 1);
  const { receiver, writer } = await startWriter(t, { registry, answer: version1 });
  const { gathered, written } = await writer.flush();
  assert.deepEqual([gathered, written], [40, 40]);
  const counts = receiver.received
    .filter(({ version }) => version === '1.0')
    .map(({ request }) => request.series.length);
  assert.ok(Math.max(...counts) * 500 < 2.2 * 1024 * 1024);
  assert.equal(
    counts.reduce((total, count) => total + count),
    40 * 203,
  );
});
