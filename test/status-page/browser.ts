import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { needs, pathOf } from '../installed-programs.ts';

let browser: Promise<Browser> | undefined;
/** Close the pages of the current test. */
const visits: (() => Promise<void>)[] = [];

test.after(async () => {
  await (await browser)?.close();
});

/** Defines a test that needs a browser. */
export function browserTest(name: string, run: (t: TestContext) => Promise<void>): void {
  test(name, { ...needs('chromium'), timeout: 120_000 }, async (t) => {
    try {
      await run(t);
    } finally {
      // Before the servers of the test end, which would be an error of the pages.
      for (const close of visits.splice(0)) await close();
    }
  });
}

/**
 * Opens a page in a browser of its own, until the test of `browserTest()` ends. The test fails if the page reports an error, breaks its own
 * content security policy, or asks another server for anything.
 */
export async function visit(t: TestContext, url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await (await launched()).newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(url).host) problems.push(`request to ${request.url()}`);
  });
  visits.push(() => context.close());
  t.after(() => assert.deepEqual(problems, []));
  await page.goto(url);
  return page;
}

/** Waits until an expression in the page is true. The policy of the page forbids the way of `waitForFunction()`. */
export async function until(page: Page, expression: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await page.evaluate(expression))) {
    if (performance.now() > deadline) throw new Error(`Not true within 30 s: ${expression}`);
    await setTimeout(50);
  }
}

/** Returns red, green and blue of the text of an element. */
export async function colorOf(page: Page, selector: string): Promise<number[]> {
  const color = await page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).color`);
  return [...String(color).matchAll(/\d+/g)].map(Number);
}

function launched(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: pathOf('chromium') ?? 'chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  return browser;
}
