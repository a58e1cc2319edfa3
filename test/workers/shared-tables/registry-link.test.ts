import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { encodeGathering, openMetrics2 } from '../../../src/exposition/index.ts';
import {
  type CollectContext,
  Counter,
  type Gatherer,
  Gauge,
  Histogram,
  Info,
  PeakGauge,
  Registry,
  StateSet,
  Summary,
} from '../../../src/index.ts';
import { BEAT_MS } from '../../../src/workers/shared-tables/owner-status.ts';
import { publishRegistries, readRegistries } from '../../../src/workers/shared-tables/registry-link.ts';

/** Connects both ends in one thread: the reader works in the same way as in another one. */
function mirrorOf(gatherer: Gatherer, t: TestContext): Gatherer {
  const { port1, port2 } = new MessageChannel();
  const { status, stop } = publishRegistries(gatherer, port1);
  t.after(stop);
  return readRegistries(port2, status).mirror;
}

async function page(gatherer: Gatherer): Promise<string> {
  return encodeGathering(await gatherer.gather(), openMetrics2).toString();
}

/** Checks that a mirror has the same exposition. */
async function assertMirrored(registry: Gatherer, mirror: Gatherer): Promise<void> {
  const expected = await page(registry);
  assert.equal(await page(mirror), expected);
}

const withRegistry = (selfMetrics = false) => new Registry({ selfMetrics });

test('counters, gauges, infos and state sets are read in shared memory', async (t) => {
  const registry = withRegistry();
  const requests = new Counter({ name: 'requests_total', help: 'Requests.', labelNames: ['code', 'path'], registry });
  const size = new Gauge({ name: 'size_bytes', unit: 'bytes', help: 'Size.', constLabels: { disk: 'a' }, registry });
  const build = new Info({ name: 'build_info', help: 'Build.', labelNames: ['version'], registry });
  const phase = new StateSet({ name: 'phase', help: 'Phase.', states: ['a', 'b'], labelNames: ['job'], registry });
  requests.inc({ code: 200, path: '/' });
  const mirror = mirrorOf(registry, t);
  await assertMirrored(registry, mirror);
  requests.inc({ code: 200, path: '/' });
  requests.inc({ code: 500, path: '"é' }, 2.5);
  size.set(17);
  build.set({ version: '1.0.0' });
  phase.switchTo({ job: 'mail' }, 'b');
  await assertMirrored(registry, mirror);
  requests.remove({ code: 200, path: '/' });
  build.set({ version: '1.0.1' });
  await assertMirrored(registry, mirror);
});

test('histograms are read in shared memory, with observations of NaN', async (t) => {
  const registry = withRegistry();
  const seconds = new Histogram({ name: 'job_seconds', help: 'Jobs.', buckets: [1, 2], labelNames: ['job'], registry });
  const mirror = mirrorOf(registry, t);
  for (const value of [0.5, 1.5, 2.5, Number.NaN]) seconds.observe({ job: 'mail' }, value);
  seconds.observeMany({ job: 'mail' }, 1, 3);
  await assertMirrored(registry, mirror);
});

test('exemplars, exponential buckets, quantiles and peaks are requested from the owner', async (t) => {
  const registry = withRegistry();
  const requests = new Counter({ name: 'requests_total', help: 'Requests.', labelNames: ['code'], registry });
  const seconds = new Histogram({ name: 'job_seconds', help: 'Jobs.', native: {}, buckets: [1], registry });
  const pure = new Histogram({
    name: 'pure_seconds',
    help: 'Jobs.',
    native: { schema: 2 },
    labelNames: ['a'],
    registry,
  });
  const sizes = new Summary({ name: 'sizes', help: 'Sizes.', quantiles: [0.5, 0.9], labelNames: ['a'], registry });
  const peak = new PeakGauge({ name: 'peak', help: 'Peak.', registry });
  const mirror = mirrorOf(registry, t);
  requests.inc({ code: 200 }, 1, { trace_id: 'abc' });
  requests.inc({ code: 404 }, 1);
  for (const value of [0.1, 7, -3]) seconds.observe(value, { trace_id: `t${value}` });
  for (const value of [0.1, 7, 0, Number.NaN]) pure.observe({ a: 'x' }, value);
  for (let value = 0; value < 100; value++) sizes.observe({ a: 'y' }, value);
  peak.observe(5);
  // The next beat tells that there are exemplars. On a busy machine it may be late, which counts as a blocked owner.
  for (let beat = 0; beat < 40 && (await page(mirror)) !== (await page(registry)); beat++) await delay(BEAT_MS);
  await assertMirrored(registry, mirror);
});

test('thousands of series grow and shrink a table', async (t) => {
  const registry = withRegistry();
  const gauge = new Gauge({ name: 'gauge', help: 'Help.', labelNames: ['id', 'twin'], registry });
  const mirror = mirrorOf(registry, t);
  for (let id = 0; id < 5000; id++) gauge.set({ id, twin: `-${id}` }, id);
  await assertMirrored(registry, mirror);
  for (let id = 0; id < 4900; id++) gauge.remove({ id, twin: `-${id}` });
  await assertMirrored(registry, mirror);
  for (let id = 0; id < 100; id++) gauge.set({ id, twin: 'again' }, id);
  await assertMirrored(registry, mirror);
  gauge.replace([[{ id: 1, twin: 'only' }, 3]]);
  await assertMirrored(registry, mirror);
});

