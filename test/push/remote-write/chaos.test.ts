/** A receiver that fails in many ways. What the writer has accounted for is compared with what the receiver has stored. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Registry } from '../../../src/index.ts';
import { RemoteWriter } from '../../../src/push/remote-write/remote-writer.ts';
import { generator, pick } from '../../random.ts';
import { type Answer, FakeReceiver, setWritten, status, version1, version2 } from './fake-receiver.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Answers of a receiver that leave unknown samples unknown only until the next attempt. */
const faults: readonly Answer[] = [
  status(429),
  status(429, { 'retry-after': '0' }),
  status(500, {}, 'x'.repeat(200_000)),
  status(503, { 'retry-after': 'never' }),
  (response) => response.destroy(),
  /** Stores everything, and the acknowledgement is lost. */
  (response, { request }, receiver) => {
    receiver.store(request);
    response.destroy();
  },
  /** Stores a part, and fails. */
  (response, { request }, receiver) => {
    receiver.store(request, 3);
    response.writeHead(500).end();
  },
  /** Sends headers that promise more than comes. */
  (response) => {
    response.writeHead(503, { 'content-length': '100' });
    response.write('cut');
    response.destroy();
  },
];

for (const [name, good] of [
  ['2.0', version2],
  ['1.0', version1],
] as const) {
  test(`no sample is unaccounted for with a faulty receiver of version ${name}`, async (t) => {
    const random = generator(7);
    const refused = new Set<string>();
    const answer: Answer = (response, received, receiver) => {
      const draw = random(10);
      if (draw < 5) pick(random, faults)(response, received, receiver);
      else if (draw < 6 && name === '2.0') writePart(response, received, receiver);
      else good(response, received, receiver);
    };
    /** Refuses all samples but the first two, unless they are stored from an attempt before. */
    const writePart: Answer = (response, { request }, receiver) => {
      for (const { labels, samples } of request.series.slice(2))
        refused.add(JSON.stringify([labels, samples[0]?.timestamp]));
      receiver.store(request, 2);
      setWritten(response, { ...request, series: request.series.slice(0, 2) });
      response.writeHead(400).end('out of bounds');
    };
    const receiver = await FakeReceiver.start(t, answer);
    const registry = new Registry({ selfMetrics: false });
    const counter = new Counter({ name: 'c_total', help: '', labelNames: ['index'], registry });
    const gauge = new Gauge({ name: 'g', help: '', labelNames: ['round'], registry });
    const writer = new RemoteWriter({
      url: receiver.url,
      registry,
      logger: silent,
      shards: 2,
      maxSamplesPerRequest: 7,
      timeout: '5s',
      retry: { min: 1, max: 3 },
      proxy: false,
    });
    for (let round = 0; round < 12; round++) {
      for (let index = 0; index < 20; index++) counter.inc({ index });
      gauge.clear();
      gauge.set({ round }, round);
      await writer.flush();
      assertBalanced(writer);
    }
    const { gathered, written, rejected, pending, dropped } = await writer.stop({ timeout: '30s' });
    assert.deepEqual([pending, dropped.queue_full, dropped.too_old, dropped.stopped], [0, 0, 0, 0]);
    assert.equal(written + rejected, gathered);
    assert.equal(rejected, refused.size);
    // Samples that were refused may have been stored by an attempt whose answer was lost.
    assert.ok(receiver.size >= written && receiver.size <= gathered, `${receiver.size} stored, ${written} written`);
    if (name === '1.0') assert.equal(receiver.size, gathered);
  });
}

function assertBalanced(writer: RemoteWriter): void {
  const { gathered, written, rejected, dropped, pending } = writer.counts;
  assert.equal(gathered, written + rejected + pending + dropped.queue_full + dropped.too_old + dropped.stopped);
}
