/**
 * Compares everything that Prometheus stores from a page with expectations written by hand: the complete sets of series with
 * their values, metadata and exemplars, for every configuration that its version has. `npm run test:prometheus3` does so
 * with other versions than the installed one.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { negotiate } from '../../src/exposition/index.ts';
import { metricsHandler } from '../../src/index.ts';
import { serve } from '../http/serve.ts';
import { needs } from '../installed-programs.ts';
import { isAtLeast, Prometheus, until } from './prometheus.ts';
import { type Configuration, type Group, groups } from './stored/configurations.ts';
import { expectedFamilies, sampleMs } from './stored/expected.ts';
import type { ExpectedFamily, Labels } from './stored/expected-family.ts';
import { storedPage, type Times } from './stored/page.ts';
import { exemplarText, metadataText, type Stored, seriesText, storedOf } from './stored/stored.ts';

/** Series that servers store for every scrape. */
const ABOUT_SCRAPES = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_post_metric_relabeling',
  'scrape_samples_scraped',
  'scrape_series_added',
];

const { skip } = needs('prometheus');
const isInstalled = ({ since, before = '99' }: { since?: string; before?: string }) =>
  since === undefined || (isAtLeast(since) && !isAtLeast(before));

suite('all that a server stores', { concurrency: 2, skip }, () => {
  if (skip !== false) return;
  for (const group of groups.filter(isInstalled)) {
    test(group.name, async (t) => {
      const configurations = group.configurations.filter(isInstalled);
      const { prometheus, times, contentTypes } = await scraped(t, group, configurations);
      let series = 0;
      let exemplars = 0;
      for (const [index, configuration] of configurations.entries()) {
        await t.test(configuration.name, async () => {
          const stored = await storedOf(prometheus, jobName(index));
          assert.deepEqual(contentTypes.get(jobName(index)), new Set([configuration.contentType]));
          compare(stored, expectedFamilies(viewOf(configuration)), times, group);
          if (group.adds === 'start times') await checkStartTimes(prometheus, jobName(index), times);
          series += stored.samples.size;
          exemplars += stored.exemplars.length;
        });
      }
      t.diagnostic(`${configurations.length} configurations, ${series} series, ${exemplars} exemplars`);
      await t.test('nothing was wrong with any scrape', () => assert.deepEqual(prometheus.complaints, []));
    });
  }
});

function viewOf({ view }: Configuration): Configuration['view'] {
  const server = isAtLeast('3.8') ? 'since 3.8' : isAtLeast('3.0') ? 'before 3.8' : 'before 3.0';
  return { ...view, server };
}

const jobName = (index: number) => `job${index}`;

/** A server that has scraped each of the configurations twice: the second time, it knows the series. */
async function scraped(t: TestContext, { features }: Group, configurations: readonly Configuration[]) {
  const now = Math.floor(Date.now() / 1000);
  const times: Times = { start: now - 5.75, sample: now - 1.5 };
  const registry = storedPage(times);
  const options = { registry, maxRequests: 0 };
  const pages = { plain: metricsHandler(options), created: metricsHandler({ ...options, createdLines: true }) };
  const contentTypes = new Map<string, Set<string>>();
  /** The path is `/PAGE/JOB`. */
  const listener: RequestListener = (request, response) => {
    const [, page, job = ''] = request.url?.split('/') ?? [];
    const { contentType } = negotiate(request.headers.accept);
    contentTypes.set(job, (contentTypes.get(job) ?? new Set()).add(contentType));
    pages[page === 'created' ? 'created' : 'plain'](request, response);
  };
  const socket = await serveSocket(t, listener);
  const jobs = configurations.map(({ settings, createdLines, isSocket }, index): [string, string] => [
    jobName(index),
    [
      `metrics_path: /${createdLines ? 'created' : 'plain'}/${jobName(index)}`,
      ...(settings === '' ? [] : [settings]),
      ...(isSocket ? [`relabel_configs: [{ target_label: __unix_socket__, replacement: ${socket} }]`] : []),
    ].join(', '),
  ]);
  const prometheus = await Prometheus.start(t, {
    target: new URL(await serve(t, listener)).host,
    interval: '3s',
    jobs: new Map(jobs),
    flags: [`--enable-feature=${features.join()}`],
  });
  await until('each job was scraped twice', async () => {
    await checkTargets(prometheus);
    const done = await prometheus.value('count(sum_over_time(up[5m]) >= 2)');
    return done === configurations.length;
  });
  return { prometheus, times, contentTypes };
}

