import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { GuardedEncoder } from '../../../src/exposition/encoding/guarded-encoder.ts';
import { encodeFamily } from '../../../src/model/encoder.ts';
import type { HistogramValue, MetricFamily } from '../../../src/model/family.ts';
import { SampleEncoder } from '../../../src/push/remote-write/sample-encoder.ts';
import { Samples } from '../../../src/push/remote-write/samples.ts';
import {
  REQUEST_HEADERS,
  type RemoteWriteVersion,
  requestSteps,
} from '../../../src/push/remote-write/write-requests.ts';
import { SeriesTable } from '../../../src/push/remote-write/write-series.ts';
import { completed } from './completed.ts';
import { type DecodedRequest, type DecodedSeries, decodeBody, decodeRequest, nameOf } from './decode-request.ts';

const TIME = 1_720_000_000_123;

interface Vector {
  readonly id: string;
  readonly name: string;
  readonly version: 1 | 2;
  readonly proto: string;
  readonly snappy: string;
  readonly headers: Readonly<Record<string, string>>;
}

const vectors: readonly Vector[] = readFileSync('test/push/remote-write/vectors.jsonl', 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

function vector(id: string): { version: RemoteWriteVersion; bytes: Buffer } {
  const found = vectors.find((each) => each.id === id);
  assert.ok(found);
  return { version: found.version === 1 ? '1.0' : '2.0', bytes: Buffer.from(found.proto, 'base64') };
}

interface Options {
  readonly labels?: readonly (readonly [string, string])[];
  readonly nativeHistograms?: boolean;
  readonly customBuckets?: boolean;
  readonly timestampMs?: number;
}

function encode(version: RemoteWriteVersion, families: readonly MetricFamily[], options: Options = {}): Uint8Array {
  const { labels = [], nativeHistograms = true, customBuckets = false, timestampMs = TIME } = options;
  const samples = new Samples(timestampMs);
  const table = new SeriesTable({ labels, shards: 1 });
  const encoder = new SampleEncoder(samples, table, 1, { nativeHistograms, customBuckets });
  const guarded = new GuardedEncoder(encoder, encoder, () => {});
  for (const family of families) encodeFamily(family, guarded);
  return completed(requestSteps(version, { samples, from: 0, to: samples.length }));
}

function decoded(version: RemoteWriteVersion, families: readonly MetricFamily[], options?: Options): DecodedRequest {
  return decodeRequest(version, encode(version, families, options));
}

function only(request: DecodedRequest): DecodedSeries {
  assert.equal(request.series.length, 1);
  const [series] = request.series;
  assert.ok(series);
  return series;
}

function valuesOf({ series }: DecodedRequest): Record<string, number | undefined> {
  return Object.fromEntries(series.map((each) => [nameOf(each), each.samples[0]?.value]));
}

const native: HistogramValue = {
  upperBounds: [],
  bucketCounts: [10],
  count: 10,
  sum: 12.5,
  native: {
    schema: 3,
    zeroThreshold: 2 ** -128,
    zeroCount: 1,
    positive: { indexes: [-2, -1, 2], counts: [3, 5, 1] },
    negative: { indexes: [], counts: [] },
  },
};

test('the headers of both versions are those of the vectors', () => {
  for (const { version, headers } of vectors) {
    const expected = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    assert.deepEqual(REQUEST_HEADERS[version === 1 ? '1.0' : '2.0'], Object.fromEntries(expected));
  }
});

test('the reader of these tests reads the vectors, compressed and not', () => {
  for (const { version, proto, snappy } of vectors.filter(({ id }) => id !== 'rw2/6')) {
    const name = version === 1 ? '1.0' : '2.0';
    assert.deepEqual(
      decodeBody(name, Buffer.from(snappy, 'base64')),
      decodeRequest(name, Buffer.from(proto, 'base64')),
    );
  }
});

test('one sample is the vector of version 1.0', () => {
  const family: MetricFamily = { name: 'm', help: '', type: 'gauge', points: [{ labels: { a: 'b' }, value: 1.5 }] };
  assert.deepEqual(Buffer.from(encode('1.0', [family])), vector('rw1/1').bytes);
});

test('a native histogram is that of the vector of version 1.0', () => {
  const expected = only(decodeRequest('1.0', vector('rw1/7').bytes));
  const family: MetricFamily = { name: 'h', help: '', type: 'histogram', points: [{ value: native }] };
  assert.deepEqual(only(decoded('1.0', [family])), expected);
});

test('an empty request of version 2.0 is the vector', () => {
  assert.deepEqual(Buffer.from(encode('2.0', [])), vector('rw2/0').bytes);
});

test('strings are UTF-8, as in the vector', () => {
  const labels = { é: '日本\n"\\' };
  const family: MetricFamily = { name: 'm', help: '', type: 'gauge', points: [{ labels, value: 1 }] };
  const expected = only(decodeRequest('1.0', vector('rw1/4').bytes)).labels;
  assert.deepEqual(only(decoded('2.0', [family])).labels, expected);
});

test('version 1.0 escapes names that it does not allow', () => {
  const labels = { 'http.method': 'GET', é: '1' };
  const family: MetricFamily = { name: 'my.metric', help: '', type: 'gauge', points: [{ labels, value: 1 }] };
  assert.equal(nameOf(only(decoded('1.0', [family]))), 'my_metric{_="1",http_method="GET"}');
  assert.equal(nameOf(only(decoded('2.0', [family]))), 'my.metric{http.method="GET",é="1"}');
});

test('version 1.0 has different names for labels that would be the same with underscores', () => {
  const labels = { 'a.b': '1', a_b: '2' };
  const family: MetricFamily = { name: 'm', help: '', type: 'gauge', points: [{ labels, value: 1 }] };
  assert.equal(nameOf(only(decoded('1.0', [family]))), 'm{U__a_2e_b="1",a_b="2"}');
});

for (const version of ['1.0', '2.0'] as const) {
  test(`${version}: classic histograms are series with cumulative buckets`, () => {
    const value = { upperBounds: [0.1, 1, 1e6], bucketCounts: [1, 2, 0, 4], count: 7, sum: 8.5 };
    const family: MetricFamily = { name: 'h', help: '', type: 'histogram', points: [{ value }] };
    assert.deepEqual(valuesOf(decoded(version, [family])), {
      'h_bucket{le="0.1"}': 1,
      'h_bucket{le="1.0"}': 3,
      'h_bucket{le="1e+06"}': 3,
      'h_bucket{le="+Inf"}': 7,
      h_count: 7,
      h_sum: 8.5,
    });
  });

  test(`${version}: gauge histograms have the sample names of OpenMetrics`, () => {
    const value = { upperBounds: [1], bucketCounts: [1, 2], count: 3, sum: 4 };
    const family: MetricFamily = { name: 'g', help: '', type: 'gaugehistogram', points: [{ value }] };
    const names = ['g_bucket{le="1.0"}', 'g_bucket{le="+Inf"}', 'g_gcount', 'g_gsum'];
    assert.deepEqual(Object.keys(valuesOf(decoded(version, [family]))), names);
  });

  test(`${version}: summaries, infos, state sets and unknowns are series`, () => {
    const quantiles = [
      { quantile: 0.5, value: 2 },
      { quantile: 1, value: 9 },
    ];
    const families: MetricFamily[] = [
      { name: 's', help: '', type: 'summary', points: [{ value: { count: 2, sum: 11, quantiles } }] },
      { name: 'build_info', help: '', type: 'info', points: [{ labels: { version: '1' }, value: 1 }] },
      {
        name: 'mode',
        help: '',
        type: 'stateset',
        points: [{ value: { states: ['on', 'off'], enabled: [true, false] } }],
      },
      { name: 'u', help: '', type: 'unknown', points: [{ value: -0.5 }] },
    ];
    assert.deepEqual(valuesOf(decoded(version, families)), {
      's{quantile="0.5"}': 2,
      's{quantile="1.0"}': 9,
      s_count: 2,
      s_sum: 11,
      'build_info{version="1"}': 1,
      'mode{mode="on"}': 1,
      'mode{mode="off"}': 0,
      u: -0.5,
    });
  });

  test(`${version}: parts that a parsed document does not have are left out`, () => {
    const value = { upperBounds: [1], bucketCounts: [1, 2], count: 3, sum: Number.NaN, hasSum: false };
    const family: MetricFamily = { name: 'h', help: '', type: 'histogram', points: [{ value }] };
    assert.equal('h_sum' in valuesOf(decoded(version, [family])), false);
  });

  test(`${version}: all series have the time of the gathering, except for points with their own time`, () => {
    const points = [
      { value: 1 },
      { labels: { at: 'own' }, value: 2, timestamp: 1.5 },
      { labels: { at: 'before' }, value: 3, timestamp: -2 },
    ];
    const { series } = decoded(version, [{ name: 'm', help: '', type: 'gauge', points }]);
    assert.deepEqual(
      series.map(({ samples }) => samples[0]?.timestamp),
      [TIME, 1500, -2000],
    );
  });

  test(`${version}: times that cannot be stored are those of the gathering`, () => {
    const points = [Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e300].map((timestamp, index) => ({
      labels: { index },
      value: 1,
      timestamp,
      startTimestamp: timestamp,
      exemplar: { labels: {}, value: 1, timestamp },
    }));
    const { series } = decoded(version, [{ name: 'c_total', help: '', type: 'counter', points }]);
    const times = series.map(({ samples, exemplars }) => [samples[0]?.timestamp, exemplars[0]?.timestamp]);
    assert.deepEqual(times, Array(4).fill([TIME, TIME]));
  });

  test(`${version}: exemplars without a time have that of the gathering`, () => {
    const points = [
      { value: 1, exemplar: { labels: { trace_id: 'abc' }, value: 0.5 } },
      { labels: { x: '1' }, value: 1, exemplar: { labels: { trace_id: 'def' }, value: 2, timestamp: 1.25 } },
    ];
    const { series } = decoded(version, [{ name: 'c_total', help: '', type: 'counter', points }]);
    assert.deepEqual(
      series.map(({ exemplars }) => exemplars),
      [
        [{ labels: { trace_id: 'abc' }, value: 0.5, timestamp: TIME }],
        [{ labels: { trace_id: 'def' }, value: 2, timestamp: 1250 }],
      ],
    );
  });

  test(`${version}: exemplars of classic buckets belong to the buckets`, () => {
    const exemplars = [undefined, { labels: { trace_id: 'slow' }, value: 7, timestamp: 1 }];
    const value = { upperBounds: [1], bucketCounts: [1, 2], count: 3, sum: 4, exemplars };
    const { series } = decoded(version, [{ name: 'h', help: '', type: 'histogram', points: [{ value }] }]);
    const counts = series.map((each) => [nameOf(each), each.exemplars.length]);
    assert.deepEqual(counts, [
      ['h_bucket{le="1.0"}', 0],
      ['h_bucket{le="+Inf"}', 1],
      ['h_count', 0],
      ['h_sum', 0],
    ]);
  });

  test(`${version}: a NaN with any bits is never the staleness marker`, () => {
    const bits = new BigUint64Array([0x7ff0000000000002n, 0xfff8000000000000n, 0x7ff8000000000123n]);
    const points = [...new Float64Array(bits.buffer)].map((value, index) => ({ labels: { index }, value }));
    const { series } = decoded(version, [{ name: 'm', help: '', type: 'gauge', points }]);
    assert.deepEqual(
      series.map(({ samples }) => [samples[0]?.value, samples[0]?.isStale]),
      [
        [NaN, false],
        [NaN, false],
        [NaN, false],
      ],
    );
  });

  test(`${version}: labels, including constant ones, are sorted by their bytes, and empty values are left out`, () => {
    const labels = { zone: 'a', empty: '', B: '1', job: 'own' };
    const constant = [
      ['job', 'api'],
      ['instance', 'host:1'],
      ['none', ''],
    ] as const;
    const family: MetricFamily = { name: 'm', help: '', type: 'gauge', points: [{ labels, value: 1 }] };
    const names = only(decoded(version, [family], { labels: constant })).labels.map((pair) => pair.join('='));
    assert.deepEqual(names, ['B=1', '__name__=m', 'instance=host:1', 'job=own', 'zone=a']);
  });

  test(`${version}: native histograms of each kind are encoded without loss`, () => {
    const negative = { indexes: [-40, 0, 100], counts: [1, 2, 3] };
    const fractions = { ...native, count: 10.5, native: { ...native.native!, zeroCount: 1.5 } };
    const points = [
      { labels: { kind: 'negative' }, value: { ...native, count: 16, native: { ...native.native!, negative } } },
      { labels: { kind: 'fractions' }, value: fractions },
      { labels: { kind: 'nan' }, value: { ...native, count: 11, sum: Number.NaN } },
    ];
    const { series } = decoded(version, [{ name: 'h', help: '', type: 'histogram', points }]);
    const [first, second, third] = series.map(({ histograms }) => histograms[0]);
    assert.deepEqual(first?.negative, { [-40]: 1, 0: 2, 100: 3 });
    assert.deepEqual(
      [second?.countFloat, second?.zeroCount, second?.positive],
      [10.5, 1.5, { [-2]: 3, [-1]: 5, 2: 1 }],
    );
    assert.deepEqual([third?.count, third?.sum, third?.isStale], [11, NaN, false]);
  });

  test(`${version}: gauge histograms with native buckets are marked as gauges`, () => {
    const family: MetricFamily = { name: 'g', help: '', type: 'gaugehistogram', points: [{ value: native }] };
    assert.equal(only(decoded(version, [family])).histograms[0]?.resetHint, 3);
  });

  test(`${version}: without native histograms, their classic buckets are sent`, () => {
    const family: MetricFamily = { name: 'h', help: '', type: 'histogram', points: [{ value: native }] };
    const values = valuesOf(decoded(version, [family], { nativeHistograms: false }));
    assert.deepEqual(values, { 'h_bucket{le="+Inf"}': 10, h_count: 10, h_sum: 12.5 });
  });

  test(`${version}: invalid native histograms leave nothing behind`, () => {
    const broken = { ...native, count: 3 };
    const points = [
      { labels: { is: 'broken' }, value: broken },
      { labels: { is: 'sound' }, value: native },
    ];
    const { series } = decoded(version, [{ name: 'h', help: '', type: 'histogram', points }]);
    assert.deepEqual(series.map(nameOf), ['h{is="sound"}']);
  });

  test(`${version}: a series that occurs twice is sent once`, () => {
    const points = [
      { labels: { a: '1', b: '' }, value: 1 },
      { labels: { b: '', a: '1' }, value: 2 },
      { labels: { a: '1' }, value: 3 },
    ];
    assert.deepEqual(valuesOf(decoded(version, [{ name: 'm', help: '', type: 'gauge', points }])), { 'm{a="1"}': 1 });
  });

  test(`${version}: series whose joined names and values are equal are different series`, () => {
    const points = [
      { a: 'b1:c', d: '' },
      { a: 'b', '1:c': 'd' },
      { a: '', a1: 'b1:c' },
      { a1: 'b', '': '' },
    ].map((labels) => ({
      labels: Object.fromEntries(Object.entries(labels).filter(([name]) => name !== '')),
      value: 1,
    }));
    assert.equal(decoded(version, [{ name: 'm', help: '', type: 'gauge', points }]).series.length, 4);
  });
}

test('version 2.0 has metadata and start times, and each string once', () => {
  const points = [
    { labels: { path: '/' }, value: 3, startTimestamp: 1_719_999_999.5 },
    { labels: { path: '/b' }, value: 4 },
  ];
  const request = decoded('2.0', [
    { name: 'read_bytes_total', help: 'Bytes read.', unit: 'bytes', type: 'counter', points },
  ]);
  assert.deepEqual(request.symbols, ['', '__name__', 'read_bytes_total', 'path', '/', 'Bytes read.', 'bytes', '/b']);
  assert.deepEqual(
    request.series.map(({ metadata }) => metadata),
    Array(2).fill({ type: 1, help: 'Bytes read.', unit: 'bytes' }),
  );
  assert.deepEqual(
    request.series.map(({ samples }) => samples[0]?.startTimestamp),
    [1_719_999_999_500, undefined],
  );
});

test('version 2.0 leaves out start times after the time of the value', () => {
  const points = [{ value: 3, startTimestamp: TIME / 1000 + 60 }];
  const series = only(decoded('2.0', [{ name: 'c_total', help: '', type: 'counter', points }]));
  assert.equal('startTimestamp' in (series.samples[0] ?? {}), false);
});

test('version 2.0 has the start time of native histograms', () => {
  const points = [{ value: native, startTimestamp: 1.5 }];
  const series = only(decoded('2.0', [{ name: 'h', help: '', type: 'histogram', points }]));
  assert.equal(series.histograms[0]?.startTimestamp, 1500);
});
