import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import axe from 'axe-core';
import { Gathering } from '../../src/index.ts';
import type { Gatherer } from '../../src/registry/gathering.ts';
import { ManualClock, Scheduler } from '../../src/scheduler/index.ts';
import type { CardinalityReport, SeriesPage } from '../../src/status-page/detail-protocol.ts';
import type { FullMessage, HistoryMessage } from '../../src/status-page/protocol.ts';
import { createStatusPage } from '../../src/status-page/server/status-page.ts';
import { start } from '../child.ts';
import { serve } from '../http/serve.ts';
import { browserTest, until, visit } from './browser.ts';
import { Events, read } from './page-client.ts';

async function startWorkers(t: TestContext, workers: string, args: readonly string[] = []): Promise<string> {
  const program = join(import.meta.dirname, '../exporter/programs/worker-page.js');
  const child = start(t, process.execPath, [program, '--web.listen-address=127.0.0.1:0', ...args], {
    WORKERS: workers,
  });
  return new URL(await child.metricsUrl()).origin;
}

/** Returns the series of a family, without lines and with their labels as one text. */
async function seriesOf(url: string, family: string, worker: string) {
  const { series } = await read<SeriesPage>(url, `family=${family}&worker=${worker}`);
  return series.map(({ labels, value }) => ({ labels: labels.map((pair) => pair.join('=')).join(), value }));
}

/** Whether a rate is correct within 5 %. */
function isAbout(rate: number, expected: number): boolean {
  return Math.abs(rate / expected - 1) < 0.05;
}

for (const [workers, args] of [
  ['cluster', []],
  ['threads', []],
  ['cluster', ['--web.scrape-thread']],
  ['threads', ['--web.scrape-thread']],
] as const) {
  test(`the page shows all workers, each or one: ${[workers, ...args].join(' ')}`, { timeout: 60_000 }, async (t) => {
    const url = await startWorkers(t, workers, args);
    for (const shown of ['all', 'each', '0', '1']) {
      const message = await read<FullMessage>(url, `snapshot&worker=${shown}`);
      const label = 'worker';
      const list = ['0', '1'].map((worker) => ({ worker, isUp: true, ageSeconds: 0 }));
      assert.deepEqual(message.workers, { shown, canChoose: true, label, list }, shown);
      const valuesOf = (name: string) => message.families.find((family) => family.name === name)?.values;
      assert.equal(valuesOf('ticks_total')?.series, shown === 'each' ? 2 : 1, shown);
      assert.equal(valuesOf('wait_seconds')?.value, shown === '0' || shown === '1' ? 1 : 2, shown);
      assert.equal(valuesOf('process_cpu_seconds_total') !== undefined, shown === 'all', shown);
    }
    assert.deepEqual(await seriesOf(url, 'speed', 'each'), [
      { labels: 'worker=0', value: 100 },
      { labels: 'worker=1', value: 200 },
    ]);
    assert.deepEqual(await seriesOf(url, 'speed', '1'), [{ labels: '', value: 200 }]);
    assert.deepEqual(await seriesOf(url, 'jobs_total', 'each'), [
      { labels: 'from_worker=0,worker=w', value: 3 },
      { labels: 'from_worker=1,worker=w', value: 3 },
    ]);
    const { families } = await read<CardinalityReport>(url, 'cardinality&worker=1');
    assert.equal(families.find(({ name }) => name === 'wait_seconds')?.series, 1);
  });

  test(`the rate of one worker is its own: ${[workers, ...args].join(' ')}`, { timeout: 60_000 }, async (t) => {
    const url = await startWorkers(t, workers, args);
    const viewers = ['0', '1', 'all', 'each'].map((worker) => [worker, new Events(t, url, {}, worker)] as const);
    for (const [worker, events] of viewers) {
      const expected = { 0: 100, 1: 200 }[worker] ?? 300;
      const { families } = await events.full();
      const id = families.find(({ name }) => name === 'ticks_total')?.id ?? 0;
      let ticks = 0;
      let last = await events.changes(1);
      const { time } = last;
      let rate = 0;
      // A busy machine delays some samples, which means less the longer the average.
      for (let index = 2; index <= 30 && !isAbout(rate, expected); index++) {
        const next = await events.changes(index);
        ticks += ((next.values[id]?.rate ?? 0) * (next.time - last.time)) / 1000;
        rate = (ticks * 1000) / (next.time - time);
        last = next;
      }
      assert.ok(isAbout(rate, expected), `${worker}: ${rate}`);
    }
    const { families, times } = await read<HistoryMessage>(url, 'history&worker=1');
    const ticks = families.find(({ line }) => line?.some((point) => isAbout(point ?? 0, 200)));
    assert.equal(ticks?.line?.length, times.length);
  });
}

