import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram } from '../../../src/index.ts';
import type { RetrySources } from '../../../src/push/delivery/retries.ts';
import { RemoteWriter } from '../../../src/push/remote-write/remote-writer.ts';
import type { RemoteWriterOptions } from '../../../src/push/remote-write/remote-writer-options.ts';
import { ManualClock } from '../../../src/scheduler/manual-clock.ts';
import { silent } from '../../silent-logger.ts';
import { gaugesIn, newRegistry } from '../registries.ts';
import { assertBalanced } from './assert-balanced.ts';
import { FakeReceiver, inTurn, setWritten, status, version1, version2 } from './fake-receiver.ts';

const fast = { min: 1, max: 5, maxRetryAfter: 20 } as const;

function newWriter(
  receiver: { readonly url: string },
  options: Partial<RemoteWriterOptions> = {},
  sources: RetrySources = {},
): RemoteWriter {
  return new RemoteWriter({ url: receiver.url, logger: silent, retry: fast, proxy: false, ...options }, sources);
}

test('flush() sends the metrics of the registry, with the labels of the writer', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['queue'], registry }).inc({ queue: 'mail' }, 3);
  const writer = newWriter(receiver, { registry, labels: { job: 'worker', instance: 1 } });
  const counts = await writer.flush();
  assert.deepEqual(receiver.valuesOf('jobs_total{instance="1",job="worker",queue="mail"}'), [3]);
  assert.deepEqual(counts, {
    gathered: 1,
    written: 1,
    rejected: 0,
    dropped: { queue_full: 0, too_old: 0, stopped: 0 },
    pending: 0,
  });
  await writer.stop();
});

test('an empty registry sends nothing', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const writer = newWriter(receiver, { registry: newRegistry() });
  await writer.flush();
  await writer.stop();
  assert.equal(receiver.received.length, 0);
});

test('requests have at most as many samples as allowed, and each series is in one of them', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  gaugesIn(registry, 25);
  const writer = newWriter(receiver, { registry, maxSamplesPerRequest: 10 });
  await writer.flush();
  assert.deepEqual(
    receiver.received.map(({ request }) => request.series.length),
    [10, 10, 5],
  );
  assert.equal(receiver.size, 25);
  await writer.stop();
});

test('series with long labels share a request only up to its maximum size', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  const gauge = new Gauge({ name: 'g', help: '', labelNames: ['text'], registry });
  for (let index = 0; index < 5; index++) gauge.set({ text: String(index).repeat(900_000) }, 1);
  const writer = newWriter(receiver, { registry, onStop: 'keep' });
  await writer.flush();
  assert.deepEqual(
    receiver.received.map(({ request }) => request.series.length),
    [2, 2, 1],
  );
  await writer.stop();
});

for (const shards of [1, 3]) {
  test(`with ${shards} shards, the samples of each series arrive in order`, async (t) => {
    const receiver = await FakeReceiver.start(t);
    const registry = newRegistry();
    const gauge = gaugesIn(registry, 10);
    const writer = newWriter(receiver, { registry, shards, maxSamplesPerRequest: 2 });
    const seen = new Map<string, number>();
    receiver.answer = (response, received, to) => {
      for (const { labels, samples } of received.request.series) {
        const [name, timestamp = 0] = [JSON.stringify(labels), samples[0]?.timestamp];
        assert.ok(timestamp > (seen.get(name) ?? 0));
        seen.set(name, timestamp);
      }
      version2(response, received, to);
    };
    for (let round = 0; round < 3; round++) {
      gauge.set({ index: 3 }, round);
      await writer.flush();
    }
    assert.deepEqual(receiver.valuesOf('g{index="3"}'), [0, 1, 2]);
    assert.equal((await writer.stop()).written, receiver.size);
  });
}

