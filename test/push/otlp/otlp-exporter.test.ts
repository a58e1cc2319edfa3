import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, StateSet } from '../../../src/index.ts';
import { PushError } from '../../../src/push/delivery/push-error.ts';
import { Gathering } from '../../../src/registry/gathering.ts';
import { ManualClock } from '../../../src/scheduler/manual-clock.ts';
import { silent } from '../../silent-logger.ts';
import type { Answer } from '../receiver.ts';
import { gaugesIn, newRegistry } from '../registries.ts';
import { newExporter, startOtlpReceiver } from './otlp-receiver.ts';
import { encodeMessage, metricsOf } from './otlp-schema.ts';

const ok: Answer = (response) => response.end();

/** Answers like these in turn, and 200 from then on. */
function inTurn(...answers: readonly Answer[]): Answer {
  return (response, request, index) => (answers[index] ?? ok)(response, request, index);
}

function status(code: number, headers: Record<string, string> = {}, body: string | Buffer = ''): Answer {
  return (response) => response.writeHead(code, headers).end(body);
}

function byKey(one: { readonly key: string }, other: { readonly key: string }): number {
  return one.key < other.key ? -1 : 1;
}

test('an empty registry sends nothing', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const report = await newExporter(receiver, { registry: newRegistry() }).flush();
  assert.deepEqual(report, { accepted: 0, rejected: 0, requests: 0, bytes: 0, failures: [] });
  assert.equal(receiver.requests.length, 0);
});

test('requests have at most as many points as allowed, of one family or of many, all with the same time', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = newRegistry();
  gaugesIn(registry, 25);
  for (const name of ['x', 'y', 'z']) new Gauge({ name, help: '', registry }).set(1);
  const report = await newExporter(receiver, { registry, maxPointsPerRequest: 10 }).flush();
  assert.deepEqual([report.accepted, report.requests], [28, 3]);
  assert.deepEqual(
    receiver.decoded.map((request) => metricsOf(request).map(({ gauge }) => gauge?.dataPoints.length)),
    [[10], [10], [5, 1, 1, 1]],
  );
  const times = receiver.pointsOf('g').flatMap((points) => points.map(({ timeUnixNano }) => timeUnixNano));
  assert.equal(new Set(times).size, 1);
});

test('series with long labels share a request only up to its maximum size', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = newRegistry();
  const gauge = new Gauge({ name: 'g', help: '', labelNames: ['text'], registry });
  for (let index = 0; index < 5; index++) gauge.set({ text: String(index).repeat(900_000) }, 1);
  await newExporter(receiver, { registry }).flush();
  assert.deepEqual(
    receiver.pointsOf('g').map((points) => points.length),
    [3, 2],
  );
});

const retryable: readonly (readonly [string, Answer])[] = [
  ['429', status(429, { 'retry-after': '0' })],
  ['502', status(502)],
  ['503', status(503)],
  ['504', status(504, {}, 'x'.repeat(100_000))],
  ['a cut connection', (response) => response.destroy()],
];

for (const [name, answer] of retryable) {
  test(`a request is sent again after ${name}`, async (t) => {
    const receiver = await startOtlpReceiver(t, inTurn(answer, answer));
    const registry = newRegistry();
    gaugesIn(registry, 3);
    const selfMetrics = newRegistry();
    assert.equal((await newExporter(receiver, { registry, selfMetrics }).flush()).accepted, 3);
    assert.equal(receiver.requests.length, 3);
    assert.deepEqual(receiver.requests[2]?.body, receiver.requests[0]?.body);
    assert.match(await selfMetrics.expose(), /zeroprom_otlp_points_total\{outcome="accepted"\} 3/);
  });
}

for (const code of [400, 401, 404, 413, 415, 500, 501, 301]) {
  test(`a request is not sent again after ${code}, and the others are sent`, async (t) => {
    const receiver = await startOtlpReceiver(t, inTurn(status(code, {}, 'no good'), ok));
    const registry = newRegistry();
    gaugesIn(registry, 4);
    const selfMetrics = newRegistry();
    await assert.rejects(
      newExporter(receiver, { registry, maxPointsPerRequest: 2, selfMetrics }).flush(),
      (error) => error instanceof PushError && error.status === code && error.body === 'no good',
    );
    assert.equal(receiver.requests.length, 2);
    const page = await selfMetrics.expose();
    assert.match(page, /zeroprom_otlp_points_total\{outcome="failed"\} 2\n/);
    assert.match(page, /zeroprom_otlp_points_total\{outcome="accepted"\} 2\n/);
  });
}

