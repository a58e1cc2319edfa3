/**
 * The rules that prometheus/compliance checks for senders of remote write (remotewrite/sender), in its order. Retries, and the
 * change to version 1.0, are tested in remote-writer.test.ts. docs/decisions.md lists the differences.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import snappyjs from 'snappyjs';
import { Counter, Gauge, Histogram, Info, Registry, StateSet, Summary } from '../../../src/index.ts';
import { RemoteWriter } from '../../../src/push/remote-write/remote-writer.ts';
import type { RemoteWriterOptions } from '../../../src/push/remote-write/remote-writer-options.ts';
import { ManualClock } from '../../../src/scheduler/manual-clock.ts';
import { type Answer, type ReceivedRequest, startReceiver } from '../receiver.ts';
import { type DecodedRequest, type DecodedSeries, decodeBody, nameOf } from './decode-request.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const trace = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331', user: 'x' };

function filledRegistry(): Registry {
  const registry = new Registry({ selfMetrics: false });
  const counter = new Counter({ name: 'c_total', help: 'C.', labelNames: ['zone', 'a', 'B'], registry });
  counter.inc({ zone: '日本', a: 'quote " backslash \\ line \n', B: '' }, 1, trace);
  counter.inc({ zone: 'x'.repeat(10_240), a: '', B: 'b' }, 2);
  const gauge = new Gauge({ name: 'g_bytes', unit: 'bytes', help: 'G.', labelNames: ['kind'], registry });
  const values = {
    nan: Number.NaN,
    up: Number.POSITIVE_INFINITY,
    down: Number.NEGATIVE_INFINITY,
    zero: 0,
    pi: Math.PI,
    low: -5e-324,
  };
  for (const [kind, value] of Object.entries(values)) gauge.set({ kind }, value);
  new Histogram({ name: 'h_seconds', help: 'H.', buckets: [0.1, 1], registry }).observe(0.5, trace);
  new Histogram({ name: 'n', help: 'N.', native: {}, registry }).observe(0.5);
  new Summary({ name: 's', help: 'S.', quantiles: [0.5], registry }).observe(1);
  new Info({ name: 'build_info', help: 'I.', labelNames: ['version'], registry }).set({ version: '1' });
  new StateSet({ name: 'mode', help: 'M.', states: ['on', 'off'], registry }).set('on');
  return registry;
}

const written: Answer = (response) =>
  response
    .writeHead(204, {
      'x-prometheus-remote-write-samples-written': '1000',
      'x-prometheus-remote-write-histograms-written': '1000',
    })
    .end();

/** Sends a registry, and returns what arrives. */
async function sent(t: TestContext, options: Partial<RemoteWriterOptions> = {}, answer: Answer = written) {
  const receiver = await startReceiver(t, answer);
  const writer = new RemoteWriter({
    url: `${receiver.url}/api/v1/write`,
    registry: filledRegistry(),
    labels: { job: 'worker', instance: 'worker-1' },
    logger: silent,
    onStop: 'keep',
    proxy: false,
    ...options,
  });
  await writer.flush();
  const [request] = receiver.requests;
  assert.ok(request !== undefined);
  const version = options.version ?? '2.0';
  return { request, decoded: decodeBody(version, request.body), writer, receiver };
}

function eachSeries({ series }: DecodedRequest, check: (series: DecodedSeries) => void): void {
  assert.ok(series.length > 15);
  for (const each of series) check(each);
}

function seriesOf(request: DecodedRequest, name: string): DecodedSeries {
  const found = request.series.find((series) => nameOf(series).startsWith(name));
  assert.ok(found !== undefined, name);
  return found;
}

const requestRules: readonly (readonly [string, (request: ReceivedRequest) => void])[] = [
  ['requests use POST', ({ method }) => assert.equal(method, 'POST')],
  ['Content-Encoding is snappy', ({ headers }) => assert.equal(headers['content-encoding'], 'snappy')],
  ['bodies have the snappy block format', ({ body }) => assert.ok(snappyjs.uncompress(body).length > 0)],
  [
    'Content-Type has the message as its parameter',
    ({ headers }) =>
      assert.equal(headers['content-type'], 'application/x-protobuf;proto=io.prometheus.write.v2.Request'),
  ],
  ['the version header is 2.0.0', ({ headers }) => assert.equal(headers['x-prometheus-remote-write-version'], '2.0.0')],
  [
    'User-Agent is a product with a version',
    ({ headers }) => assert.match(headers['user-agent'] ?? '', /^zeroprom\/\d+\.\d+\.\d+/),
  ],
];