test('a receiver that answers 204 without headers to version 2.0 gets the same samples in version 1.0', async (t) => {
  const receiver = await FakeReceiver.start(t, version1);
  const registry = newRegistry();
  gaugesIn(registry, 5);
  const writer = newWriter(receiver, { registry, maxSamplesPerRequest: 2 });
  const counts = await writer.flush();
  assert.equal(counts.written, 5);
  assert.equal(receiver.size, 5);
  assert.deepEqual(
    receiver.received.map(({ version }) => version),
    ['2.0', '1.0', '1.0', '1.0'],
  );
  await writer.stop();
});

for (const code of [400, 415]) {
  test(`a receiver that answers ${code} to version 2.0 gets the same samples in version 1.0`, async (t) => {
    const receiver = await FakeReceiver.start(t, (response, received, to) => {
      if (received.version === '2.0') response.writeHead(code).end('unsupported');
      else version1(response, received, to);
    });
    const registry = newRegistry();
    gaugesIn(registry, 3);
    const writer = newWriter(receiver, { registry });
    assert.equal((await writer.flush()).written, 3);
    await writer.flush();
    assert.deepEqual(
      receiver.received.map(({ version }) => version),
      ['2.0', '1.0', '1.0'],
    );
    assert.equal((await writer.stop()).written, receiver.size);
  });
}

test('a receiver of version 2.0 that answers 400 keeps getting version 2.0', async (t) => {
  const receiver = await FakeReceiver.start(t, inTurn(version2, status(400), version2));
  const registry = newRegistry();
  gaugesIn(registry, 3);
  const writer = newWriter(receiver, { registry });
  for (let round = 0; round < 3; round++) await writer.flush();
  assert.deepEqual(
    receiver.received.map(({ version }) => version),
    ['2.0', '2.0', '2.0'],
  );
  assert.deepEqual([writer.counts.written, writer.counts.rejected], [6, 3]);
  await writer.stop();
});

test('during the change to version 1.0, failures are retried', async (t) => {
  const receiver = await FakeReceiver.start(t, inTurn(version1, status(503), version1, version1));
  const registry = newRegistry();
  gaugesIn(registry, 3);
  const writer = newWriter(receiver, { registry });
  assert.equal((await writer.flush()).written, 3);
  assert.equal(receiver.size, 3);
  await writer.stop();
});

for (const [what, answer] of [
  ['429', status(429)],
  ['429 with Retry-After', status(429, { 'retry-after': '0' })],
  ['500', status(500, {}, 'out of memory')],
  ['503', status(503, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })],
  ['a connection that is closed', (response) => response.destroy()],
] as const satisfies readonly (readonly [string, FakeReceiver['answer']])[]) {
  test(`samples are sent again after ${what}`, async (t) => {
    const receiver = await FakeReceiver.start(t, inTurn(answer, answer, version2));
    const registry = newRegistry();
    gaugesIn(registry, 3);
    const writer = newWriter(receiver, { registry });
    assert.equal((await writer.flush()).written, 3);
    assert.deepEqual(
      receiver.received.map(({ headers }) => headers['retry-attempt']),
      [undefined, '1', '2'],
    );
    await writer.stop();
  });
}

test('samples whose acknowledgement is lost count once', async (t) => {
  const lost: FakeReceiver['answer'] = (response, { request }, to) => {
    to.store(request);
    response.destroy();
  };
  const receiver = await FakeReceiver.start(t, inTurn(lost, version2));
  const registry = newRegistry();
  gaugesIn(registry, 4);
  const writer = newWriter(receiver, { registry });
  assert.equal((await writer.flush()).written, 4);
  assert.equal(receiver.size, 4);
  await writer.stop();
});

for (const code of [301, 302, 307, 308, 400, 401, 403, 404, 409, 422]) {
  test(`samples are rejected, and not sent again, after ${code}`, async (t) => {
    const headers = { 'X-Prometheus-Remote-Write-Samples-Written': '0', location: '/elsewhere' };
    const receiver = await FakeReceiver.start(t, status(code, headers, 'refused'));
    const registry = newRegistry();
    gaugesIn(registry, 3);
    const writer = newWriter(receiver, { registry, onStop: 'keep' });
    const counts = await writer.flush();
    assert.deepEqual([counts.rejected, counts.pending, receiver.received.length], [3, 0, 1]);
    assertBalanced(await writer.stop());
  });
}

