import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { negotiate } from '../../src/exposition/index.ts';
import { Counter, Gauge, Histogram, Info, metricsHandler, Registry, StateSet, Summary } from '../../src/index.ts';
import { needs } from '../installed-programs.ts';
import { nativeHistograms, Prometheus, until } from './prometheus.ts';

const TRACE = { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' };

/** A page with every type, and the number of scrapes by requested media type. */
async function pageWithEverything(t: TestContext) {
  const registry = new Registry();
  new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['queue'], registry }).inc(
    { queue: 'ü"\\\n' },
    3,
    TRACE,
  );
  new Gauge({ name: 'temperature_celsius', help: 'Temperature.', registry }).set(-1.5);
  new Info({ name: 'build_info', help: 'Build.', labelNames: ['version'], registry }).set({ version: '1.2' });
  new StateSet({ name: 'door', help: 'Door.', states: ['open', 'shut'], registry }).switchTo('shut');
  const summary = new Summary({ name: 'size_bytes', help: 'Sizes.', quantiles: [0.5], registry });
  for (let size = 1; size <= 9; size++) summary.observe(size);
  const classic = new Histogram({ name: 'wait_seconds', help: 'Waits.', buckets: [0.1, 1, 10], registry });
  const native = new Histogram({ name: 'latency_seconds', help: 'Latencies.', native: { schema: 3 }, registry });
  const both = new Histogram({ name: 'both_seconds', help: 'Both.', buckets: [1, 2], native: {}, registry });
  for (let value = 1; value <= 100; value++) {
    classic.observe(value / 20, value === 100 ? TRACE : undefined);
    native.observe(value / 20, value === 50 ? TRACE : undefined);
    both.observe(value / 50);
  }
  const mediaTypes = new Set<string>();
  const handler = metricsHandler({ registry });
  const server = createServer((request, response) => {
    mediaTypes.add(negotiate(request.headers.accept).format.accepted.mediaType);
    handler(request, response);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  // A server that listens on a port has such an address.
  return { target: `127.0.0.1:${(server.address() as AddressInfo).port}`, mediaTypes, native };
}

async function checkCommonTypes(prometheus: Prometheus): Promise<void> {
  await until('it was scraped', async () => (await prometheus.value('up')) === 1);
  const expected: readonly [expression: string, value: number][] = [
    ['jobs_total{queue="ü\\"\\\\\\n"}', 3],
    ['temperature_celsius', -1.5],
    ['build_info{version="1.2"}', 1],
    ['door{door="shut"}', 1],
    ['door{door="open"}', 0],
    ['size_bytes_count', 9],
    ['size_bytes_sum', 45],
    ['size_bytes{quantile="0.5"}', 5],
  ];
  for (const [expression, value] of expected) {
    const found = await prometheus.value(expression);
    assert.ok(found !== undefined && Math.abs(found - value) <= 0.01 * Math.abs(value), `${expression} is ${found}`);
  }
}

test('Prometheus scrapes every type as OpenMetrics, with exemplars', needs('prometheus'), async (t) => {
  const { target, mediaTypes } = await pageWithEverything(t);
  const prometheus = await Prometheus.start(t, {
    target,
    interval: '400ms',
    flags: ['--enable-feature=exemplar-storage'],
  });
  await checkCommonTypes(prometheus);
  assert.deepEqual([...mediaTypes], ['application/openmetrics-text']);
  assert.equal(await prometheus.value('wait_seconds_bucket{le="1.0"}'), 20);
  assert.equal(await prometheus.value('wait_seconds_count'), 100);
  // 50 of 100 lie below 2.5; linear in the bucket from 1 to 10, which holds 80 of them.
  assert.equal(await prometheus.value('histogram_quantile(0.5, wait_seconds_bucket)'), 1 + (9 * 30) / 80);
  assert.equal(await prometheus.value('latency_seconds_count'), 100);
  assert.deepEqual(
    (await exemplarsOf(prometheus, 'wait_seconds_bucket')).map(({ labels }) => labels),
    [TRACE],
  );
  assert.deepEqual(
    (await exemplarsOf(prometheus, 'jobs_total')).map(({ labels, value }) => [labels, value]),
    [[TRACE, '3']],
  );
  assert.deepEqual(prometheus.complaints, []);
});

test('Prometheus that knows native histograms gets them', needs('prometheus'), async (t) => {
  const { target, mediaTypes, native } = await pageWithEverything(t);
  const { features, job } = nativeHistograms();
  const flags = [`--enable-feature=${['exemplar-storage', ...features].join()}`];
  const prometheus = await Prometheus.start(t, { target, interval: '400ms', flags, job });
  await checkCommonTypes(prometheus);
  assert.deepEqual([...mediaTypes], ['application/vnd.google.protobuf']);
  assert.equal(await prometheus.value('histogram_count(latency_seconds)'), 100);
  const sum = await prometheus.value('histogram_sum(latency_seconds)');
  assert.ok(sum !== undefined && Math.abs(sum - 252.5) < 1e-9, String(sum));
  const median = await prometheus.value('histogram_quantile(0.5, latency_seconds)');
  assert.ok(median !== undefined && Math.abs(median / 2.5 - 1) < 2 ** (1 / 8) - 1, String(median));
  assert.equal(await prometheus.value('histogram_count(both_seconds)'), 100);
  assert.equal(await prometheus.value('wait_seconds_bucket{le="1.0"}'), 20);
  assert.deepEqual(
    (await exemplarsOf(prometheus, 'wait_seconds_bucket')).map(({ labels }) => labels),
    [TRACE],
  );

  native.reset();
  native.observe(-7);
  native.observe(0);
  native.observe(Number.NaN);
  await until(
    'the new values are there',
    async () => (await prometheus.value('histogram_count(latency_seconds)')) === 3,
  );
  assert.equal((await prometheus.target()).lastError, '');
  assert.deepEqual(prometheus.complaints, []);
});

interface StoredExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

async function exemplarsOf(prometheus: Prometheus, query: string): Promise<StoredExemplar[]> {
  const now = Date.now() / 1000;
  const range = { query, start: String(now - 300), end: String(now + 60) };
  const series = await prometheus.api<{ exemplars: StoredExemplar[] }[]>('query_exemplars', range);
  return series.flatMap(({ exemplars }) => exemplars);
}