/** Throws if a scrape failed for a reason other than a busy machine. */
async function checkTargets(prometheus: Prometheus): Promise<void> {
  const errors = (await prometheus.targets()).map(({ lastError }) => lastError);
  const error = errors.find((text) => text !== '' && !text.includes('deadline exceeded'));
  if (error !== undefined) throw new Error(`A scrape failed: ${error}`);
}

async function serveSocket(t: TestContext, listener: RequestListener): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-socket-'));
  const server = createServer(listener).listen(join(folder, 'exporter.sock'));
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });
  return join(folder, 'exporter.sock');
}

function compare(stored: Stored, families: readonly ExpectedFamily[], times: Times, { adds }: Group): void {
  const series = (name: string, labels: Labels, family: ExpectedFamily) =>
    seriesText({ __name__: name, ...labels, ...(adds === 'types and units' ? typeAndUnit(family) : {}) });
  const expectedSamples = families.flatMap((family) =>
    family.samples.map(([name, labels, value]): [string, string] => [
      series(name, labels, family),
      zeroFirst(family.hasStart && adds === 'zeros', String(value)),
    ]),
  );
  const aboutScrapes = ABOUT_SCRAPES.map((name) => seriesText({ __name__: name }));
  const samples = [...stored.samples].filter(([name]) => !aboutScrapes.includes(name));
  assert.deepEqual(textsOf(samples), textsOf(expectedSamples));
  assert.deepEqual(
    stored.metadata,
    families.map(({ name, type, unit, help }) => metadataText(name, type, unit, help)).sort(),
  );
  const at = sampleMs(times);
  const expectedExemplars = families.flatMap((family) =>
    family.exemplars.map(([name, labels, traceId, value]) =>
      exemplarText(series(name, labels, family), { trace_id: traceId }, value, at),
    ),
  );
  assert.deepEqual(stored.exemplars, expectedExemplars.sort());
  const stamped = families.find(({ name }) => name === 'stamped');
  assert.ok(stamped);
  assert.equal(stored.firstMs.get(series('stamped', {}, stamped)), at);
  if (adds !== 'zeros') return;
  const started = families.filter(({ hasStart }) => hasStart);
  for (const family of started) {
    for (const [name, labels] of family.samples) {
      assert.equal(stored.firstMs.get(series(name, labels, family)), Math.round(times.start * 1000), name);
    }
  }
}

function typeAndUnit({ type, unit }: ExpectedFamily): Labels {
  return { ...(type === 'unknown' ? {} : { __type__: type }), ...(unit === '' ? {} : { __unit__: unit }) };
}

function zeroFirst(isDue: boolean, text: string): string {
  if (!isDue) return text;
  return text.startsWith('count ') ? `count 0 sum 0 then ${text}` : `0 then ${text}`;
}

function textsOf(samples: Iterable<readonly [series: string, value: string]>): string[] {
  return Array.from(samples, ([series, value]) => `${series}: ${value}`).sort();
}

async function checkStartTimes(prometheus: Prometheus, job: string, { start }: Times): Promise<void> {
  for (const name of ['requests_total', 'sent_bytes_total', 'wait_seconds_count', 'size_bytes_sum']) {
    const value = await prometheus.value(`max(start_timestamp(${name}{job="${job}"}))`);
    assert.ok(Math.abs((value ?? 0) - start) < 0.002, `${name}: ${value}, not ${start}`);
  }
}