test('after an outage that outlasts the retries, the other requests wait for the next export', async (t) => {
  const receiver = await startOtlpReceiver(t, status(503));
  const registry = newRegistry();
  gaugesIn(registry, 4);
  const retry = { min: 1, max: 1, attempts: 1 };
  await assert.rejects(newExporter(receiver, { registry, maxPointsPerRequest: 1, retry }).flush(), /status 503/);
  assert.equal(receiver.requests.length, 2);
});

const statusMessage = encodeMessage('Status', { code: 3, message: 'bad é' });

test('explanations in protobuf are shown as text', async (t) => {
  const receiver = await startOtlpReceiver(t, status(400, { 'content-type': 'application/x-protobuf' }, statusMessage));
  const registry = newRegistry();
  gaugesIn(registry, 1);
  await assert.rejects(newExporter(receiver, { registry }).flush(), /status 400: bad é$/);
});

const partial = { partialSuccess: { rejectedDataPoints: '300', errorMessage: 'too\nold' } };
const partialAnswers: readonly (readonly [string, Answer])[] = [
  ['JSON', status(200, { 'content-type': 'application/json' }, JSON.stringify(partial))],
  [
    'protobuf',
    status(200, { 'content-type': 'application/x-protobuf' }, encodeMessage('ExportMetricsServiceResponse', partial)),
  ],
];

for (const [name, answer] of partialAnswers) {
  test(`rejected points of a partial success in ${name} are counted and logged, and not sent again`, async (t) => {
    const receiver = await startOtlpReceiver(t, answer);
    const registry = newRegistry();
    gaugesIn(registry, 400);
    const selfMetrics = newRegistry();
    const logged: unknown[] = [];
    const logger = { ...silent, warn: (_text: string, fields?: object) => logged.push(fields) };
    const { accepted, rejected } = await newExporter(receiver, { registry, selfMetrics, logger }).flush();
    assert.deepEqual([accepted, rejected], [100, 300]);
    assert.deepEqual(logged, [{ rejected: 300, message: 'too\\nold' }]);
    assert.equal(receiver.requests.length, 1);
    assert.match(await selfMetrics.expose(), /zeroprom_otlp_points_total\{outcome="rejected"\} 300\n/);
  });
}

test('a message without rejected points is logged as a warning', async (t) => {
  const receiver = await startOtlpReceiver(t, status(200, {}, '{"partialSuccess":{"errorMessage":"slow down"}}'));
  const registry = newRegistry();
  gaugesIn(registry, 1);
  const logged: unknown[] = [];
  const logger = { ...silent, warn: (_text: string, fields?: object) => logged.push(fields) };
  assert.equal((await newExporter(receiver, { registry, logger }).flush()).accepted, 1);
  assert.deepEqual(logged, [{ rejected: 0, message: 'slow down' }]);
});

const protobufType = { 'content-type': 'application/x-protobuf' };
const odd: readonly (readonly [string, Answer, accepted: number])[] = [
  ['no body', status(200), 1],
  ['text', status(200, {}, 'OK'), 1],
  ['JSON of another kind', status(200, {}, '[null]'), 1],
  ['null', status(200, {}, 'null'), 1],
  ['a partial success that is null', status(200, {}, '{"partialSuccess":null}'), 1],
  ['a negative number', status(200, {}, '{"partialSuccess":{"rejectedDataPoints":"-5"}}'), 1],
  ['a number that is not one', status(200, {}, '{"partialSuccess":{"rejectedDataPoints":{}}}'), 1],
  ['more than was sent', status(200, {}, '{"partialSuccess":{"rejectedDataPoints":7}}'), 0],
  ['cut protobuf', status(200, protobufType, Buffer.from([0x0a, 0x09, 0x08])), 1],
  ['protobuf with an endless number', status(200, protobufType, Buffer.alloc(100, 0xff)), 1],
  [
    'protobuf of unknown fields',
    status(200, protobufType, Buffer.from([0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x0a, 2, 8, 1])),
    0,
  ],
  [
    'a cut body',
    (response) => response.writeHead(200, { 'content-length': '9' }).write('{', () => response.destroy()),
    1,
  ],
];

