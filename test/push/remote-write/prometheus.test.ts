import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { metricsHandler } from '../../../src/http.ts';
import { Counter, Gauge, Histogram, Info, Registry, StateSet, Summary } from '../../../src/index.ts';
import { RemoteWriter } from '../../../src/push/remote-write/remote-writer.ts';
import { Prometheus, until } from '../../e2e/prometheus.ts';
import { serve } from '../../http/serve.ts';
import { needs } from '../../installed-programs.ts';
import { silent } from '../../silent-logger.ts';
import { writeOnce } from './write-once.ts';

const flags = ['--web.enable-remote-write-receiver', '--enable-feature=exemplar-storage,native-histograms'];

function startPrometheus(t: TestContext, target = '127.0.0.1:1'): Promise<Prometheus> {
  return Prometheus.start(t, { target, interval: target === '127.0.0.1:1' ? '1h' : '250ms', flags });
}

/** Serves the registry, and returns the host and the port. */
async function serveRegistry(t: TestContext, registry: Registry): Promise<string> {
  return new URL(await serve(t, metricsHandler({ registry }))).host;
}

/** Name, labels and newest value of each series of a job, except those that Prometheus adds to scrapes. */
async function storedOf(prometheus: Prometheus, job: string): Promise<string[]> {
  const series = await prometheus.samples(`{job="${job}"}`);
  return series
    .filter(({ metric }) => !/^(up|scrape_.*)$/.test(metric['__name__'] ?? ''))
    .map(({ metric: { job: _job, instance: _instance, ...labels }, values }) => {
      const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
      return JSON.stringify([pairs, values.at(-1)?.[1]]);
    })
    .sort();
}

test('Prometheus stores the same series as in a scrape', needs('prometheus'), async (t) => {
  const registry = new Registry({ selfMetrics: false });
  new Counter({ name: 'c_total', help: 'C.', labelNames: ['a', 'b'], registry }).inc({ a: '"\\\n', b: '' }, 2.5);
  new Gauge({ name: 'g.utf8', help: 'G.', labelNames: ['http.method'], registry }).set({ 'http.method': 'é' }, -1);
  new Histogram({ name: 'h_seconds', help: 'H.', buckets: [0.1, 1, 1e6], registry }).observe(0.5);
  const summary = new Summary({ name: 's', help: 'S.', quantiles: [0.5, 1], registry });
  for (const value of [1, 2, 3]) summary.observe(value);
  new Info({ name: 'build_info', help: 'I.', labelNames: ['version'], registry }).set({ version: '1' });
  new StateSet({ name: 'mode', help: 'M.', states: ['on', 'off'], registry }).set('on');
  const prometheus = await startPrometheus(t, await serveRegistry(t, registry));
  // This version does not support remote write 2.0: it gets the buckets as series.
  await writeOnce(prometheus.writeUrl, registry, { customBuckets: true });
  await until('the target was scraped', async () => (await storedOf(prometheus, 'test')).length > 0);
  assert.deepEqual(await storedOf(prometheus, 'pushed'), await storedOf(prometheus, 'test'));
});

test(
  'Prometheus 2.42 and its native histograms: nothing is lost in the change to version 1.0',
  needs('prometheus'),
  async (t) => {
    const registry = new Registry({ selfMetrics: false });
    const histogram = new Histogram({ name: 'h', help: 'H.', native: {}, registry });
    const counter = new Counter({ name: 'c_total', help: 'C.', registry });
    const prometheus = await startPrometheus(t);
    const writer = new RemoteWriter({
      url: prometheus.writeUrl,
      registry,
      logger: silent,
      onStop: 'keep',
      proxy: false,
    });
    for (let round = 0; round < 3; round++) {
      histogram.observe(round);
      counter.inc();
      await writer.flush();
    }
    const { gathered, written } = await writer.stop();
    assert.deepEqual([gathered, written], [8, 8]);
    assert.equal(await prometheus.value('histogram_count(h)'), 3);
    assert.equal(await prometheus.value('histogram_sum(h)'), 3);
    const [series] = await prometheus.samples('c_total');
    assert.deepEqual(
      series?.values.map(([, value]) => value),
      [1, 2, 3, 3],
    );
  },
);

test('series end in Prometheus when the writer stops', needs('prometheus'), async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const gauge = new Gauge({ name: 'g', help: 'G.', labelNames: ['a'], registry });
  gauge.set({ a: 'removed' }, 1);
  gauge.set({ a: 'kept' }, 2);
  const prometheus = await startPrometheus(t);
  const writer = new RemoteWriter({ url: prometheus.writeUrl, registry, logger: silent, proxy: false });
  await writer.flush();
  assert.equal(await prometheus.value('count(g)'), 2);
  gauge.remove({ a: 'removed' });
  await writer.flush();
  assert.equal(await prometheus.value('g'), 2);
  const { gathered, written } = await writer.stop();
  assert.equal(written, gathered);
  assert.equal(await prometheus.value('g'), undefined);
});
