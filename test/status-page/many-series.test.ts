import assert from 'node:assert/strict';
import { request } from 'node:http';
import { Gauge, Registry } from '../../src/index.ts';
import { serve } from '../http/serve.ts';
import { browserTest, until, visit } from './browser.ts';
import { servePage } from './page-client.ts';

browserTest('only the rows in sight have elements, and series are loaded where they are looked at', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const gauge = new Gauge({ name: 'items', help: 'Items.', labelNames: ['id'], registry });
  for (let id = 0; id < 5000; id++) gauge.set({ id: `item-${id}` }, id);
  const { url } = await servePage(t, { registry });
  const page = await visit(t, url);
  await page.click('.family-name');
  await until(page, `document.querySelector('.series-row')?.textContent.includes('item-0')`);
  await until(page, `document.documentElement.scrollHeight > 5000 * 30`);
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  await until(
    page,
    `[...document.querySelectorAll('.series-row')].some((row) => row.textContent.includes('item-4999'))`,
  );
  const rows = Number(await page.evaluate(`document.querySelectorAll('.series-row').length`));
  assert.ok(rows < 100, `${rows} rows`);
});

browserTest('a proxy that holds back events makes the page poll', async (t) => {
  const { url, registry } = await servePage(t);
  const gauge = new Gauge({ name: 'number', help: 'A number.', registry });
  gauge.set(1);
  const { hostname, port } = new URL(url);
  const proxy = await serve(t, (incoming, outgoing) => {
    if (incoming.url?.includes('events')) return; // It never answers.
    const { method, headers } = incoming;
    const forwarded = request({ hostname, port, method, headers, path: incoming.url, agent: false }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
    });
    forwarded.end();
  });
  const page = await visit(t, proxy);
  await until(page, `document.querySelector('.main-value')?.textContent === '1'`);
  assert.match((await page.textContent('.connection')) ?? '', /Polling/);
  gauge.set(2);
  await until(page, `document.querySelector('.main-value')?.textContent === '2'`);
});

browserTest('printing shows all rows', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  for (let index = 0; index < 80; index++) new Gauge({ name: `gauge_${index}`, help: 'A gauge.', registry }).set(index);
  const { url } = await servePage(t, { registry });
  const page = await visit(t, url);
  await page.waitForSelector('.family-row');
  await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
  assert.equal(await page.locator('.family-row').count(), 80);
  await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
  assert.ok((await page.locator('.family-row').count()) < 40);
});