/** A gatherer of workers that counts how often each choice was gathered. */
class CountedWorkers implements Gatherer {
  readonly counts: Record<string, number> = {};

  async gather(): Promise<Gathering> {
    return this.#count('all');
  }

  readonly workers = { gather: async (choice: number | 'each') => this.#count(String(choice)) };

  #count(choice: string): Gathering {
    this.counts[choice] = (this.counts[choice] ?? 0) + 1;
    return new Gathering([{ name: 'zeroprom_worker_up', help: '', type: 'gauge', points: [] }], []);
  }
}

async function serveCounted(t: TestContext, maxViewers = 10) {
  const clock = new ManualClock();
  const registry = new CountedWorkers();
  const page = createStatusPage({ registry, maxViewers }, { clock });
  t.after(() => page.close());
  return { clock, registry, page, url: await serve(t, page) };
}

test('the page of one worker has version, tasks, scrapes and configuration of the program', async (t) => {
  const scheduler = new Scheduler();
  scheduler.every('1h', () => {}, { name: 'backup' });
  const configuration = [{ group: 'Flags', name: '--a', value: '1', isDefault: true, help: 'A.' }];
  const page = createStatusPage(
    { registry: new CountedWorkers(), scheduler, version: '1.2.3' },
    { configuration, scrapes: () => [] },
  );
  t.after(() => page.close());
  const url = await serve(t, page);
  const all = await read<FullMessage>(url, 'snapshot');
  const one = await read<FullMessage>(url, 'snapshot&worker=3');
  const shared = ({ about, tasks, scrapes, configuration }: FullMessage) => {
    return { version: about.version, tasks, scrapes, configuration };
  };
  assert.deepEqual(shared(one), shared(all));
  assert.equal(one.about.version, '1.2.3');
  assert.equal(one.configuration?.[0]?.name, '--a');
});

test('only choices that are watched are gathered, all at the same time', async (t) => {
  const { clock, registry, url } = await serveCounted(t);
  const all = new Events(t, url);
  await all.at(0);
  await clock.advance('400ms');
  const one = new Events(t, url, {}, '3');
  await one.at(0);
  assert.deepEqual(registry.counts, { 3: 1, all: 1 });
  await clock.advance('600ms'); // The other one is too young.
  await all.at(1);
  for (let second = 2; second <= 10; second++) {
    await clock.advance('1s');
    await all.at(second);
    await one.at(second - 1);
    assert.deepEqual(registry.counts, { 3: second, all: second + 1 });
  }
  one.close();
  while (clock.pendingTimers > 3) await new Promise((resolve) => setImmediate(resolve)); // Sample, heartbeat and idle choices.
  await clock.advance('1s');
  await all.at(11);
  assert.deepEqual(registry.counts, { 3: 10, all: 12 });
});

test('a choice that is not watched for minutes is forgotten, and the page then holds no timer', async (t) => {
  const { clock, url } = await serveCounted(t);
  const { session } = await read<FullMessage>(url, 'snapshot&worker=each');
  await clock.advance('30s');
  assert.equal((await read<FullMessage>(url, 'snapshot&worker=each')).session, session);
  await clock.advance('3m');
  assert.equal(clock.pendingTimers, 0);
  assert.notEqual((await read<FullMessage>(url, 'snapshot&worker=each')).session, session);
});