for (const [rule, check] of requestRules) test(`protocol: ${rule}`, async (t) => check((await sent(t)).request));

test('protocol: headers of the user cannot replace those of the protocol', () => {
  for (const name of ['Content-Encoding', 'content-type', 'X-Prometheus-Remote-Write-Version', 'User-Agent']) {
    assert.throws(() => new RemoteWriter({ url: 'http://localhost', headers: { [name]: 'x' } }), /set by the protocol/);
  }
});

const dataRules: readonly (readonly [string, (request: DecodedRequest) => void])[] = [
  ['symbols: the first one is empty', ({ symbols }) => assert.equal(symbols[0], '')],
  ['symbols: none occurs twice', ({ symbols }) => assert.equal(new Set(symbols).size, symbols.length)],
  [
    'symbols: all are used',
    ({ symbols, series }) => {
      const used = series.flatMap(({ labels, exemplars, metadata }) => [
        ...labels.flat(),
        ...exemplars.flatMap((exemplar) => Object.entries(exemplar.labels).flat()),
        metadata?.help,
        metadata?.unit,
      ]);
      assert.deepEqual(
        symbols.filter((symbol) => symbol !== '' && !used.includes(symbol)),
        [],
      );
    },
  ],
  [
    'labels: they are sorted, occur once, and are not empty',
    (request) =>
      eachSeries(request, ({ labels }) => {
        const names = labels.map(([name]) => name);
        assert.deepEqual(names, [...new Set(names)].sort());
        assert.ok(labels.every(([name, value]) => name !== '' && value !== ''));
      }),
  ],
  [
    'labels: each series has a name, job and instance',
    (request) =>
      eachSeries(request, ({ labels }) => {
        const { __name__: name, job, instance } = Object.fromEntries(labels);
        assert.match(name ?? '', /^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
        assert.deepEqual([job, instance], ['worker', 'worker-1']);
      }),
  ],
  [
    'labels: values may have any characters and 10 KB',
    ({ series }) => {
      const values = new Set(series.flatMap(({ labels }) => labels.map(([, value]) => value)));
      for (const value of ['日本', 'quote " backslash \\ line \n', 'x'.repeat(10_240)]) assert.ok(values.has(value));
    },
  ],
  [
    'samples: a series has either one sample or one histogram',
    (request) => eachSeries(request, ({ samples, histograms }) => assert.equal(samples.length + histograms.length, 1)),
  ],
  [
    'samples: all values are exact',
    (request) => {
      const values = ['nan', 'up', 'down', 'zero', 'pi', 'low'].map((kind) => {
        const series = request.series.find(({ labels }) => labels.some(([, value]) => value === kind));
        return series?.samples[0]?.value;
      });
      const [inf, minusInf] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      assert.deepEqual(values, [Number.NaN, inf, minusInf, 0, Math.PI, -5e-324]);
    },
  ],
  [
    'samples: no value is the staleness marker',
    (request) => eachSeries(request, ({ samples }) => assert.ok(samples.every(({ isStale }) => !isStale))),
  ],
  [
    'timestamps: all are whole milliseconds, and the same',
    ({ series }) => {
      const times = new Set(
        series.flatMap(({ samples, histograms }) => [...samples, ...histograms].map(({ timestamp }) => timestamp)),
      );
      assert.equal(times.size, 1);
      for (const time of times) assert.ok(Number.isInteger(time) && Math.abs(time - Date.now()) < 60_000);
    },
  ],
  [
    'timestamps: counters, histograms and summaries have a start time',
    (request) => {
      for (const name of ['c_total', 'h_seconds_bucket', 'h_seconds_count', 'h_seconds_sum', 's_count']) {
        assert.ok((seriesOf(request, name).samples[0]?.startTimestamp ?? 0) > 0, name);
      }
      assert.ok((seriesOf(request, 'n{').histograms[0]?.startTimestamp ?? 0) > 0);
      assert.equal(seriesOf(request, 'g_bytes').samples[0]?.startTimestamp, undefined);
    },
  ],
  [
    'histograms: classic ones have cumulative buckets, up to +Inf, with a count and a sum',
    ({ series }) => {
      const buckets = series.filter((each) => nameOf(each).startsWith('h_seconds_bucket'));
      const shown = buckets.map(({ labels, samples }) => [Object.fromEntries(labels)['le'], samples[0]?.value]);
      assert.deepEqual(shown, [
        ['0.1', 0],
        ['1.0', 1],
        ['+Inf', 1],
      ]);
    },
  ],
  [
    'histograms: native ones have schema, count, sum and buckets',
    (request) => {
      const [histogram] = seriesOf(request, 'n{').histograms;
      assert.deepEqual([histogram?.schema, histogram?.count, histogram?.sum], [3, 1, 0.5]);
      assert.deepEqual(Object.values(histogram?.positive ?? {}), [1]);
    },
  ],
  [
    'exemplars: they have all labels, a value and a time',
    ({ series }) => {
      const exemplars = series.flatMap((each) => each.exemplars);
      assert.equal(exemplars.length, 2);
      for (const { labels, timestamp } of exemplars) {
        assert.deepEqual(labels, trace);
        assert.ok(timestamp > 0);
      }
    },
  ],
  [
    'metadata: each series has type, help and unit',
    (request) => {
      const types = ['c_total', 'g_bytes', 'h_seconds_sum', 's{', 'build_info', 'mode'].map(
        (name) => seriesOf(request, name).metadata,
      );
      assert.deepEqual(
        types.map((metadata) => metadata?.type),
        [1, 2, 3, 5, 6, 7],
      );
      assert.deepEqual(seriesOf(request, 'g_bytes').metadata, { type: 2, help: 'G.', unit: 'bytes' });
    },
  ],
];

for (const [rule, check] of dataRules) test(rule, async (t) => check((await sent(t)).decoded));

test('backoff: waits grow exponentially, with jitter, and Retry-After is respected', async (t) => {
  const clock = new ManualClock();
  const receiver = await startReceiver(t, (response, _request, index) => {
    const headers = index === 4 ? { 'retry-after': '60' } : {};
    if (index < 6) response.writeHead(503, headers).end();
    else written(response, _request, index);
  });
  const waits: number[] = [];
  const observed = {
    now: () => clock.now(),
    wall: () => clock.wall(),
    clearTimeout: (timer: ReturnType<typeof clock.setTimeout>) => clock.clearTimeout(timer),
    setTimeout(callback: () => void, delayMs: number) {
      waits.push(delayMs);
      return clock.setTimeout(callback, 0);
    },
  };
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'g', help: '', registry }).set(1);
  const options = { url: receiver.url, registry, logger: silent, onStop: 'keep', proxy: false } as const;
  const writer = new RemoteWriter(options, { clock: observed, random: () => 0.5 });
  const flushed = writer.flush();
  while (writer.counts.written === 0) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(1);
  }
  await flushed;
  assert.deepEqual(waits, [22.5, 45, 90, 180, 60_000, 720]);
});

