/**
 * VictoriaMetrics (single node) as a receiver of remote write and of OTLP stores the same as from a scrape of the same registry.
 * Run by `npm run test:receivers`.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { metricsHandler } from '../../src/http.ts';
import type { Registry } from '../../src/index.ts';
import { start } from '../child.ts';
import { until } from '../e2e/prometheus.ts';
import { freePort } from '../free-port.ts';
import { serve } from '../http/serve.ts';
import { exportOnce } from '../push/otlp/export-once.ts';
import { writeOnce } from '../push/remote-write/write-once.ts';
import { filledRegistry } from './filled-registry.ts';

/** Starts a VictoriaMetrics that scrapes the registry as the job `scraped`, and returns its URL. */
async function startScraping(t: TestContext, registry: Registry): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zeroprom-victoria-metrics-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const target = new URL(await serve(t, metricsHandler({ registry }))).host;
  const config = join(folder, 'scrape.yml');
  const job = `{ job_name: scraped, scrape_interval: 1s, static_configs: [{ targets: ['${target}'] }] }`;
  await writeFile(config, `scrape_configs: [${job}]\n`);
  const address = `127.0.0.1:${await freePort()}`;
  start(t, 'victoria-metrics', [
    `-httpListenAddr=${address}`,
    `-storageDataPath=${join(folder, 'data')}`,
    `-promscrape.config=${config}`,
  ]);
  const url = `http://${address}`;
  await until('the target was scraped', async () => (await storedOf(url, 'scraped').catch(() => [])).length > 0);
  return url;
}

/** As `/api/v1/export` documents it; values that JSON does not have are null or strings. */
interface Exported {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (number | string | null)[];
}

/** Name, labels and first value of each series of a job. */
async function storedOf(url: string, job: string): Promise<string[]> {
  await fetch(`${url}/internal/force_flush`);
  const selector = `{job="${job}", __name__!~"up|scrape_.*|target_info"}`;
  const response = await fetch(`${url}/api/v1/export?${new URLSearchParams({ 'match[]': selector })}`);
  assert.equal(response.status, 200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => shownSeries(JSON.parse(line))).sort();
}

function shownSeries({ metric, values }: Exported): string {
  const labels = Object.entries(metric).filter(
    ([name]) => !/^(job|instance|service\..*|scope\..*|otel_scope_.*)$/.test(name),
  );
  const numbers = labels.map(([name, text]) => [
    name,
    ['le', 'quantile'].includes(name) ? String(Number(text.replace('+Inf', 'Infinity'))) : text,
  ]);
  return JSON.stringify([numbers.sort(), values[0]]);
}

const routes: readonly (readonly [name: string, push: (url: string, registry: Registry) => Promise<void>])[] = [
  // Answers 204 to version 2.0 and stores nothing: the writer must notice it.
  ['remote write', (url, registry) => writeOnce(`${url}/api/v1/write`, registry, { nativeHistograms: false })],
  [
    'remote write with custom buckets',
    (url, registry) => writeOnce(`${url}/api/v1/write`, registry, { nativeHistograms: false, customBuckets: true }),
  ],
  [
    'OTLP, http/protobuf',
    (url, registry) =>
      exportOnce({
        url: `${url}/opentelemetry/v1/metrics`,
        registry,
        resource: { 'service.name': 'x', job: 'pushed' },
        nativeHistograms: false,
      }),
  ],
];

for (const [name, push] of routes) {
  test(`VictoriaMetrics, ${name}: what arrives equals what a scrape stores`, async (t) => {
    const registry = filledRegistry();
    const url = await startScraping(t, registry);
    await push(url, registry);
    const scraped = await storedOf(url, 'scraped');
    assert.ok(scraped.length > 20);
    await until('all series are visible', async () => (await storedOf(url, 'pushed')).length >= scraped.length);
    assert.deepEqual(await storedOf(url, 'pushed'), scraped);
  });
}
