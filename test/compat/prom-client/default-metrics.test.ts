import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { runProgram } from '../../program.ts';
import { loose, type PromClient, promClient, testBoth, zeroprom } from './libraries.ts';

type Json = Awaited<ReturnType<InstanceType<PromClient['Registry']>['getMetricsAsJSON']>>[number];

/** Everything about the metrics that does not change from scrape to scrape. */
async function described(client: PromClient, config: object): Promise<unknown[]> {
  const registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry, ...config });
  const shown = (await registry.getMetricsAsJSON()) as Json[];
  return shown.map(({ name, help, type, aggregator, values }) => {
    const labelNames = [...new Set(values.map(({ labels }) => Object.keys(labels).join()))];
    return { name, help, type, aggregator, labelNames };
  });
}

/** Removes the label names of histograms, whose series exist only after a garbage collection. */
function withoutCollections(metrics: unknown[]): unknown[] {
  return metrics.map((metric) =>
    (metric as { type: unknown }).type === 'histogram' ? { ...(metric as Json), labelNames: [] } : metric,
  );
}

for (const config of [{}, { prefix: 'app_' }, { labels: { zone: 'a', env: 'b' } }]) {
  test(`the 31 families are those of prom-client, with ${JSON.stringify(config)}`, async () => {
    const ours = withoutCollections(await described(zeroprom, config));
    assert.deepEqual(ours, withoutCollections(await described(promClient, config)));
    assert.equal(ours.length, 31);
  });
}

testBoth('metricsList has the groups in order', ({ collectDefaultMetrics }) => {
  assert.deepEqual(collectDefaultMetrics.metricsList, [
    ...[
      'processCpuTotal',
      'processStartTime',
      'osMemoryHeap',
      'processOpenFileDescriptors',
      'processMaxFileDescriptors',
    ],
    ...['eventLoopLag', 'processResources', 'processHandles', 'processRequests', 'heapSizeAndUsed'],
    ...['heapSpacesSizeAndUsed', 'version', 'gc'],
  ]);
});

testBoth('the configuration is an object, null or undefined', ({ collectDefaultMetrics, register }) => {
  for (const config of ['x', 5, true]) {
    const error = { name: 'TypeError', message: 'config must be null, undefined, or an object' };
    assert.throws(() => loose({ collectDefaultMetrics })['collectDefaultMetrics']!(config), error);
  }
  for (const config of [null, undefined]) {
    assert.equal(loose({ collectDefaultMetrics })['collectDefaultMetrics']!(config), undefined);
    assert.equal(register.getMetricsAsArray().length, 31);
    register.clear();
  }
});

testBoth('functions of the process are called at each scrape', async ({ collectDefaultMetrics, Registry }) => {
  let user = 0;
  const usage = mock.method(process, 'cpuUsage', () => ({ user, system: 2 * user }));
  try {
    const register = new Registry();
    collectDefaultMetrics({ register });
    user += 1_500_000;
    const lines = (await register.metrics()).split('\n');
    for (const line of ['user_seconds_total 1.5', 'system_seconds_total 3', 'seconds_total 4.5']) {
      assert.ok(lines.includes(`process_cpu_${line}`), line);
    }
    user += 500_000;
    assert.match(await register.metrics(), /^process_cpu_user_seconds_total 2$/m);
  } finally {
    usage.mock.restore();
  }
});

testBoth('values exist again after a reset', async ({ collectDefaultMetrics, Registry }) => {
  const register = new Registry();
  collectDefaultMetrics({ register, labels: { zone: 'a' } });
  register.resetMetrics();
  const text = await register.metrics();
  const [major, minor, patch] = process.version.slice(1).split('.');
  const labels = `version="${process.version}",major="${major}",minor="${minor}",patch="${patch}",zone="a"`;
  assert.ok(text.includes(`nodejs_version_info{${labels}} 1\n`));
  assert.match(text, /^process_start_time_seconds\{zone="a"\} \d+$/m);
  assert.match(text, /^process_open_fds\{zone="a"\} \d+$/m);
  assert.match(text, /^nodejs_heap_space_size_used_bytes\{space="new",zone="a"\} \d+$/m);
});

testBoth('the buckets for garbage collections can be configured', async ({ collectDefaultMetrics, Registry }) => {
  const register = new Registry();
  collectDefaultMetrics({ register, gcDurationBuckets: [1, 2] });
  const { upperBounds } = register.getSingleMetric('nodejs_gc_duration_seconds') as unknown as {
    upperBounds: number[];
  };
  assert.deepEqual(upperBounds, [1, 2]);
});

testBoth('with exemplars enabled, each CPU counter has one', async ({ collectDefaultMetrics, Registry }) => {
  const register = new Registry();
  loose(register)['setContentType']!(Registry.OPENMETRICS_CONTENT_TYPE);
  loose({ collectDefaultMetrics })['collectDefaultMetrics']!({ register, enableExemplars: true });
  assert.equal((await register.metrics()).match(/^process_cpu_\w+ [\d.e-]+ # \{\} [\d.e-]+ [\d.]+$/gm)?.length, 3);
});

test('exemplars of the CPU counters contain the active trace', async () => {
  const api = Symbol.for('opentelemetry.js.api.1');
  const spanContext = () => ({ traceId: 't1', spanId: 's1', traceFlags: 1 });
  const active = () => ({ getValue: () => ({ spanContext }) });
  Object.assign(globalThis, { [api]: { context: { active } } });
  try {
    const { collectDefaultMetrics, Registry } = zeroprom;
    const register = new Registry(Registry.OPENMETRICS_CONTENT_TYPE);
    collectDefaultMetrics({ register, enableExemplars: true });
    assert.equal((await register.metrics()).match(/ # \{traceId="t1",spanId="s1"\} /g)?.length, 3);
  } finally {
    Reflect.deleteProperty(globalThis, api);
  }
});

test('every garbage collection is counted, and nothing keeps the process alive', async (t) => {
  const shown = await runProgram(
    t,
    `import { PerformanceObserver } from 'node:perf_hooks';
import client from './src/compat/prom-client/index.js';
client.collectDefaultMetrics();
let seen = 0;
const observer = new PerformanceObserver((list) => { seen += list.getEntries().length; });
observer.observe({ entryTypes: ['gc'] });
for (let index = 0; index < 40; index++) globalThis.gc();
await new Promise((resolve) => setTimeout(resolve, 50));
const text = await client.register.metrics();
const counted = [...text.matchAll(/^nodejs_gc_duration_seconds_count\\{kind="(\\w+)"\\} (\\d+)$/gm)];
const count = counted.reduce((sum, [, , count]) => sum + Number(count), 0);
console.log(seen >= 40 && count === seen, counted.map(([, kind]) => kind).includes('major'));`,
    ['--expose-gc'],
  );
  assert.equal(shown, 'true true');
});

test('the delays of the event loop are those since the last scrape', async (t) => {
  const shown = await runProgram(
    t,
    `import client from './src/compat/prom-client/index.js';
client.collectDefaultMetrics({ eventLoopMonitoringPrecision: 5 });
const max = async () => Number(/^nodejs_eventloop_lag_max_seconds ([\\d.e-]+)$/m.exec(await client.register.metrics())?.[1]);
const turn = () => new Promise((resolve) => setTimeout(resolve, 30));
await turn();
for (const end = performance.now() + 300; performance.now() < end;);
await turn();
const blocked = await max();
await turn();
await turn();
console.log(blocked >= 0.25, (await max()) < blocked);`,
  );
  assert.equal(shown, 'true true');
});