test('choices are bounded, and viewers are counted over all of them', async (t) => {
  const { url } = await serveCounted(t, 2);
  for (let worker = 0; worker < 50; worker++) {
    assert.equal((await fetch(`${url}/?history&worker=${worker}`)).status, 200);
  }
  const viewers = [new Events(t, url, {}, '1'), new Events(t, url, {}, 'each')];
  for (const viewer of viewers) await viewer.at(0);
  assert.equal((await fetch(`${url}/?events`)).status, 503);
  assert.equal((await viewers[1]?.full())?.cost.viewers, 2);
  for (let worker = 2; worker < 4; worker++) {
    assert.equal((await fetch(`${url}/?snapshot&worker=${worker}`)).status, 200);
  }
  const response = await fetch(`${url}/?snapshot&worker=4`);
  assert.deepEqual([response.status, await response.text()], [503, 'Too many workers are shown, try again later.\n']);
});

test('an unknown choice is not found', async (t) => {
  const { url } = await serveCounted(t);
  for (const worker of ['', 'none', '-1', '01', '1e3', '12345678', '__proto__']) {
    assert.equal((await fetch(`${url}/?snapshot&worker=${worker}`)).status, 404, worker);
  }
  const page = createStatusPage({}, {});
  t.after(() => page.close());
  assert.equal((await fetch(`${await serve(t, page)}/?worker=0`)).status, 404);
});

test('a link of another site to one worker shows the page, and gathers nothing else', async (t) => {
  const { url, registry } = await serveCounted(t);
  const headers = { 'Sec-Fetch-Site': 'cross-site' };
  assert.equal((await fetch(`${url}/?worker=3`, { headers })).status, 200);
  assert.equal((await fetch(`${url}/?snapshot&worker=3`, { headers })).status, 403);
  assert.deepEqual(registry.counts, { all: 1 });
});

browserTest('one worker, each or all are chosen in the page', async (t) => {
  const url = await startWorkers(t, 'cluster');
  const page = await visit(t, url);
  const ticks = `[...document.querySelectorAll('.family-row')].find((row) => row.textContent.includes('ticks_total'))`;
  const showsRate = (rate: number) =>
    until(page, `Math.abs(parseFloat(${ticks}?.querySelector('.main-value').textContent) / ${rate} - 1) < 0.05`);
  const select = page.locator('.worker-choice select');
  await page.fill('input[type=search]', 'ticks');
  await showsRate(300);
  assert.deepEqual(await select.locator('option').allInnerTexts(), [
    'All 2, merged',
    'Each of 2',
    'Worker 0',
    'Worker 1',
  ]);
  await page.click('text=ticks_total');
  await page.waitForSelector('.series-row');

  await select.selectOption('1');
  await showsRate(200);
  assert.equal(new URL(page.url()).search, '?worker=1');
  assert.equal(await page.locator('.series-row').count(), 1); // The family is still expanded.

  await select.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await until(page, `document.querySelectorAll('.series-row').length === 2`);
  await showsRate(300);
  assert.match(await page.locator('.series-row').last().innerText(), /worker="1"/);
  assert.equal(await page.evaluate('document.activeElement.tagName'), 'SELECT');

  await page.goto(`${url}/?worker=0#metrics`);
  await showsRate(100);
  await page.setViewportSize({ width: 390, height: 800 });
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  await page.evaluate(axe.source);
  const violations = await page.evaluate(`axe.run().then(({ violations }) => violations.map(({ id }) => id))`);
  assert.deepEqual(violations, []);
  await page.context().close(); // Before the exporter ends, which would be an error of the page.
});

browserTest('without JavaScript, links choose the workers', async (t) => {
  const url = await startWorkers(t, 'cluster');
  const page = await visit(t, url, { javaScriptEnabled: false });
  await page.click('text=each');
  const row = page.locator('tr', { hasText: 'speed' });
  assert.match(await row.innerText(), /gauge\s+2\s+300/);
  await page.click('a[href="?worker=1"]');
  assert.match(await row.innerText(), /gauge\s+1\s+200/);
});
