/**
 * Prometheus 3 as a receiver of remote write 2.0 and of OTLP stores the same as from a scrape of the same registry.
 * Run by `npm run test:receivers`.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { metricsHandler } from '../../src/http.ts';
import type { Registry } from '../../src/index.ts';
import { numberOf, Prometheus, until } from '../e2e/prometheus.ts';
import { serve } from '../http/serve.ts';
import { exportOnce } from '../push/otlp/export-once.ts';
import { writeOnce } from '../push/remote-write/write-once.ts';
import { filledRegistry } from './filled-registry.ts';

const features = [
  'exemplar-storage',
  'type-and-unit-labels',
  'st-storage',
  'use-start-timestamps',
  'promql-experimental-functions',
];
const flags = [
  '--web.enable-remote-write-receiver',
  '--web.enable-otlp-receiver',
  `--enable-feature=${features.join(',')}`,
];

async function startScraping(t: TestContext, registry: Registry, job: string): Promise<Prometheus> {
  const target = new URL(await serve(t, metricsHandler({ registry }))).host;
  const prometheus = await Prometheus.start(t, { target, interval: '500ms', job, flags });
  await until('the target was scraped', async () => ((await prometheus.value('count({job="test"})')) ?? 0) > 15);
  return prometheus;
}

type Labels = Readonly<Record<string, string>>;

interface Stored {
  readonly metric: Labels;
  readonly value?: readonly [number, string];
  readonly histogram?: readonly [number, unknown];
}

/** Name and labels of each series of a job, and its value. */
function valuesOf(prometheus: Prometheus, job: string): Promise<[string, unknown][]> {
  return resultsOf(prometheus, `{job="${job}", __name__!~"up|scrape_.*|target_info"}`);
}

/** Start times in hundredths of a second. The function drops names, so each series is queried separately. */
function startsOf(prometheus: Prometheus, job: string, names: readonly string[]): Promise<unknown[]> {
  const query = (name: string) => `round(start_timestamp({job="${job}", __name__="${name}"}) * 100)`;
  return Promise.all(
    names.map(async (name) => {
      const results = await resultsOf(prometheus, query(name));
      assert.ok(results.length > 0, `${name} must have a start time`);
      return [name, results];
    }),
  );
}

async function resultsOf(prometheus: Prometheus, query: string): Promise<[string, unknown][]> {
  const { result } = await prometheus.api<{ result: Stored[] }>('query', { query });
  return result
    .map(({ metric, value, histogram }): [string, unknown] => [keyOf(metric), histogram?.[1] ?? value?.[1]])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function keyOf({ job: _job, instance: _instance, ...labels }: Labels): string {
  const pairs = Object.entries(labels).map(([name, text]): [string, string] => {
    // Scrapes normalize these numbers, and OTLP writes the shortest form.
    if (name === 'le' || name === 'quantile') return [name, String(numberOf(text))];
    // In protobuf, infos and state sets are gauges.
    if (name === '__type__' && ['info', 'stateset'].includes(text)) return [name, 'gauge'];
    return [name, text];
  });
  return JSON.stringify(pairs.filter(isCompared).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The unit of ratios in OTLP, 1, becomes an empty unit in Prometheus. */
function isCompared([name, text]: readonly [string, string]): boolean {
  return name !== '__unit__' || text !== 'ratio';
}

interface StoredExemplars {
  readonly seriesLabels: Labels;
  readonly exemplars: readonly { readonly labels: Labels; readonly value: string; readonly timestamp: number }[];
}

async function exemplarsOf(prometheus: Prometheus, job: string): Promise<unknown[]> {
  const now = Date.now() / 1000;
  const range = { start: String(now - 60), end: String(now + 60) };
  const series = await prometheus.api<StoredExemplars[]>('query_exemplars', { query: `{job="${job}"}`, ...range });
  return series
    .flatMap(({ seriesLabels, exemplars }) =>
      exemplars.map(({ labels, value, timestamp }) =>
        JSON.stringify([keyOf(seriesLabels), keyOf(labels), value, Math.round(timestamp * 1000)]),
      ),
    )
    .sort();
}

interface Route {
  readonly name: string;
  readonly push: (prometheus: Prometheus, registry: Registry) => Promise<void>;
  /** Settings of the scrape that stores the same. */
  readonly job: string;
  /** Series whose start times are compared. */
  readonly started: readonly string[];
}

const native = 'scrape_native_histograms: true';
const started = ['c_bytes_total', 'plain_total', 'n_seconds', 's_seconds_sum'];
const classicStarted = [...started, 'h_seconds_bucket', 'h_seconds_count'];

const routes: readonly Route[] = [
  {
    name: 'remote write 2.0',
    push: ({ writeUrl }, registry) => writeOnce(writeUrl, registry),
    job: native,
    started: classicStarted,
  },
  {
    name: 'remote write 2.0 with custom buckets',
    push: ({ writeUrl }, registry) => writeOnce(writeUrl, registry, { customBuckets: true }),
    job: `${native}, convert_classic_histograms_to_nhcb: true`,
    started: [...started, 'h_seconds'],
  },
  ...(['http/protobuf', 'http/json'] as const).map((protocol) => ({
    name: `OTLP, ${protocol}`,
    push: ({ writeUrl }: Prometheus, registry: Registry) =>
      exportOnce({
        url: writeUrl.replace('/api/v1/write', '/api/v1/otlp/v1/metrics'),
        registry,
        protocol,
        resource: { 'service.name': 'pushed', 'service.instance.id': 'x' },
      }),
    job: native,
    started: classicStarted,
  })),
];

for (const { name, push, job, started } of routes) {
  test(`${name}: what arrives equals what a scrape stores`, async (t) => {
    const registry = filledRegistry();
    const prometheus = await startScraping(t, registry, job);
    await push(prometheus, registry);
    const isOtlp = name.startsWith('OTLP');
    const stored = await valuesOf(prometheus, 'pushed');
    assert.ok(stored.length > 15);
    assert.deepEqual(normalized(stored, isOtlp), normalized(await valuesOf(prometheus, 'test'), isOtlp));
    assert.deepEqual(await startsOf(prometheus, 'pushed', started), await startsOf(prometheus, 'test', started));
    assert.deepEqual(await exemplarsOf(prometheus, 'pushed'), await exemplarsOf(prometheus, 'test'));
    assert.deepEqual(prometheus.complaints, []);
  });
}

/** OTLP in Prometheus has a fixed zero threshold. */
function normalized(results: readonly [string, unknown][], isOtlp: boolean): unknown[] {
  return results.map(([key, value]) => {
    if (!isOtlp || typeof value !== 'object' || value === null || !('buckets' in value)) return [key, value];
    const { buckets, ...totals } = value as { buckets: [number, string, string, string][] }; // As its API documents.
    return [
      key,
      totals,
      buckets.map(([boundary, from, to, count]) => (boundary === 3 ? ['zero', count] : [from, to, count])),
    ];
  });
}