for (const [name, answer, expected] of odd) {
  test(`status 200 with ${name} is a success`, async (t) => {
    const receiver = await startOtlpReceiver(t, answer);
    const registry = newRegistry();
    gaugesIn(registry, 1);
    assert.equal((await newExporter(receiver, { registry }).flush()).accepted, expected);
  });
}

test('bodies are compressed on request', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = newRegistry();
  gaugesIn(registry, 100);
  const { bytes } = await newExporter(receiver, { registry, compress: true }).flush();
  assert.equal(receiver.requests[0]?.headers['content-encoding'], 'gzip');
  assert.equal(receiver.requests[0]?.body.length, bytes);
  assert.equal(receiver.pointsOf('g')[0]?.length, 100);
});

test('a series that has ended gets one point without a value', async (t) => {
  const receiver = await startOtlpReceiver(t, inTurn(ok, status(400)));
  const registry = newRegistry();
  const gauge = gaugesIn(registry, 3);
  const family = new Counter({ name: 'c_total', help: '', registry });
  const exporter = newExporter(receiver, { registry });
  await exporter.flush();
  gauge.remove({ index: 1 });
  registry.unregister(family);
  await assert.rejects(exporter.flush());
  await exporter.flush(); // The receiver does not have the end yet.
  await exporter.flush();
  const ended = (name: string) =>
    receiver.pointsOf(name).map((points) => points.filter(({ flags }) => flags === 1).length);
  assert.deepEqual(ended('g'), [0, 1, 1, 0]);
  assert.deepEqual(ended('c_total'), [0, 1, 1]);
  const [end] = receiver.pointsOf('g')[2]?.filter(({ flags }) => flags === 1) ?? [];
  assert.deepEqual(end?.attributes, [{ key: 'index', value: { stringValue: '1' } }]);
  assert.equal(end?.asDouble, undefined);
});

test('the end of a series has its labels, whatever their values', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = newRegistry();
  const gauge = new Gauge({ name: 'g', help: '', labelNames: ['z', 'a'], registry });
  const state = new StateSet({ name: 's', help: '', states: ['3:on'], labelNames: ['z', 'a'], registry });
  const labels = ['1:a', ':', '12', '', '["a","b"]', '💾\n"', 'x'.repeat(300)].map((z, index) => ({
    z,
    a: `${index}:`,
  }));
  for (const each of labels) {
    gauge.set(each, 1);
    state.set(each, '3:on');
  }
  const exporter = newExporter(receiver, { registry });
  await exporter.flush();
  gauge.clear();
  state.clear();
  await exporter.flush();
  const sets = (name: string) =>
    receiver
      .pointsOf(name)
      .map((points) => points.map(({ attributes }) => JSON.stringify([...(attributes ?? [])].sort(byKey))).sort());
  for (const name of ['g', 's']) {
    const [before, ends] = sets(name);
    assert.equal(ends?.length, labels.length);
    assert.deepEqual(ends, before);
  }
});

test('a series that returns before its end was acknowledged continues', async (t) => {
  const receiver = await startOtlpReceiver(t, inTurn(ok, status(400)));
  const registry = newRegistry();
  const gauge = gaugesIn(registry, 1);
  const exporter = newExporter(receiver, { registry });
  await exporter.flush();
  gauge.clear();
  await assert.rejects(exporter.flush());
  gauge.set({ index: 0 }, 7);
  await exporter.flush();
  await exporter.flush();
  assert.deepEqual(
    receiver.pointsOf('g').map(([point]) => point?.asDouble ?? point?.flags),
    [0, 1, 7, 7],
  );
});