test('samples of a refused request that the receiver has written count as written', async (t) => {
  const receiver = await FakeReceiver.start(
    t,
    status(400, { 'X-Prometheus-Remote-Write-Samples-Written': '2' }, 'out of bounds'),
  );
  const registry = newRegistry();
  gaugesIn(registry, 5);
  const writer = newWriter(receiver, { registry, onStop: 'keep' });
  const { written, rejected } = await writer.flush();
  assert.deepEqual([written, rejected], [2, 3]);
  await writer.stop();
});

for (const [header, expected] of [
  ['7', 5],
  ['-1', 0],
  ['x', 0],
  ['1e3', 0],
  ['4', 4],
  ['', 0],
] as const) {
  test(`a receiver that claims to have written ${JSON.stringify(header)} of 5 samples`, async (t) => {
    const receiver = await FakeReceiver.start(t, status(200, { 'X-Prometheus-Remote-Write-Samples-Written': header }));
    const registry = newRegistry();
    gaugesIn(registry, 5);
    const writer = newWriter(receiver, { registry, onStop: 'keep' });
    const { written, rejected } = await writer.flush();
    assert.deepEqual([written, rejected], [expected, 5 - expected]);
    await writer.stop();
  });
}

test('native histograms are counted by their own header', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  new Histogram({ name: 'h', help: '', native: {}, registry }).observe(3);
  gaugesIn(registry, 2);
  receiver.answer = (response, { request }) => {
    setWritten(response, request);
    response.setHeader('X-Prometheus-Remote-Write-Histograms-Written', '0');
    response.writeHead(200).end();
  };
  const writer = newWriter(receiver, { registry, onStop: 'keep' });
  const { written, rejected } = await writer.flush();
  assert.deepEqual([written, rejected], [2, 1]);
  await writer.stop();
});

test('a request that is too large is split until it is accepted', async (t) => {
  const receiver = await FakeReceiver.start(t, (response, received, to) => {
    if (received.request.series.length > 3) response.writeHead(413).end();
    else version2(response, received, to);
  });
  const registry = newRegistry();
  gaugesIn(registry, 10);
  const writer = newWriter(receiver, { registry, onStop: 'keep' });
  assert.equal((await writer.flush()).written, 10);
  assert.equal(receiver.size, 10);
  await writer.stop();
});

test('a single sample that is too large is rejected', async (t) => {
  const receiver = await FakeReceiver.start(t, status(413));
  const registry = newRegistry();
  gaugesIn(registry, 3);
  const writer = newWriter(receiver, { registry, onStop: 'keep' });
  assert.equal((await writer.flush()).rejected, 3);
  await writer.stop();
});

test('series that end get a staleness marker once, at the time of the gathering', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  const gauge = gaugesIn(registry, 2);
  const histogram = new Histogram({ name: 'h', help: '', labelNames: ['a'], native: {}, registry });
  histogram.observe({ a: '1' }, 3);
  const writer = newWriter(receiver, { registry, onStop: 'keep' });
  await writer.flush();
  gauge.remove({ index: 1 });
  histogram.remove({ a: '1' });
  await writer.flush();
  await writer.flush();
  assert.deepEqual(receiver.valuesOf('g{index="1"}'), [1, 'stale']);
  assert.deepEqual(receiver.valuesOf('h{a="1"}'), [1, 'stale']);
  assert.deepEqual(receiver.valuesOf('g{index="0"}'), [0, 0, 0, 0].slice(0, 3));
  await writer.stop();
});

test('a series that returns continues after its marker', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  const gauge = gaugesIn(registry, 1);
  const writer = newWriter(receiver, { registry, onStop: 'keep' });
  await writer.flush();
  gauge.clear();
  await writer.flush();
  gauge.set({ index: 0 }, 7);
  await writer.flush();
  assert.deepEqual(receiver.valuesOf('g{index="0"}'), [0, 'stale', 7]);
  await writer.stop();
});