test('response: its body is ignored after a success, and logged as it is after a refusal', async (t) => {
  const errors: string[] = [];
  const logger = {
    ...silent,
    warn: (_text: string, fields?: { error?: unknown }) => errors.push(String(fields?.error)),
  };
  const good = await sent(t, { logger }, (response) => {
    response.setHeader('x-prometheus-remote-write-samples-written', '1000');
    response.setHeader('x-prometheus-remote-write-histograms-written', '1000');
    response.writeHead(200).end('an error?');
  });
  assert.equal(good.writer.counts.written, good.writer.counts.gathered);
  assert.deepEqual(errors, []);
  await sent(t, { logger, version: '1.0' }, (response) => response.writeHead(400).end('too old: "x"'));
  assert.match(errors.join(), /too old: "x"/);
});

test('version 1.0: plain Content-Type, version 0.1.0, and neither symbols nor start times', async (t) => {
  const { request, decoded } = await sent(t, { version: '1.0' }, (response) => response.writeHead(204).end());
  assert.equal(request.headers['content-type'], 'application/x-protobuf');
  assert.equal(request.headers['x-prometheus-remote-write-version'], '0.1.0');
  eachSeries(decoded, ({ samples, histograms }) => {
    for (const { startTimestamp } of [...samples, ...histograms]) assert.equal(startTimestamp, undefined);
  });
});

