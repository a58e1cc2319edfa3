/** Looks at the built site in Debian's chromium, on a desktop, on a phone and in the dark, and searches for everyday tasks. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const DIST = '.vitepress/dist';
const SCREENSHOTS = 'screenshots';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};

const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
  const file = join(DIST, path.endsWith('/') ? `${path}index.html` : path);
  if (!existsSync(file)) return response.writeHead(404).end();
  return response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'text/plain' }).end(readFileSync(file));
});
let browser: Browser;
let origin = '';

before(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // A server that listens on a port has one.
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
});
after(async () => {
  await browser.close();
  server.close();
  server.closeAllConnections();
});

const devices: Readonly<Record<string, BrowserContextOptions>> = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
};

const shown = [
  'index',
  'first-ten-minutes',
  'everyday-tasks',
  'writing-an-exporter',
  'web-configuration',
  'performance',
  'troubleshooting',
  'reference/index',
  'reference/zeroprom/classes/Counter',
];

for (const [device, options] of Object.entries(devices)) {
  for (const name of shown) {
    test(`${name} fits on a ${device} screen and reports no errors`, async (t) => {
      const page = await open(options, `/${name}.html`);
      t.after(() => page.context().close());
      await page.screenshot({ path: join(SCREENSHOTS, `${device}-${name.replaceAll('/', '-')}.png`) });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `It is ${overflow} pixels too wide.`);
      assert.deepEqual(problems.get(page), []);
    });
  }
}

/** Words of a new user, and the page that must be among the first two results. */
const searches: readonly (readonly [words: string, page: RegExp])[] = [
  ['helm', /deploy/],
  ['nestjs', /frameworks|http-instrumentation/],
  ['install', /first-ten-minutes|everyday-tasks/],
  ['counter with labels', /metrics|everyday-tasks/],
  ['express', /everyday-tasks|frameworks|http-instrumentation/],
  ['request metrics', /http-instrumentation|everyday-tasks/],
  ['default metrics', /default-metrics/],
  ['time a function', /everyday-tasks/],
  ['async collector', /metrics|everyday-tasks/],
  ['write an exporter', /writing-an-exporter|everyday-tasks/],
  ['exporter flags', /writing-an-exporter|flags|everyday-tasks/],
  ['pushgateway', /jobs-that-end|everyday-tasks/],
  ['cluster', /several-processes|everyday-tasks/],
  ['migrate from prom-client', /migrating-from-prom-client|everyday-tasks/],
  ['prometheus scrape config', /everyday-tasks|first-ten-minutes|web-configuration/],
  ['password', /web-configuration|everyday-tasks/],
  ['tls', /web-configuration/],
  ['test metrics', /testing/],
  ['already registered', /troubleshooting/],
  ['kubernetes', /deploy/],
];

for (const [words, expected] of searches) {
  test(`searching for "${words}" finds the right page first or second`, async (t) => {
    const page = await open(devices['desktop'] ?? {}, '/index.html');
    t.after(() => page.context().close());
    await page.locator('.VPNavBarSearch button').click();
    await page.locator('.search-input').fill(words);
    await page.locator('.VPLocalSearchBox .result').first().waitFor();
    const links = await page
      .locator('.VPLocalSearchBox .result')
      .evaluateAll((all) => all.map((each) => each.getAttribute('href')));
    if (words === 'cluster') await page.screenshot({ path: join(SCREENSHOTS, 'desktop-search.png') });
    assert.ok(
      links.slice(0, 2).some((link) => expected.test(link ?? '')),
      links.slice(0, 5).join('\n'),
    );
  });
}

/** Messages in the console, failed requests and errors of each page. */
const problems = new WeakMap<Page, string[]>();

async function open(options: BrowserContextOptions, path: string): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  const found: string[] = [];
  problems.set(page, found);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) found.push(message.text());
  });
  page.on('pageerror', (error) => found.push(error.message));
  page.on('requestfailed', (request) => found.push(request.url()));
  await page.goto(origin + path, { waitUntil: 'networkidle' });
  return page;
}
