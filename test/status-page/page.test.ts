import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Counter, Gauge, Histogram, Info, Registry, Scheduler, StateSet, Summary } from '../../src/index.ts';
import type { MetricFamily } from '../../src/model/family.ts';
import { start } from '../child.ts';
import { browserTest, colorOf, until, visit } from './browser.ts';
import { servePage } from './page-client.ts';

/** Returns a registry with a family of each type. */
function everyType(): Registry {
  const registry = new Registry({ selfMetrics: false });
  new Counter({ name: 'shop_orders_total', help: 'Orders.', labelNames: ['region'], registry }).inc(
    { region: 'eu' },
    3,
  );
  new Gauge({ name: 'shop_memory_bytes', unit: 'bytes', help: 'Memory.', registry }).set(5 * 1024 * 1024);
  new Histogram({ name: 'http_wait_seconds', help: 'Waiting.', buckets: [0.1, 1], registry }).observe(0.5);
  new Summary({ name: 'http_size_bytes', help: 'Sizes.', registry }).observe(100);
  new StateSet({ name: 'shop_door', help: 'State of the door.', states: ['open', 'shut'], registry }).switchTo('shut');
  new Info({ name: 'shop_build_info', help: 'Build.', labelNames: ['commit'], registry }).set({ commit: 'c0ffee' });
  return registry;
}

browserTest('the page shows a family of each type with its value', async (t) => {
  const { url } = await servePage(t, { registry: everyType(), name: 'shop', version: '1.2.3', description: 'A shop.' });
  const page = await visit(t, url);
  await page.waitForSelector('.family-row');
  assert.equal(await page.textContent('h1'), 'shop');
  assert.match((await page.textContent('header')) ?? '', /Healthy.*A shop\..*Version1\.2\.3/s);
  const rows = await page.locator('.family-row').allInnerTexts();
  assert.equal(rows.length, 6);
  assert.match(rows.find((row) => row.includes('shop_orders_total')) ?? '', /counter\s+1 series[\s\S]*total 3/);
  assert.match(rows.find((row) => row.includes('shop_memory_bytes')) ?? '', /gauge, bytes[\s\S]*5 MiB/);
  assert.match(rows.find((row) => row.includes('shop_door')) ?? '', /stateset[\s\S]*shut/);
  assert.match(rows.find((row) => row.includes('shop_build_info')) ?? '', /commit=c0ffee/);
  assert.deepEqual(await page.locator('.group').allInnerTexts(), ['http\n2', 'shop\n4']);
});

browserTest('a counter is shown as its rate', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const family = (): MetricFamily => ({
    name: 'ticks_total',
    help: 'Ticks.',
    type: 'counter',
    points: [{ value: (performance.now() / 1000) * 400 }],
  });
  registry.register({ name: 'ticks', collect: () => [family()] });
  const { url } = await servePage(t, { registry });
  const page = await visit(t, url);
  await until(page, `Math.abs(parseFloat(document.querySelector('.main-value')?.textContent) - 400) < 20`);
});

browserTest('a failing collector is the first, with its error, in red and in words', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  registry.register({ name: 'healthy', collect: () => [] });
  registry.register({
    name: 'broken',
    collect: () => {
      throw new Error('The disk is full.');
    },
  });
  const { url } = await servePage(t, { registry });
  const page = await visit(t, `${url}/#collectors`);
  const first = page.locator('#view-collectors tbody tr').first();
  assert.match(await first.innerText(), /Failing\s+broken[\s\S]*The disk is full\./);
  const [red = 0, green = 0] = await colorOf(page, '#view-collectors td.bad');
  assert.ok(red > 2 * green, `rgb ${red} ${green}`);
  assert.match((await page.textContent('header')) ?? '', /Failing/);
  assert.match((await page.textContent('#tab-collectors')) ?? '', /1 failing/);
});

browserTest('charts follow the width of the window', async (t) => {
  const { url } = await servePage(t, { registry: everyType() });
  const page = await visit(t, url);
  await page.click('text=shop_orders_total');
  const isSharp = `[...document.querySelectorAll('.panel canvas, .tile:not([hidden]) canvas')]
    .every(({ width, clientWidth }) => width === clientWidth)`;
  await page.waitForSelector('.panel canvas');
  await until(page, isSharp);
  await page.setViewportSize({ width: 1050, height: 900 });
  await until(page, isSharp);
});

