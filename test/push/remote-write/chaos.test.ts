/**
 * A network that fails in many ways. The counts of the writer are compared with the samples that the receiver has stored. It takes a few
 * seconds, or as long as `npm run test:chaos -- MINUTES` says.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Counter, Gauge, Registry } from '../../../src/index.ts';
import { RemoteWriter } from '../../../src/push/remote-write/remote-writer.ts';
import { Prometheus } from '../../e2e/prometheus.ts';
import { needs } from '../../installed-programs.ts';
import { generator } from '../../random.ts';
import { silent } from '../../silent-logger.ts';
import { chaosRounds, chaosSeed } from '../chaos-rounds.ts';
import { assertBalanced } from './assert-balanced.ts';
import { ChaosProxy, STALE } from './chaos-proxy.ts';
import { type Answer, FakeReceiver, version1, version2 } from './fake-receiver.ts';

const ROUNDS = 30;
const ROUND_MS = 20;

interface Upstream {
  readonly url: string;
  /** Number of samples that it has stored. */
  readonly size: () => Promise<number>;
  /** Whether that includes staleness markers, which queries do not show. */
  readonly countsMarkers: boolean;
}

async function fake(t: TestContext, answer: Answer): Promise<Upstream> {
  const receiver = await FakeReceiver.start(t, answer);
  return { url: receiver.url, size: async () => receiver.size, countsMarkers: true };
}

async function real(t: TestContext): Promise<Upstream> {
  const flags = ['--web.enable-remote-write-receiver'];
  const prometheus = await Prometheus.start(t, { target: '127.0.0.1:1', interval: '1h', flags });
  const size = () => prometheus.value('sum(count_over_time({job="chaos"}[1d]))');
  return { url: prometheus.writeUrl, size: async () => (await size()) ?? 0, countsMarkers: false };
}

const upstreams: readonly (readonly [string, (t: TestContext) => Promise<Upstream>, { skip: string | false }])[] = [
  ['a receiver of version 2.0', (t) => fake(t, version2), { skip: false }],
  ['a receiver of version 1.0', (t) => fake(t, version1), { skip: false }],
  ['Prometheus', real, needs('prometheus')],
];

for (const [name, start, options] of upstreams) {
  test(`no sample is unaccounted for between a faulty network and ${name}`, options, async (t) => {
    const upstream = await start(t);
    const proxy = await ChaosProxy.start(t, upstream.url, generator(chaosSeed));
    const registry = new Registry({ selfMetrics: false });
    const counter = new Counter({ name: 'c_total', help: '', labelNames: ['index'], registry });
    const gauge = new Gauge({ name: 'g', help: '', labelNames: ['round'], registry });
    const writer = new RemoteWriter({
      url: proxy.url,
      registry,
      labels: { job: 'chaos' },
      logger: silent,
      shards: 2,
      maxSamplesPerRequest: 7,
      timeout: 300,
      retry: { min: 1, max: 20 },
      proxy: false,
    });
    for (const round of chaosRounds(ROUNDS)) {
      for (let index = 0; index < 20; index++) counter.inc({ index });
      // Series that come and go.
      gauge.clear();
      gauge.set({ round: round % 50 }, round);
      // Some outages last longer than a gathering.
      await writer.flush({ timeout: 200 }).catch(() => {});
      assertBalanced(writer.counts);
      await wait(ROUND_MS);
    }
    proxy.isCalm = true;
    const { gathered, written, rejected, pending, dropped } = await writer.stop({ timeout: '60s' });
    await proxy.settled();
    t.diagnostic(JSON.stringify({ gathered, written, rejected, faults: Object.fromEntries(proxy.faults) }));
    assert.deepEqual([pending, dropped.queue_full, dropped.too_old, dropped.stopped], [0, 0, 0, 0]);
    assert.equal(written + rejected, gathered);
    assert.equal(rejected, proxy.refused.size);
    // Samples that were refused may have been stored by an attempt whose answer was lost.
    const refusedAndStored = [...proxy.refused].filter((sample) => proxy.stored.has(sample)).length;
    assert.equal(proxy.stored.size, written + refusedAndStored);
    const visible = [...proxy.stored].filter((sample) => upstream.countsMarkers || !sample.endsWith(STALE));
    assert.equal(await upstream.size(), visible.length);
  });
}
