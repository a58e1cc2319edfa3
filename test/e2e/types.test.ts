import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  Counter,
  Gauge,
  Histogram,
  Info,
  metricsHandler,
  PeakGauge,
  Registry,
  StateSet,
  Summary,
} from '../../src/index.ts';
import { serve } from '../http/serve.ts';
import { needs, runInstalled } from '../installed-programs.ts';
import { Prometheus, until } from './prometheus.ts';

/** One metric of each type with distinct values, and the series that a server stores. */
function page(): { readonly registry: Registry; readonly expected: Readonly<Record<string, number>> } {
  const registry = new Registry();
  const requests = new Counter({ name: 'requests_total', help: 'Requests.', labelNames: ['method', 'path'], registry });
  requests.inc({ method: 'GET', path: '/' }, 3, { trace_id: 'abc' });
  requests.inc({ method: 'POST', path: 'a "quoted" \\ path\nof two lines, ü and 🦑' }, 2.5);
  new Counter({ name: 'plain_total', help: 'Without labels.', registry }).inc(2 ** 53);
  const temperature = new Gauge({ name: 'temperature_celsius', help: 'Temperature.', labelNames: ['room'], registry });
  temperature.set({ room: 'cold' }, -12.5);
  temperature.set({ room: 'hot' }, Number.POSITIVE_INFINITY);
  temperature.set({ room: 'broken' }, Number.NaN);
  new PeakGauge({ name: 'queue_length_peak', help: 'Longest queue.', registry }).observe(7);
  const duration = new Histogram({ name: 'duration_seconds', help: 'Durations.', buckets: [1, 2, 4], registry });
  for (const value of [0.5, 1.5, 1.5, 3, 9]) duration.observe(value, { trace_id: 'def' });
  const native = new Histogram({ name: 'native_seconds', help: 'In native buckets.', native: {}, registry });
  for (const value of [1, 2]) native.observe(value);
  const size = new Summary({ name: 'size_bytes', help: 'Sizes.', quantiles: [0.5], registry });
  for (const value of [100, 100, 100]) size.observe(value);
  new Info({ name: 'app_info', help: 'What runs.', labelNames: ['release'], registry }).set({ release: '1.2.3' });
  new StateSet({ name: 'light', help: 'The light.', states: ['red', 'green'], registry }).switchTo('green');
  registry.register({
    name: 'plain families',
    collect: async () => [
      { name: 'of_unknown_type', help: 'Unknown.', type: 'unknown', points: [{ labels: { x: '' }, value: 1e-7 }] },
    ],
  });
  return {
    registry,
    expected: {
      'requests_total{method="GET",path="/"}': 3,
      'requests_total{method="POST",path="a \\"quoted\\" \\\\ path\\nof two lines, ü and 🦑"}': 2.5,
      plain_total: 2 ** 53,
      'temperature_celsius{room="cold"}': -12.5,
      'temperature_celsius{room="hot"}': Number.POSITIVE_INFINITY,
      'temperature_celsius{room="broken"}': Number.NaN,
      queue_length_peak: 7,
      'duration_seconds_bucket{le=~"1|1.0"}': 1,
      'duration_seconds_bucket{le=~"2|2.0"}': 3,
      'duration_seconds_bucket{le=~"4|4.0"}': 4,
      'duration_seconds_bucket{le="+Inf"}': 5,
      duration_seconds_count: 5,
      duration_seconds_sum: 15.5,
      native_seconds_count: 2,
      native_seconds_sum: 3,
      size_bytes_count: 3,
      size_bytes_sum: 300,
      'app_info{release="1.2.3"}': 1,
      'light{light="green"}': 1,
      'light{light="red"}': 0,
      of_unknown_type: 1e-7,
      'zeroprom_collector_success{collector="plain families"}': 1,
      // The third of five observations is the second of two in the bucket from 1 to 2, of which 2.5 - 1 are below.
      'histogram_quantile(0.5, duration_seconds_bucket)': 1.75,
    },
  };
}

async function scraped(t: TestContext, registry: Registry): Promise<{ url: string; prometheus: Prometheus }> {
  const url = await serve(t, metricsHandler({ registry }));
  const prometheus = await Prometheus.start(t, { target: new URL(url).host, interval: '1s' });
  await until('the target is up', async () => (await prometheus.value('up')) === 1);
  return { url, prometheus };
}

test('a real Prometheus reads a page with every type of metric', needs('prometheus', 'promtool'), async (t) => {
  const { registry, expected } = page();
  const { url, prometheus } = await scraped(t, registry);

  for (const [expression, value] of Object.entries(expected)) {
    await t.test(`${expression} is ${value}`, async () => {
      assert.equal(await prometheus.value(expression), value);
    });
  }

  await t.test('a quantile is within one per cent of what was observed', async () => {
    const quantile = (await prometheus.value('size_bytes{quantile="0.5"}')) ?? Number.NaN;
    assert.ok(Math.abs(quantile - 100) <= 1, String(quantile));
  });

  await t.test('the server knows the types', async () => {
    const metadata = await prometheus.api<Record<string, readonly { readonly type: string }[]>>('metadata', {});
    const typeOf = (name: string) => metadata[name]?.[0]?.type;
    assert.deepEqual(['temperature_celsius', 'duration_seconds', 'size_bytes', 'light'].map(typeOf), [
      'gauge',
      'histogram',
      'summary',
      'stateset',
    ]);
    assert.equal(typeOf('requests') ?? typeOf('requests_total'), 'counter');
  });

  await t.test('no series comes from anything else than the page and the server itself', async () => {
    const names = await prometheus.api<readonly string[]>('label/__name__/values', {});
    const shown = await (await fetch(url)).text();
    const foreign = names.filter((name) => !shown.includes(name) && !/^(up|scrape_)/.test(name));
    assert.deepEqual(foreign, []);
  });

  await t.test('nothing was wrong with the page', async () => {
    const { health, lastError } = await prometheus.target();
    assert.deepEqual({ health, lastError }, { health: 'up', lastError: '' });
    assert.deepEqual(prometheus.complaints, []);
  });

  await t.test('promtool finds nothing to say about the page', async () => {
    runInstalled('promtool', ['check', 'metrics'], await (await fetch(url)).text());
  });
});