browserTest('families are searched by name, help, label and type, and sorted', async (t) => {
  const registry = everyType();
  const many = new Gauge({ name: 'a_shelf', help: 'Shelves.', labelNames: ['shelf'], registry });
  for (let shelf = 0; shelf < 20; shelf++) many.set({ shelf: String(shelf) }, shelf);
  const { url } = await servePage(t, { registry });
  const page = await visit(t, url);
  await page.waitForSelector('.family-row');
  const names = () => page.locator('.family-name').allInnerTexts();
  for (const [search, found] of [
    ['ORDERS', ['shop_orders_total']],
    ['waiting', ['http_wait_seconds']],
    ['region', ['shop_orders_total']],
    ['stateset', ['shop_door']],
    ['shop gauge', ['shop_memory_bytes']],
    ['no such thing', []],
  ] as const) {
    await page.fill('input[type=search]', search);
    assert.deepEqual(await names(), found, search);
  }
  assert.equal(await page.locator('#view-metrics .empty').innerText(), 'No family matches the search.');
  await page.fill('input[type=search]', 'waiting');
  assert.deepEqual(await page.locator('.group').allInnerTexts(), ['http\n1']);
  await page.fill('input[type=search]', '');
  assert.ok(await page.locator('#view-metrics .empty').isHidden());
  await page.uncheck('input[type=checkbox]');
  await page.selectOption('.toolbar select', 'series');
  assert.equal((await names())[0], 'a_shelf');
  await page.selectOption('.toolbar select', 'name');
  assert.deepEqual(await names(), (await names()).toSorted());
});

browserTest('a page without metrics says so, whatever the search', async (t) => {
  const { url } = await servePage(t);
  const page = await visit(t, url);
  const empty = page.locator('#view-metrics .empty');
  await empty.waitFor();
  assert.equal(await empty.innerText(), 'No metrics were gathered.');
  await page.fill('input[type=search]', 'wait');
  assert.equal(await empty.innerText(), 'No metrics were gathered.');
});

browserTest('the number of families is a phrase', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const { url } = await servePage(t, { registry });
  const page = await visit(t, url);
  const shows = (count: string) => until(page, `document.querySelector('.toolbar output')?.textContent === '${count}'`);
  await shows('0 families');
  new Gauge({ name: 'one', help: 'One.', registry });
  await shows('1 family');
  await page.fill('input[type=search]', 'two');
  await shows('0 of 1 family');
  new Gauge({ name: 'two', help: 'Two.', registry });
  await shows('1 of 2 families');
});

browserTest('facts begin at the left edge with and without a description', async (t) => {
  for (const description of ['', 'A shop.']) {
    const { url } = await servePage(t, { description });
    const page = await visit(t, url);
    await page.waitForSelector('.facts-line');
    const left = (selector: string) =>
      page.locator(selector).evaluate((element) => element.getBoundingClientRect().left);
    const first = description === '' ? '.facts-line' : '.about p';
    assert.equal(await left(first), await left('h1'), description);
  }
});

browserTest('only what the server knows has a tab', async (t) => {
  const scheduler = new Scheduler();
  for (const [options, context, shown] of [
    [{}, {}, ['configuration']],
    [{ scheduler }, {}, ['tasks', 'configuration']],
    [{ scheduler }, { scrapes: () => [] }, ['tasks', 'scrapes', 'configuration']],
    [{}, { isOtherProgram: true }, []],
  ] as const) {
    const { url } = await servePage(t, options, context);
    const page = await visit(t, `${url}/#scrapes`);
    await page.waitForSelector('[role=tab]');
    const tabs = await page.locator('[role=tab]').evaluateAll((buttons) => buttons.map(({ id }) => id));
    assert.deepEqual(
      tabs,
      ['metrics', 'cardinality', 'collectors', ...shown].map((id) => `tab-${id}`),
    );
    const selected = await page.getAttribute('[role=tab][aria-selected=true]', 'id');
    assert.equal(selected, 'scrapes' in context ? 'tab-scrapes' : 'tab-metrics');
  }
});