test('stop() sends the last values, and ends all series after them', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  const gauge = gaugesIn(registry, 1);
  const writer = newWriter(receiver, { registry });
  await writer.flush();
  gauge.set({ index: 0 }, 5);
  const counts = await writer.stop();
  assert.deepEqual(receiver.valuesOf('g{index="0"}'), [0, 5, 'stale']);
  assert.deepEqual([counts.gathered, counts.written], [3, 3]);
});

test("with onStop 'keep', stop() keeps the last values", async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  gaugesIn(registry, 1);
  const writer = newWriter(receiver, { registry, onStop: 'keep' });
  await writer.stop();
  assert.deepEqual(receiver.valuesOf('g{index="0"}'), [0]);
});

test('series with timestamps of their own get no staleness marker', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  registry.register({
    collect: () => [{ name: 'm', help: '', type: 'gauge', points: [{ value: 1, timestamp: 1000 }] }],
  });
  const writer = newWriter(receiver, { registry });
  await writer.stop();
  assert.deepEqual(receiver.valuesOf('m'), [1]);
});

test('stop() drops samples that are not acknowledged in time, and logs it', async (t) => {
  const receiver = await FakeReceiver.start(t, () => {});
  const registry = newRegistry();
  gaugesIn(registry, 3);
  const writer = newWriter(receiver, { registry });
  const counts = await writer.stop({ timeout: '2s' }); // Long enough to gather on a busy machine.
  assert.deepEqual([counts.gathered, counts.dropped.stopped, counts.pending], [6, 6, 0]);
  assert.deepEqual(await writer.stop(), counts);
});

test('after stop(), start() and flush() throw an error', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const writer = newWriter(receiver, { registry: newRegistry() });
  await writer.stop();
  assert.throws(() => writer.start(), /was stopped/);
  await assert.rejects(writer.flush(), /was stopped/);
});

test('flush() rejects after its timeout, and the samples stay pending', async (t) => {
  let requests = 0;
  const receiver = await FakeReceiver.start(t, (...request) => {
    requests++;
    status(503)(...request);
  });
  const registry = newRegistry();
  gaugesIn(registry, 3);
  const writer = newWriter(receiver, { registry, onStop: 'keep' });
  // Long enough to gather on a busy machine, which comes before the samples are pending.
  await assert.rejects(writer.flush({ timeout: '2s' }), /3 samples are pending/);
  assert.ok(requests > 0);
  assert.equal(writer.counts.pending, 3);
  receiver.answer = version2;
  assert.equal((await writer.stop()).written, 6);
});

test('flush() rejects with the reason of its signal', async (t) => {
  const receiver = await FakeReceiver.start(t, status(503));
  const registry = newRegistry();
  gaugesIn(registry, 1);
  const writer = newWriter(receiver, { registry });
  const controller = new AbortController();
  const flushed = writer.flush({ signal: controller.signal });
  controller.abort(new Error('enough'));
  await assert.rejects(flushed, /enough/);
  await writer.stop({ timeout: 50 });
});

test('a receiver that does not answer is tried again after the timeout of the request', async (t) => {
  const receiver = await FakeReceiver.start(
    t,
    inTurn(() => {}, version2),
  );
  const registry = newRegistry();
  gaugesIn(registry, 1);
  const writer = newWriter(receiver, { registry, timeout: 100 });
  assert.equal((await writer.flush()).written, 1);
  await writer.stop();
});

test('start() gathers at each interval', async (t) => {
  const clock = new ManualClock();
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  gaugesIn(registry, 1);
  const writer = newWriter(receiver, { registry, interval: '10s', onStop: 'keep' }, { clock, random: () => 0 });
  writer.start();
  await clock.advance(1);
  for (let round = 1; round <= 4; round++) {
    await until(() => writer.counts.written === round);
    await clock.advance('10s');
  }
  await writer.stop();
  const times = [...(receiver.stored.get('g{index="0"}')?.keys() ?? [])];
  const [first = 0] = times;
  assert.deepEqual(times.map((time) => time - first).slice(0, 4), [0, 10_000, 20_000, 30_000]);
});