test('deltas contain the increase since the last acknowledged export', async (t) => {
  const receiver = await startOtlpReceiver(t, inTurn(ok, status(400), ok));
  const registry = newRegistry();
  const counter = new Counter({ name: 'c_total', help: '', registry });
  const histogram = new Histogram({ name: 'h', help: '', buckets: [1, 2], registry });
  const exporter = newExporter(receiver, { registry, temporality: 'delta' });
  counter.inc(5);
  histogram.observe(0.5);
  await exporter.flush();
  counter.inc(2);
  histogram.observe(1.5);
  await assert.rejects(exporter.flush());
  counter.inc(1);
  histogram.observe(3);
  await exporter.flush();
  await exporter.flush();
  const points = receiver.pointsOf('c_total').flat();
  assert.deepEqual(
    points.map(({ asDouble }) => asDouble),
    [5, 2, 3, 0],
  );
  // Each interval begins at the end of the last acknowledged one.
  assert.deepEqual(
    points.slice(1).map(({ startTimeUnixNano }) => startTimeUnixNano),
    [points[0]?.timeUnixNano, points[0]?.timeUnixNano, points[2]?.timeUnixNano],
  );
  assert.deepEqual(
    receiver.pointsOf('h').flatMap((each) => each.map(({ count, sum, bucketCounts }) => [count, sum, bucketCounts])),
    [
      ['1', 0.5, ['1', '0', '0']],
      ['1', 1.5, ['0', '1', '0']],
      ['2', 4.5, ['0', '1', '1']],
      ['0', 0, ['0', '0', '0']],
    ],
  );
  assert.ok(receiver.metrics.every(({ sum, histogram: of }) => (sum ?? of)?.aggregationTemporality === 1));
});

test('deltas of requests that were refused in an export do not affect those that were accepted', async (t) => {
  const receiver = await startOtlpReceiver(t, inTurn(ok, status(400)));
  const registry = newRegistry();
  const counters = ['a_total', 'b_total'].map((name) => new Counter({ name, help: '', registry }));
  const exporter = newExporter(receiver, { registry, temporality: 'lowmemory', maxPointsPerRequest: 1 });
  for (const counter of counters) counter.inc(2);
  await assert.rejects(exporter.flush());
  for (const counter of counters) counter.inc(1);
  await exporter.flush();
  assert.deepEqual(receiver.valuesOf('a_total'), [2, 1]);
  assert.deepEqual(receiver.valuesOf('b_total'), [2, 3]);
});

test('a counter that starts again is a delta since its start', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = newRegistry();
  const counter = new Counter({ name: 'c_total', help: '', labelNames: ['a'], registry });
  const exporter = newExporter(receiver, { registry, temporality: 'delta' });
  counter.inc({ a: 1 }, 5);
  await exporter.flush();
  counter.clear();
  counter.inc({ a: 1 }, 7);
  await exporter.flush();
  assert.deepEqual(receiver.valuesOf('c_total'), [5, 7]);
});

test('a counter without a known start begins with a delta of 0, also if that is lost', async (t) => {
  const receiver = await startOtlpReceiver(t, inTurn(status(400), ok));
  let value = 1e6;
  const registry = {
    gather: async () => new Gathering([{ name: 'c_total', help: '', type: 'counter', points: [{ value }] }], []),
  };
  const exporter = newExporter(receiver, { registry, temporality: 'delta' });
  await assert.rejects(exporter.flush());
  for (const next of [1e6 + 5, 1e6 + 7, 3, 4]) {
    value = next;
    await exporter.flush();
  }
  // At 3 it has started again.
  assert.deepEqual(receiver.valuesOf('c_total'), [0, 5, 2, 3, 1]);
});

test('gauges and state sets are never deltas', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = newRegistry();
  new Gauge({ name: 'g', help: '', registry }).set(3);
  const exporter = newExporter(receiver, { registry, temporality: 'delta' });
  await exporter.flush();
  await exporter.flush();
  assert.deepEqual(receiver.valuesOf('g'), [3, 3]);
});