browserTest('a family expands to its series', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const queues = new Gauge({ name: 'queue_length', help: 'Lengths.', labelNames: ['queue'], registry });
  queues.set({ queue: 'mail' }, 7);
  queues.set({ queue: 'a "quoted" one' }, 8);
  const { url } = await servePage(t, { registry });
  const page = await visit(t, url, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.click('.family-name');
  await until(page, `document.querySelectorAll('.series-value').length === 2`);
  await until(page, `document.querySelector('.series-row')?.textContent.includes('"mail"7')`);
  assert.equal(await page.getAttribute('.family-name', 'aria-expanded'), 'true');
  await page.locator('.series-row button').last().click();
  await until(page, `document.querySelector('.series-row:last-child button').textContent === 'Copied'`);
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), 'queue_length{queue="a \\"quoted\\" one"}');
  await page.click('.family-name');
  assert.equal(await page.locator('.series-row').count(), 0);
});

browserTest('exemplars link to their traces', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const waits = new Histogram({ name: 'wait_seconds', help: 'Waits.', buckets: [1], registry });
  waits.observe(0.5, { trace_id: 'a/b"c' });
  const { url } = await servePage(t, { registry, traceUrl: 'https://traces.example.com/{trace_id}/view' });
  const page = await visit(t, url);
  await page.click('.family-name');
  const link = page.locator('.exemplars a');
  assert.equal(await link.getAttribute('href'), 'https://traces.example.com/a%2Fb%22c/view');
});

browserTest('a button runs a task, and failing tasks come first', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const scheduler = new Scheduler({ registry });
  let runs = 0;
  scheduler.every('1h', () => runs++, { name: 'backup' });
  scheduler.start();
  t.after(() => scheduler.stop());
  const { url } = await servePage(t, { registry, scheduler, runTasks: true });
  const page = await visit(t, `${url}/#tasks`);
  await page.click('text=Run now');
  await until(page, `document.querySelector('#view-tasks').textContent.includes('1 ok')`);
  assert.equal(runs, 1);
});

browserTest('a paused page keeps its values, and goes on when it is live again', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const gauge = new Gauge({ name: 'number', help: 'A number.', registry });
  gauge.set(1);
  const { url } = await servePage(t, { registry });
  const page = await visit(t, url);
  const shows = (value: string) => until(page, `document.querySelector('.main-value')?.textContent === '${value}'`);
  await shows('1');
  await until(page, `document.querySelector('input[type=range]').min < -1`);
  await page.keyboard.press('p');
  gauge.set(2);
  const clock = await page.textContent('.shown-time');
  await until(page, `document.querySelector('input[type=range]').value < -1`);
  assert.equal(await page.textContent('.main-value'), '1');
  assert.ok((await page.textContent('.shown-time'))?.startsWith(clock?.slice(0, 8) ?? '?'));
  await page.click('.pause');
  await shows('2');
  await page.locator('input[type=range]').press('Home');
  await shows('1');
});

browserTest('the page works below any path', async (t) => {
  const { url } = await servePage(t, { registry: everyType() });
  const page = await visit(t, `${url}/some/prefix/status/`);
  await page.waitForSelector('.family-row');
  await page.click('text=shop_orders_total');
  await page.waitForSelector('.series-row');
});

browserTest('the page of an exporter shows its tasks, scrapes and flags', async (t) => {
  const program = join(import.meta.dirname, '../exporter/programs/status-page.js');
  const child = start(t, process.execPath, [program, '--web.listen-address=127.0.0.1:0']);
  const { origin } = new URL(await child.metricsUrl());
  await (await fetch(`${origin}/metrics`, { headers: { 'User-Agent': 'test/1' } })).text();
  const page = await visit(t, origin);
  await page.fill('input[type=search]', 'process_cpu');
  await page.waitForSelector('text=process_cpu_seconds_total');
  for (const [tab, text] of [
    ['tasks', 'count'],
    ['scrapes', 'test/1'],
    ['scrapes', 'Prometheus text 0.0.4'],
    ['configuration', '--web.listen-address'],
    ['cardinality', 'process_cpu_seconds_total'],
  ] as const) {
    await page.click(`#tab-${tab}`);
    await until(page, `document.querySelector('#view-${tab}').textContent.includes('${text}')`);
  }
  await until(page, `document.querySelectorAll('.tile:not([hidden])').length >= 5`);
});