test('times increase even if the system time is set back a little', async (t) => {
  const clock = new ManualClock();
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  gaugesIn(registry, 1);
  const writer = newWriter(receiver, { registry, onStop: 'keep' }, { clock });
  const start = clock.wall();
  await writer.flush();
  clock.setWall(start - 5000);
  await clock.advance(300);
  await writer.flush();
  clock.setWall(start - 86_400_000);
  await writer.flush();
  const times = [...(receiver.stored.get('g{index="0"}')?.keys() ?? [])];
  assert.deepEqual(
    times.map((time) => time - start),
    [0, 300, -86_400_000],
  );
  await writer.stop();
});

test('samples that are not acknowledged within the maximum age are dropped', async (t) => {
  const clock = new ManualClock();
  const receiver = await FakeReceiver.start(t, status(503));
  const registry = newRegistry();
  gaugesIn(registry, 5);
  const options = { registry, maxSampleAge: '1m', maxSamplesPerRequest: 2, onStop: 'keep' } as const;
  const writer = newWriter(receiver, options, { clock });
  const flushed = writer.flush();
  await until(() => receiver.received.length > 0);
  assert.equal(writer.counts.pending, 5);
  // The first batch is retried at this time, and the others were never sent.
  while (writer.counts.pending > 0) await clock.advance('10s');
  assert.equal((await flushed).dropped.too_old, 5);
  await writer.stop();
});

test('a full queue keeps the oldest and the newest gatherings, and drops between them', async (t) => {
  const clock = new ManualClock();
  const receiver = await FakeReceiver.start(t, status(503));
  const registry = newRegistry();
  const gauge = gaugesIn(registry, 100);
  // Four gatherings fit.
  const writer = newWriter(receiver, { registry, maxQueueBytes: 100 * 24 * 4, onStop: 'keep' }, { clock });
  const start = clock.wall();
  for (let round = 0; round < 20; round++) {
    gauge.set({ index: 0 }, round);
    await gatherOnce(writer);
    assertBalanced(writer.counts);
    await clock.advance('1s');
  }
  assert.equal(writer.counts.pending, 400);
  assert.equal(writer.counts.dropped.queue_full, 1600);
  receiver.answer = version2;
  const flushed = writer.stop();
  while (writer.counts.pending > 0) await clock.advance('1s');
  await flushed;
  const values = receiver.valuesOf('g{index="0"}');
  assert.deepEqual([values[0], values.at(-1)], [0, 19]);
  assert.ok([...(receiver.stored.get('g{index="0"}')?.keys() ?? [])].every((time) => time >= start));
});

test('a full queue keeps the staleness markers of the gatherings that it drops', async (t) => {
  const clock = new ManualClock();
  const receiver = await FakeReceiver.start(t, status(503));
  const registry = newRegistry();
  const gauge = gaugesIn(registry, 100);
  const writer = newWriter(receiver, { registry, maxQueueBytes: 100 * 24 * 4, onStop: 'keep' }, { clock });
  for (let round = 0; round < 12; round++) {
    if (round === 3) gauge.remove({ index: 7 });
    await gatherOnce(writer);
    assertBalanced(writer.counts);
    await clock.advance('1s');
  }
  receiver.answer = version2;
  const stopped = writer.stop();
  while (writer.counts.pending > 0) await clock.advance('1s');
  await stopped;
  assert.equal(receiver.valuesOf('g{index="7"}').at(-1), 'stale');
  assert.equal(receiver.size, writer.counts.written);
});