test('metrics that are registered and removed later are mirrored at once', async (t) => {
  const registry = withRegistry();
  const mirror = mirrorOf(registry, t);
  assert.equal(await page(mirror), '# EOF\n');
  new Counter({ name: 'a_total', help: 'A.', registry }).inc();
  await assertMirrored(registry, mirror);
  registry.unregister('a_total');
  new Gauge({ name: 'a_total', help: 'Another type.', registry }).set(2);
  await assertMirrored(registry, mirror);
});

test('metrics of views have their prefixes and labels', async (t) => {
  const registry = withRegistry();
  const view = registry.withPrefix('app_').withLabels({ tenant: 'a' });
  const requests = new Counter({ name: 'requests_total', help: 'Requests.', labelNames: ['code'], registry: view });
  const mirror = mirrorOf(registry, t);
  requests.inc({ code: 200 });
  await assertMirrored(registry, mirror);
});

test('lost updates are counted', async (t) => {
  const registry = withRegistry(true);
  const metric = new Counter({
    name: 'a_total',
    help: 'A.',
    labelNames: ['id'],
    maxSeries: 1,
    registry,
    logger: { warn() {} },
  });
  const mirror = mirrorOf(registry, t);
  for (let id = 0; id < 3; id++) metric.inc({ id });
  await assertMirrored(registry, mirror);
  assert.match(await page(mirror), /zeroprom_series_dropped_total\{metric="a_total"\} 2/);
});

test('callbacks and custom collectors run in the owner', async (t) => {
  const registry = withRegistry();
  let calls = 0;
  new Gauge({ name: 'polled', help: 'Polled.', registry, collect: (gauge) => gauge.set(++calls) });
  registry.register({
    name: 'custom',
    collect: ({ signal, deadline }) => {
      assert.ok(!signal.aborted && deadline > Date.now());
      return [{ name: 'custom', help: 'Custom.', type: 'gauge', points: [{ labels: { a: 'b' }, value: calls }] }];
    },
  });
  const mirror = mirrorOf(registry, t);
  assert.deepEqual(mirror.collectorNames, ['custom']);
  const text = await page(mirror);
  assert.match(text, /^polled 1\n/m);
  assert.match(text, /^custom\{a="b"\} 1\n/m);
});

test('failures of collectors and callbacks are reported, and the rest is exposed', async (t) => {
  const registry = withRegistry(true);
  const fail = () => {
    throw new Error('Unreachable.');
  };
  new Gauge({ name: 'polled', help: 'Polled.', registry, collect: fail });
  new Gauge({ name: 'other', help: 'Other.', registry }).set(1);
  registry.register({ name: 'custom', collect: fail });
  const { entries, failures } = await mirrorOf(registry, t).gather();
  assert.deepEqual(
    new Set(failures.map(({ collector, error }) => `${collector}: ${error.message}`)),
    new Set(['polled: Unreachable.', 'custom: Unreachable.']),
  );
  const names = entries.map((entry) => ('descriptor' in entry ? entry.descriptor.name : entry.name));
  assert.ok(names.includes('other') && !names.includes('polled'));
});

test('a collector that is late is aborted and left out', { timeout: 10_000 }, async (t) => {
  const registry = withRegistry();
  const aborted = new Promise<void>((resolve) => {
    const collect = ({ signal }: CollectContext) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          resolve();
          reject(signal.reason);
        });
      });
    registry.register({ name: 'slow', collect });
  });
  const { failures } = await mirrorOf(registry, t).gather({ timeoutMs: 50 });
  assert.deepEqual(
    failures.map(({ collector }) => collector),
    ['slow'],
  );
  const alive = setInterval(() => {}, 1000); // Ports do not keep the process alive.
  await aborted;
  clearInterval(alive);
});

test('merged registries are mirrored one by one', async (t) => {
  const [one, other] = [withRegistry(), withRegistry()];
  new Counter({ name: 'a_total', help: 'A.', labelNames: ['x'], registry: one }).inc({ x: 1 });
  new Counter({ name: 'a_total', help: 'A.', labelNames: ['x'], registry: other }).inc({ x: 2 });
  const merged = Registry.merge(one, Registry.merge(other));
  await assertMirrored(merged, mirrorOf(merged, t));
});

test('other gatherers are called as a whole', async (t) => {
  const registry = withRegistry();
  new Counter({ name: 'a_total', help: 'A.', registry }).inc();
  const gatherer: Gatherer = { gather: (options) => registry.gather(options) };
  assert.match(await page(mirrorOf(gatherer, t)), /^a_total 1/m);
});

test('series expire even if only the mirror is scraped', async (t) => {
  const registry = withRegistry();
  const gauge = new Gauge({ name: 'gauge', help: 'Help.', labelNames: ['id'], ttlMs: 20, registry });
  gauge.set({ id: 1 }, 1);
  const mirror = mirrorOf(registry, t);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(await page(mirror), '# EOF\n');
});