test('deltas of native histograms follow their resolution and zero bucket', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = newRegistry();
  const native = { schema: 8, maxBuckets: 20, zeroThreshold: 1e-9, maxZeroThreshold: 1e-3 };
  const histogram = new Histogram({ name: 'h', help: '', buckets: [], native, registry });
  const exporter = newExporter(receiver, { registry, temporality: 'delta' });
  const scales = new Set<number | undefined>();
  const thresholds = new Set<number | undefined>();
  let [total, rounds] = [0, 0];
  for (let round = 0; round < 40; round++) {
    for (let index = 0; index < 7; index++)
      histogram.observe((index % 2 === 0 ? 1 : -1) * 1e-7 * 1.9 ** (round + index));
    await exporter.flush();
    const [point] = receiver.pointsOf('h').at(-1) ?? [];
    const counts = [...(point?.positive?.bucketCounts ?? []), ...(point?.negative?.bucketCounts ?? [])];
    assert.equal(
      counts.reduce((sum, count) => sum + Number(count), Number(point?.zeroCount)),
      7,
    );
    assert.equal(point?.count, '7');
    scales.add(point?.scale);
    thresholds.add(point?.zeroThreshold);
    total += Number(point?.count);
    rounds++;
  }
  assert.equal(total, rounds * 7);
  assert.ok(scales.size > 2 && thresholds.size > 2, 'the resolution and the zero bucket must have changed');
});

test('overlapping exports run one after another', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = newRegistry();
  const counter = new Counter({ name: 'c_total', help: '', registry });
  const exporter = newExporter(receiver, { registry, temporality: 'delta' });
  counter.inc(4);
  await Promise.all([exporter.flush(), exporter.flush(), exporter.flush()]);
  assert.deepEqual(receiver.valuesOf('c_total'), [4, 0, 0]);
});

test('flush() rejects when its signal aborts, and with its timeout', async (t) => {
  const receiver = await startOtlpReceiver(t, () => {});
  const registry = newRegistry();
  gaugesIn(registry, 1);
  const exporter = newExporter(receiver, { registry });
  const controller = new AbortController();
  const aborted = exporter.flush({ signal: controller.signal });
  controller.abort(new Error('enough'));
  await assert.rejects(aborted, /enough/);
  await assert.rejects(exporter.flush({ timeout: 20 }), /within 20 ms/);
});

test('flush() rejects with its timeout while another export does not end', async (t) => {
  const receiver = await startOtlpReceiver(t, () => {});
  const registry = newRegistry();
  gaugesIn(registry, 1);
  const exporter = newExporter(receiver, { registry });
  const controller = new AbortController();
  const first = exporter.flush({ signal: controller.signal });
  let hasEnded = false;
  first.catch(() => {
    hasEnded = true;
  });
  await assert.rejects(exporter.flush({ timeout: 20 }), /within 20 ms/);
  assert.equal(hasEnded, false);
  controller.abort(new Error('enough'));
  await assert.rejects(first, /enough/);
});

test('start() exports at each interval, and stop() a last time before it ends the series', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const registry = newRegistry();
  const counter = new Counter({ name: 'c_total', help: '', registry });
  const clock = new ManualClock();
  const exporter = newExporter(receiver, { registry, interval: '10s' }, { clock, random: () => 0.5 });
  exporter.start();
  counter.inc(1);
  await clock.advance('5s');
  while (receiver.requests.length < 1) await new Promise((resolve) => setImmediate(resolve));
  counter.inc(1);
  assert.equal(await exporter.stop(), true);
  assert.deepEqual(
    receiver
      .pointsOf('c_total')
      .flat()
      .map(({ asDouble, flags }) => asDouble ?? flags),
    [1, 2, 1],
  );
  const times = receiver
    .pointsOf('c_total')
    .flat()
    .map(({ timeUnixNano }) => BigInt(timeUnixNano));
  assert.ok(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0n)));
});

test('stop() keeps the last values on request, and reports a failure', async (t) => {
  const receiver = await startOtlpReceiver(t, inTurn(ok, status(400)));
  const registry = newRegistry();
  gaugesIn(registry, 1);
  const exporter = newExporter(receiver, { registry, onStop: 'keep' });
  exporter.start();
  assert.equal(await exporter.stop(), true);
  assert.deepEqual(
    receiver
      .pointsOf('g')
      .flat()
      .map(({ flags }) => flags),
    [undefined],
  );
  exporter.start();
  assert.equal(await exporter.stop(), false);
});