test('the labels of series that have ended count as memory of the queue', async (t) => {
  const receiver = await FakeReceiver.start(t, status(503));
  const registry = newRegistry();
  const gauge = new Gauge({ name: 'g', help: '', labelNames: ['text'], registry });
  const clock = new ManualClock();
  const writer = newWriter(receiver, { registry, maxQueueBytes: 500_000, onStop: 'keep' }, { clock });
  for (let round = 0; round < 20; round++) {
    gauge.clear();
    for (let index = 0; index < 10; index++) gauge.set({ text: `${round} ${index}`.padEnd(10_000) }, 1);
    await gatherOnce(writer);
    assertBalanced(writer.counts);
    await clock.advance('1s');
  }
  // A marker with 10 KB of labels for each of at most 50 series, and the samples of at most as many gatherings.
  assert.ok(writer.counts.pending <= 20 * 10 + 50, `${writer.counts.pending} samples are pending`);
  assert.ok(writer.counts.dropped.queue_full > 0);
  await writer.stop({ timeout: 1 });
});

test('in version 1.0, metadata is sent once a minute, with the samples', async (t) => {
  const receiver = await FakeReceiver.start(t, version1);
  const registry = newRegistry();
  new Gauge({ name: 'g_bytes', unit: 'bytes', help: 'G.', labelNames: ['index'], registry }).set({ index: 1 }, 1);
  new Histogram({ name: 'h.utf8', help: '', registry }).observe(1);
  const clock = new ManualClock();
  const writer = newWriter(receiver, { registry, version: '1.0', onStop: 'keep' }, { clock });
  for (const step of [0, '59s', '1s', '60s'] as const) {
    if (step !== 0) await clock.advance(step);
    await writer.flush();
  }
  const sent = [
    { type: 2, name: 'g_bytes', help: 'G.', unit: 'bytes' },
    { type: 3, name: 'h_utf8', help: '', unit: '' },
  ];
  assert.deepEqual(
    receiver.received.map(({ request }) => request.metadata),
    [sent, [], sent, sent],
  );
  await writer.stop();
});

test('samples that arrive while a shard finishes are sent', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  gaugesIn(registry, 2);
  const writer = newWriter(receiver, { registry, onStop: 'keep' });
  await Promise.all(Array.from({ length: 50 }, () => writer.flush()));
  assert.deepEqual([writer.counts.written, writer.counts.pending], [100, 0]);
  await writer.stop();
});

test('a flush() that is still gathering during stop() leaves nothing pending', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  registry.register({
    name: 'slow',
    async collect() {
      await gate;
      return [{ name: 'slow', help: '', type: 'gauge', points: [{ value: 1 }] }];
    },
  });
  const writer = newWriter(receiver, { registry });
  const flushed = writer.flush();
  const { pending } = await writer.stop({ timeout: 20 });
  open();
  await flushed;
  assert.equal(pending, 0);
  assert.equal(writer.counts.pending, 0);
  assertBalanced(writer.counts);
});

test('a gathering that does not fit into the queue is dropped', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  gaugesIn(registry, 100);
  const writer = newWriter(receiver, { registry, maxQueueBytes: 1000, onStop: 'keep' });
  const { dropped, pending } = await writer.flush();
  assert.deepEqual([dropped.queue_full, pending], [100, 0]);
  await writer.stop();
});

test('the metrics of the writer are those of its counts', async (t) => {
  const receiver = await FakeReceiver.start(t, inTurn(status(503), version2, status(400)));
  const [registry, selfMetrics] = [newRegistry(), newRegistry()];
  gaugesIn(registry, 3);
  const writer = newWriter(receiver, { registry, selfMetrics, onStop: 'keep' });
  const other = newWriter({ url: `${receiver.url}/other` }, { registry: newRegistry(), selfMetrics, version: '1.0' });
  await writer.flush();
  await writer.flush();
  const text = await selfMetrics.expose();
  const url = `url="${receiver.url}"`;
  for (const line of [
    `zeroprom_remote_write_samples_gathered_total{${url}} 6`,
    `zeroprom_remote_write_samples_written_total{${url}} 3`,
    `zeroprom_remote_write_samples_rejected_total{${url}} 3`,
    `zeroprom_remote_write_samples_dropped_total{${url},reason="too_old"} 0`,
    `zeroprom_remote_write_samples_pending{${url}} 0`,
    `zeroprom_remote_write_requests_total{${url}} 3`,
    `zeroprom_remote_write_retries_total{${url}} 1`,
    `zeroprom_remote_write_protocol_info{${url},version="2.0"} 1`,
    `zeroprom_remote_write_protocol_info{url="${receiver.url}/other",version="1.0"} 1`,
  ]) {
    assert.ok(text.includes(`${line}\n`), `${line} is missing in\n${text}`);
  }
  await Promise.all([writer.stop(), other.stop()]);
});

