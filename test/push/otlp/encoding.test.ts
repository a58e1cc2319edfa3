import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Counter, Gauge, Histogram, Info, Registry, StateSet } from '../../../src/index.ts';
import type { MetricFamily } from '../../../src/model/family.ts';
import type { OtlpExporterOptions } from '../../../src/push/otlp/otlp-options.ts';
import { Gathering } from '../../../src/registry/gathering.ts';
import { ManualClock } from '../../../src/scheduler/manual-clock.ts';
import { cases } from '../../cases.ts';
import { assertGolden } from '../../golden.ts';
import { newExporter, startOtlpReceiver } from './otlp-receiver.ts';
import { attributesOf, dataOf, linesOf, type OtlpMetric } from './otlp-schema.ts';

const protocols = ['http/protobuf', 'http/json'] as const;

/** Exports families, and returns the metrics that arrive and the problems. */
async function exported(t: TestContext, families: readonly MetricFamily[], options: OtlpExporterOptions = {}) {
  const receiver = await startOtlpReceiver(t);
  const registry = { gather: async () => new Gathering(families, []) };
  const { failures } = await newExporter(receiver, { registry, ...options }).flush();
  return { receiver, metrics: receiver.metrics, problems: failures.map(({ error }) => error.message) };
}

async function exportedMetric(
  t: TestContext,
  family: MetricFamily,
  options: OtlpExporterOptions = {},
): Promise<OtlpMetric> {
  const { metrics, problems } = await exported(t, [family], options);
  assert.deepEqual(problems, []);
  const [metric] = metrics;
  assert.ok(metric !== undefined);
  return metric;
}

for (const protocol of protocols) {
  test(`${protocol} matches otlp.jsonl`, async (t) => {
    const receiver = await startOtlpReceiver(t);
    const registry = { gather: async () => new Gathering(cases, []) };
    const clock = new ManualClock();
    const resource = { 'service.name': 'test', 'service.instance.id': 'é', whole: 3, fraction: -1.5, yes: true };
    await newExporter(receiver, { registry, protocol, resource }, { clock }).flush();
    assertGolden('otlp.jsonl', linesOf(receiver.decoded));
  });

  test(`${protocol}: labels may contain anything, and empty ones count as missing`, async (t) => {
    const texts = ['"\\\n\u0000\u2028', 'é😀', '\ud800', '', 'x'.repeat(300)];
    const points = texts.map((text, index) => ({ labels: { text, index }, value: index }));
    const metric = await exportedMetric(t, { name: 'g', help: '"', type: 'gauge', points }, { protocol });
    assert.deepEqual(
      dataOf(metric).dataPoints.map(({ attributes }) => attributesOf(attributes)),
      texts.map((text, index) => ({ ...(text === '' ? {} : { text: text.toWellFormed() }), index: String(index) })),
    );
  });

  test(`${protocol}: values may be any numbers`, async (t) => {
    const values = [
      0,
      -0,
      0.1,
      -1e300,
      5e-324,
      2 ** 53,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ];
    const points = values.map((value, index) => ({ labels: { index }, value }));
    const metric = await exportedMetric(t, { name: 'g', help: '', type: 'gauge', points }, { protocol });
    assert.deepEqual(
      dataOf(metric).dataPoints.map(({ asDouble }) => Number(asDouble)),
      values.map((value) => value + 0),
    );
  });

  test(`${protocol}: times have all digits that a double has`, async (t) => {
    const times = [1e-6, 1_700_000_000.123456, 4_294_967_296.5, 9e9];
    const points = times.map((timestamp, index) => ({ labels: { index }, value: 1, timestamp }));
    const metric = await exportedMetric(t, { name: 'g', help: '', type: 'gauge', points }, { protocol });
    assert.deepEqual(
      dataOf(metric).dataPoints.map(({ timeUnixNano }) => timeUnixNano),
      ['1000', '1700000000123456000', '4294967296500000000', '9000000000000000000'],
    );
  });

  test(`${protocol}: counts may have 64 bits`, async (t) => {
    const counts = [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 63];
    for (const count of counts) {
      const value = { upperBounds: [1], bucketCounts: [count, 0], count, sum: 1 };
      const metric = await exportedMetric(
        t,
        { name: 'h', help: '', type: 'histogram', points: [{ value }] },
        { protocol },
      );
      const [point] = dataOf(metric).dataPoints;
      assert.equal(point?.count, String(BigInt(count)));
      assert.deepEqual(point?.bucketCounts, [String(BigInt(count)), '0']);
    }
  });
}

test('a start after the time of the point, and invalid times, are left out', async (t) => {
  const points = [
    { value: 1, startTimestamp: 9e9 },
    { value: 1, labels: { a: 1 }, startTimestamp: -5, timestamp: -1 },
    { value: 1, labels: { a: 2 }, startTimestamp: Number.NaN, timestamp: Number.POSITIVE_INFINITY },
  ];
  const metric = await exportedMetric(t, { name: 'c_total', help: '', type: 'counter', points });
  for (const { startTimeUnixNano, timeUnixNano } of dataOf(metric).dataPoints) {
    assert.equal(startTimeUnixNano, undefined);
    assert.ok(Number(timeUnixNano) > 1.6e18);
  }
});

