import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { Gauge, Histogram, Registry, Scheduler, StateSet } from '../../src/index.ts';
import type { FullMessage } from '../../src/status-page/protocol.ts';
import { browserTest, colorOf, until, visit } from './browser.ts';
import { read, servePage } from './page-client.ts';

const TABS = ['metrics', 'cardinality', 'collectors', 'tasks', 'scrapes', 'configuration'];

/** Serves a page with something in each of its parts, and returns its URL. */
async function serveFullPage(t: TestContext): Promise<string> {
  const registry = new Registry();
  const name = 'a_metric_with_a_name_that_is_much_longer_than_names_usually_are_and_does_not_fit_a_phone_total';
  new Gauge({ name, help: `${'Help '.repeat(40)}${'x'.repeat(200)}`, labelNames: ['path'], registry }).set(
    { path: `/${'segment/'.repeat(30)}` },
    123_456_789_012,
  );
  new StateSet({ name: 'phase', help: 'Phase.', states: ['on', 'off'], registry }).switchTo('on');
  new Histogram({ name: 'wait_seconds', help: 'Waits.', buckets: [0.1, 1], registry }).observe(0.5, {
    trace_id: 'a'.repeat(60),
  });
  registry.register({
    name: 'broken',
    collect: () => {
      throw new Error(`ENOENT: ${'/no/such/file'.repeat(20)}`);
    },
  });
  const scheduler = new Scheduler({ registry });
  scheduler.every('1h', () => {}, { name: 'backup', immediate: true });
  scheduler.start();
  t.after(() => scheduler.stop());
  const scrape = {
    time: Date.now(),
    client: '2001:db8:0:0:1:2:3:4',
    userAgent: 'Prometheus/3.16.0 '.repeat(5),
    bytes: 1,
    ms: 1,
  };
  const context = {
    links: [{ path: 'metrics', text: 'Metrics' }],
    scrapes: () =>
      [200, 499, 500].map((status) => ({ ...scrape, status, format: 'text/plain; version=0.0.4', accept: '' })),
    configuration: [
      { group: 'Flags', name: '--web.listen-address', value: ':1'.repeat(80), isDefault: false, help: 'Addresses.' },
    ],
    notes: ['The scrape thread cannot see this.'],
  };
  const traceUrl = 'https://t.example/{trace_id}';
  const { url } = await servePage(t, { registry, scheduler, name: 'shop', runTasks: true, traceUrl }, context);
  return url;
}

async function openTab(page: Page, tab: string): Promise<void> {
  await page.click(`#tab-${tab}`);
  const row = tab === 'metrics' ? '.family-row' : `#view-${tab} td`;
  await until(page, `document.querySelectorAll('${row}').length > 0`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  browserTest(`axe finds no violations, ${colorScheme}`, async (t) => {
    const page = await visit(t, await serveFullPage(t), { colorScheme });
    await page.waitForSelector('.family-row');
    await page.evaluate(axe.source);
    for (const tab of TABS) {
      await openTab(page, tab);
      if (tab === 'metrics') {
        await page.fill('input[type=search]', 'wait');
        await page.click('.family-name');
        await page.waitForSelector('.exemplars a');
      }
      const found = (await page.evaluate('axe.run()')) as axe.AxeResults; // The type of what axe returns.
      const described = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      assert.deepEqual(described, [], tab);
    }
  });
}

browserTest('no part of the page scrolls sideways on a phone', async (t) => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const page = await visit(t, await serveFullPage(t), phone);
  await page.waitForSelector('.family-row');
  await page.locator('.family-name').first().tap();
  await page.locator('.panel').scrollIntoViewIfNeeded();
  await page.waitForSelector('.series-row');
  for (const tab of TABS) {
    await openTab(page, tab);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390, tab);
  }
});

browserTest('dark and light follow the system until they are chosen', async (t) => {
  const { url } = await servePage(t);
  const page = await visit(t, url, { colorScheme: 'dark' });
  await page.waitForSelector('.pause');
  const brightness = async () => (await colorOf(page, ':root')).slice(0, 3).reduce((sum, part) => sum + part, 0);
  assert.ok((await brightness()) > 600, 'light text');
  await page.click('text=Theme: auto');
  assert.ok((await brightness()) < 150, 'dark text');
  await page.reload();
  await page.waitForSelector('text=Theme: light');
  assert.ok((await brightness()) < 150, 'dark text after a reload');
  await page.click('text=Theme: light');
  assert.ok((await brightness()) > 600, 'light text again');
});

browserTest('a dark page is printed with dark text', async (t) => {
  const { url } = await servePage(t);
  for (const colorScheme of ['dark', 'light'] as const) {
    const page = await visit(t, url, { colorScheme });
    await page.waitForSelector('.pause');
    await page.evaluate(`document.documentElement.dataset.theme = 'dark'`);
    await page.emulateMedia({ media: 'print' });
    const brightness = (await colorOf(page, ':root')).slice(0, 3).reduce((sum, part) => sum + part, 0);
    assert.ok(brightness < 150, `${colorScheme}: ${brightness}`);
  }
});

browserTest('everything can be reached and used with the keyboard', async (t) => {
  const page = await visit(t, await serveFullPage(t));
  await page.waitForSelector('.family-row');
  let focused = '';
  for (let step = 0; step < 14; step++) {
    await page.keyboard.press('Tab');
    focused += await page.evaluate(
      `(({ tagName, type = '', className, id }) => [tagName, type, className, id].join(' ') + '\\n')(document.activeElement)`,
    );
  }
  for (const part of [
    'A ',
    'BUTTON button quiet',
    'BUTTON button pause',
    'INPUT range',
    'SELECT',
    'tab-metrics',
    'INPUT search',
    'INPUT checkbox',
    'family-name',
  ]) {
    assert.ok(focused.includes(part), `${part} in\n${focused}`);
  }
  await page.keyboard.press('/');
  await page.keyboard.type('wait');
  assert.deepEqual(await page.locator('.family-name').allInnerTexts(), ['wait_seconds']);
  await page.locator('.family-name').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.series-row');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Copy PromQL');
  await page.focus('#tab-metrics');
  for (const tab of [...TABS.slice(1), 'metrics']) {
    await page.keyboard.press('ArrowRight');
    await until(page, `document.activeElement.id === 'tab-${tab}'`);
    assert.ok(await page.isVisible(`#view-${tab}`));
  }
});

browserTest('without JavaScript the page shows health, collectors, tasks and metrics', async (t) => {
  const options = { javaScriptEnabled: false, viewport: { width: 390, height: 844 } };
  const page = await visit(t, await serveFullPage(t), options);
  const text = await page.innerText('#app');
  for (const part of ['shop', 'Failing', 'broken', 'ENOENT', 'backup', 'wait_seconds', 'Waits.']) {
    assert.ok(text.includes(part), part);
  }
});

browserTest('an announced total is that of the server', async (t) => {
  const url = await serveFullPage(t);
  const { families } = await read<FullMessage>(url, 'snapshot');
  const page = await visit(t, url);
  await until(page, `document.querySelector('.toolbar output')?.textContent === '${families.length} families'`);
});