test('timestamps: those of a series increase, and no start time is after the sample', async (t) => {
  const { writer, receiver } = await sent(t);
  await writer.flush();
  const [first, second] = receiver.requests.map(({ body }) => decodeBody('2.0', body));
  assert.ok(first !== undefined && second !== undefined);
  eachSeries(first, ({ samples, histograms }) => {
    for (const { timestamp, startTimestamp = 0 } of [...samples, ...histograms]) assert.ok(startTimestamp <= timestamp);
  });
  const timeOf = (request: DecodedRequest) => seriesOf(request, 'c_total').samples[0]?.timestamp ?? Number.NaN;
  assert.ok(timeOf(second) > timeOf(first));
});

test('timestamps: a point may be at zero or in the future, and names and labels may be long', async (t) => {
  const name = `m${'x'.repeat(1000)}`;
  const labels = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`label_${index}`, String(index)]));
  const future = Math.round(Date.now() / 1000) + 3600;
  const points = [
    { labels: { at: 'zero' }, value: 1, timestamp: 0 },
    { labels: { at: 'future' }, value: 1, timestamp: future },
    { labels, value: 1 },
  ];
  const registry = new Registry({ selfMetrics: false });
  registry.register({ name: 'points', collect: () => [{ name, help: '', type: 'gauge', points }] });
  const { series } = (await sent(t, { registry })).decoded;
  assert.deepEqual(
    series.slice(0, 2).map(({ samples }) => samples[0]?.timestamp),
    [0, future * 1000],
  );
  assert.ok(
    series.every(({ labels: pairs }) => pairs.some(([label, value]) => label === '__name__' && value === name)),
  );
  assert.equal(series[2]?.labels.length, 103);
});

test('metadata: gauge histograms and unknown families have their types', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const value = { upperBounds: [], bucketCounts: [1], count: 1, sum: 1 };
  registry.register({
    name: 'families',
    collect: () => [
      { name: 'gh', help: 'G.', type: 'gaugehistogram', points: [{ value }] },
      { name: 'u', help: 'U.', type: 'unknown', points: [{ value: 1 }] },
    ],
  });
  const { decoded } = await sent(t, { registry });
  assert.deepEqual(
    ['gh_gcount', 'u'].map((name) => seriesOf(decoded, name).metadata?.type),
    [4, 0],
  );
});

for (const code of [200, 202, 204]) {
  test(`response: ${code} is a success`, async (t) => {
    const { writer } = await sent(t, {}, (response) => {
      response.setHeader('x-prometheus-remote-write-samples-written', '1000');
      response.setHeader('x-prometheus-remote-write-histograms-written', '1000');
      response.writeHead(code).end();
    });
    const { gathered, written: stored } = writer.counts;
    assert.equal(stored, gathered);
  });
}

for (const [what, url] of [
  ['refuses connections', 'http://127.0.0.1:1/'],
  ['has an unknown name', 'http://receiver.invalid/'],
  ['does not speak TLS', undefined],
] as const) {
  test(`errors: samples for a receiver that ${what} stay pending`, async (t) => {
    const plain = (await startReceiver(t)).url.replace('http:', 'https:');
    const options = { url: url ?? plain, registry: filledRegistry(), retry: { min: 1, max: 5 }, proxy: false } as const;
    const writer = new RemoteWriter({ ...options, logger: silent, onStop: 'keep' });
    await assert.rejects(writer.flush({ timeout: 200 }), /samples are pending/);
    const { gathered, pending, rejected, dropped } = writer.counts;
    assert.deepEqual([pending, rejected, dropped.too_old], [gathered, 0, 0]);
    assert.equal((await writer.stop({ timeout: 1 })).pending, 0);
  });
}