test('units are those of UCUM if they are the suffix of the name', async (t) => {
  const units = [
    ['a_seconds', 'seconds', 's'],
    ['b_bytes', 'bytes', 'By'],
    ['c_ratio', 'ratio', '1'],
    ['d_celsius', 'celsius', 'Cel'],
    ['e_meters_per_second', 'meters_per_second', 'm/s'],
    ['f_apples', 'apples', 'apples'],
    ['g', 'seconds', undefined],
  ] as const;
  const families = units.map(
    ([name, unit]): MetricFamily => ({ name, unit, help: '', type: 'gauge', points: [{ value: 1 }] }),
  );
  const { metrics } = await exported(t, families);
  assert.deepEqual(
    metrics.map(({ name, unit }) => [name, unit]),
    units.map(([name, , unit]) => [name, unit]),
  );
});

test('labels of target_info become attributes of the resource, and options take precedence', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'z', help: '', registry }).set(1);
  const labelNames = ['zone', 'service.name'] as const;
  new Info({ name: 'target_info', help: '', labelNames, registry }).set({ zone: 'b', 'service.name': 'other' });
  await newExporter(receiver, { registry, maxPointsPerRequest: 1 }).flush();
  assert.deepEqual(
    receiver.metrics.map(({ name }) => name),
    ['z'],
  );
  assert.deepEqual(attributesOf(receiver.decoded[0]?.resourceMetrics[0]?.resource.attributes), {
    zone: 'b',
    'service.name': 'test',
    'service.instance.id': 'a',
  });
});

test('the labels otel_scope_* become the scope, each with its metrics', async (t) => {
  const labels = (scope: string) => ({ otel_scope_name: scope, otel_scope_version: '2', otel_scope_x: 'y', a: 1 });
  const points = ['one', 'two', 'one'].map((scope, index) => ({ labels: { ...labels(scope), index }, value: index }));
  const { receiver } = await exported(t, [
    { name: 'a', help: '', type: 'gauge', points },
    {
      name: 'b',
      help: '',
      type: 'gauge',
      points: [{ labels: { otel_scope_schema_url: 'u', otel_scope_name: '' }, value: 1 }, { value: 2 }],
    },
  ]);
  const scopes = receiver.decoded[0]?.resourceMetrics[0]?.scopeMetrics ?? [];
  assert.deepEqual(
    scopes.map(({ scope, schemaUrl, metrics }) => [
      scope.name,
      scope.version,
      attributesOf(scope.attributes),
      schemaUrl,
      metrics.map((metric) => dataOf(metric).dataPoints.map(({ attributes }) => attributesOf(attributes))),
    ]),
    [
      [
        'one',
        '2',
        { x: 'y' },
        undefined,
        [
          [
            { a: '1', index: '0' },
            { a: '1', index: '2' },
          ],
        ],
      ],
      ['two', '2', { x: 'y' }, undefined, [[{ a: '1', index: '1' }]]],
      [undefined, undefined, {}, 'u', [[{}]]],
      ['zeroprom', '0.1.0', {}, undefined, [[{}]]],
    ],
  );
});

test('exemplars have ids of traces and spans if they are valid, and other labels as attributes', async (t) => {
  const trace = '0AF7651916CD43DD8448EB211C80319C';
  const exemplars = [
    { trace_id: trace, span_id: 'b7ad6b7169203331', user: 'x' },
    { trace_id: '0'.repeat(32), span_id: 'b7ad6b716920333' },
    {},
  ];
  const points = exemplars.map((labels, index) => ({
    labels: { index },
    value: 1,
    exemplar: { labels, value: 0.5, timestamp: 3 },
  }));
  const metric = await exportedMetric(t, { name: 'c_total', help: '', type: 'counter', points });
  const shown = dataOf(metric).dataPoints.flatMap((point) => point.exemplars ?? []);
  assert.deepEqual(shown, [
    {
      filteredAttributes: [{ key: 'user', value: { stringValue: 'x' } }],
      timeUnixNano: '3000000000',
      asDouble: 0.5,
      spanId: 'b7ad6b7169203331',
      traceId: trace.toLowerCase(),
    },
    {
      filteredAttributes: [
        { key: 'trace_id', value: { stringValue: '0'.repeat(32) } },
        { key: 'span_id', value: { stringValue: 'b7ad6b716920333' } },
      ],
      timeUnixNano: '3000000000',
      asDouble: 0.5,
    },
    { timeUnixNano: '3000000000', asDouble: 0.5 },
  ]);
});