test('the registry that is sent may contain the metrics of the writer', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  const writer = newWriter(receiver, { registry, selfMetrics: registry });
  await writer.flush();
  await writer.flush();
  assertBalanced(writer.counts);
  const gathered = receiver.valuesOf(`zeroprom_remote_write_samples_gathered_total{url="${receiver.url}"}`);
  assert.equal(gathered[0], 0);
  assert.ok(Number(gathered[1]) > 10);
  await writer.stop();
});

test('a collector that fails ends its series, and is logged once', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  let isBroken = false;
  registry.register({
    name: 'disks',
    collect() {
      if (isBroken) throw new Error('no disks');
      return [{ name: 'disk', help: '', type: 'gauge', points: [{ value: 1 }] }];
    },
  });
  const problems: unknown[] = [];
  const logger = {
    ...silent,
    warn: (_message: string, fields?: Readonly<Record<string, unknown>>) => problems.push(fields?.['problem']),
  };
  const writer = newWriter(receiver, { registry, logger, onStop: 'keep' });
  await writer.flush();
  isBroken = true;
  await writer.flush();
  await writer.flush();
  assert.deepEqual(receiver.valuesOf('disk'), [1, 'stale']);
  assert.deepEqual(problems, ['disks: no disks']);
  await writer.stop();
});

test('without a logger, a process warning names the collector that failed', async (t) => {
  const receiver = await FakeReceiver.start(t);
  const registry = newRegistry();
  registry.register({
    name: 'disks',
    collect() {
      throw new Error('no disks');
    },
  });
  const warn = t.mock.method(process, 'emitWarning', () => {});
  const writer = new RemoteWriter({ url: receiver.url, registry, proxy: false });
  await writer.flush();
  await writer.stop();
  assert.deepEqual(warn.mock.calls[0]?.arguments, [
    'Remote write leaves out metrics.',
    { type: 'SchedulerWarning', detail: 'problem: disks: no disks' },
  ]);
});

for (const [what, options, error] of [
  ['labels with a reserved name', { labels: { __name__: 'x' } }, RangeError],
  ['labels with an object', { labels: { job: {} } }, TypeError],
  ['a version', { version: '3.0' }, RangeError],
  ['shards', { shards: 0 }, RangeError],
  ['shards', { shards: '2' }, TypeError],
  ['samples per request', { maxSamplesPerRequest: 1.5 }, RangeError],
  ['bytes of the queue', { maxQueueBytes: Number.NaN }, RangeError],
  ['an age', { maxSampleAge: '1 hour' }, RangeError],
  ['an interval', { interval: 0 }, RangeError],
  ['what to do at the end', { onStop: 'delete' }, RangeError],
  ['a URL', { url: 'localhost:9090' }, RangeError],
  ['a header of the protocol', { headers: { 'Content-Encoding': 'gzip' } }, RangeError],
] as const) {
  test(`an invalid option is refused: ${what}, ${JSON.stringify(options)}`, () => {
    // @ts-expect-error most options have the wrong type
    assert.throws(() => newWriter({ url: 'http://127.0.0.1:1/write' }, options), error);
  });
}

/** Gathers once, and does not wait until the samples are written. */
async function gatherOnce(writer: RemoteWriter): Promise<void> {
  const { gathered } = writer.counts;
  const controller = new AbortController();
  const flushed = writer.flush({ signal: controller.signal });
  flushed.catch(() => {}); // It may reject before the assertion.
  await until(() => writer.counts.gathered > gathered);
  controller.abort(new Error('Gathered.'));
  await assert.rejects(flushed, /Gathered/);
}

/** Lets the event loop run until the condition holds. */
async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error('It did not become so within 10 s.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