test('gauge histograms and counts with fractions are left out and reported', async (t) => {
  const value = { upperBounds: [1], bucketCounts: [1.5, 1], count: 2.5, sum: 1 };
  const native = {
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0.5,
    positive: { indexes: [1], counts: [2] },
    negative: { indexes: [], counts: [] },
  };
  const { metrics, problems } = await exported(t, [
    { name: 'a', help: '', type: 'histogram', points: [{ value }] },
    { name: 'b', help: '', type: 'gaugehistogram', points: [{ value: { ...value, bucketCounts: [1, 1], count: 2 } }] },
    {
      name: 'c',
      help: '',
      type: 'histogram',
      points: [{ value: { upperBounds: [], bucketCounts: [2.5], count: 2.5, sum: 1, native } }],
    },
    { name: 'd', help: '', type: 'summary', points: [{ value: { count: 1.5, sum: 1, quantiles: [] } }] },
    { name: 'e', help: '', type: 'gauge', points: [{ value: 1 }] },
  ]);
  assert.deepEqual(
    metrics.map(({ name }) => name),
    ['e'],
  );
  assert.deepEqual(
    problems.map((problem) => problem.slice(0, 14)),
    ['a is not shown', 'b is not shown', 'c is not shown', 'd is not shown'],
  );
});

test('a series that occurs twice is reported, and its first point is shown', async (t) => {
  const points = [{ value: 1 }, { value: 2, labels: { a: '' } }, { value: 3, labels: { a: 'b' } }];
  const { metrics, problems } = await exported(t, [{ name: 'g', help: '', type: 'gauge', points }]);
  assert.deepEqual(
    metrics.flatMap((metric) => dataOf(metric).dataPoints.map(({ asDouble }) => asDouble)),
    [1, 3],
  );
  assert.match(problems.join(), /must occur once/);
});

test('a native histogram has the buckets of the observations, without infinite ones', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = new Registry({ selfMetrics: false });
  const histogram = new Histogram({ name: 'h', help: '', native: { schema: 0 }, registry });
  for (const value of [
    0,
    1,
    3,
    4,
    4.1,
    -2,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    Number.MAX_VALUE,
  ]) {
    histogram.observe(value);
  }
  await newExporter(receiver, { registry }).flush();
  const [point] = receiver.pointsOf('h')[0] ?? [];
  // Bucket offset + i holds values in (2 ** (offset + i), 2 ** (offset + i + 1)].
  assert.equal(point?.scale, 0);
  assert.equal(point?.zeroCount, '1');
  assert.equal(point?.positive?.offset, -1);
  assert.deepEqual(point?.positive?.bucketCounts.slice(0, 4), ['1', '0', '2', '1']);
  assert.equal(point?.positive?.bucketCounts.length, 1025);
  assert.deepEqual(point?.negative, { offset: 0, bucketCounts: ['1'] });
  assert.equal(point?.count, '7');
  assert.equal(point?.sum, 'NaN');
});

test('sparse native histograms get a lower resolution instead of long lists of buckets', async (t) => {
  const native = {
    schema: 8,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: { indexes: [-274_000, 1, 200_000], counts: [1, 2, 3] },
    negative: { indexes: [], counts: [] },
  };
  const value = { upperBounds: [], bucketCounts: [6], count: 6, sum: 1, native };
  const metric = await exportedMetric(t, { name: 'h', help: '', type: 'histogram', points: [{ value }] });
  const [point] = dataOf(metric).dataPoints;
  const counts = point?.positive?.bucketCounts ?? [];
  assert.equal(point?.scale, 1);
  assert.equal(point?.count, '6');
  assert.deepEqual(
    counts.filter((count) => count !== '0'),
    ['1', '2', '3'],
  );
  // Merging 128 buckets of schema 8 makes one of schema 1.
  assert.equal(point?.positive?.offset, Math.ceil(-274_000 / 128) - 1);
  assert.equal(counts.length, Math.ceil(200_000 / 128) - Math.ceil(-274_000 / 128) + 1);
});

test('nativeHistograms: false sends classic buckets', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = new Registry({ selfMetrics: false });
  new Histogram({ name: 'h', help: '', buckets: [1, 2], native: {}, registry }).observe(1.5);
  await newExporter(receiver, { registry, nativeHistograms: false }).flush();
  assert.deepEqual(receiver.metrics[0]?.histogram?.dataPoints[0]?.bucketCounts, ['0', '1', '0']);
});

test('state sets are one point for each state', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = new Registry({ selfMetrics: false });
  new StateSet({ name: 'mode', help: '', states: ['on', 'off'], registry }).set('off');
  new Counter({ name: 'c_total', help: '', registry }).inc(2);
  await newExporter(receiver, { registry }).flush();
  const [counter, mode] = receiver.metrics;
  assert.equal(counter?.sum?.isMonotonic, true);
  assert.equal(mode?.sum?.isMonotonic, undefined);
  assert.deepEqual(
    mode?.sum?.dataPoints.map(({ attributes, asDouble }) => [attributesOf(attributes), asDouble]),
    [
      [{ mode: 'on' }, 0],
      [{ mode: 'off' }, 1],
    ],
  );
});
