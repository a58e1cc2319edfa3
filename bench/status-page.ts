/**
 * Measures the status page with 10,000 series: `npx tsx bench/status-page.ts`. It prints the size of the page, CPU and bytes
 * per second with the page closed and open, the memory of the history, the first paint, and the times of frames while
 * scrolling through all series. Run it on a quiet machine, with Chromium installed.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { Counter, Registry } from '../src/index.ts';
import type { FullMessage } from '../src/status-page/protocol.ts';
import { statusPage } from '../src/status-page.ts';

const FAMILIES = 10;
const SERIES = 1000;
const MEASURED_MS = 10_000;
/** Pixels per frame. */
const SCROLL_STEP = 400;

if (process.argv[2] === 'serve') serve();
else await measure();

/** Serves counters that all change, and reports the CPU time when it is asked. */
function serve(): void {
  const registry = new Registry();
  const families = Array.from({ length: FAMILIES }, (_, index) => {
    const name = `bench_${index}_total`;
    return new Counter({ name, help: 'A counter.', labelNames: ['id'], maxSeries: SERIES, registry });
  });
  setInterval(() => {
    for (const family of families) for (let id = 0; id < SERIES; id++) family.inc({ id: `series-${id}` }, id % 7);
  }, 1000);
  const server = createServer(statusPage({ registry, name: 'bench' }));
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo; // It listens on a port.
    process.send?.(port);
  });
  process.on('message', () => process.send?.(process.cpuUsage()));
}

async function measure(): Promise<void> {
  const server = fork(new URL(import.meta.url), ['serve']);
  const [port] = await once(server, 'message');
  const url = `http://127.0.0.1:${port}/`;
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  try {
    await setTimeout(2000);
    const html = await (await fetch(url)).text();
    console.log(`page with its first content: ${gzipSync(html).length} bytes gzipped`);
    await setTimeout(12_000); // Until the page counts as closed.
    console.log(`closed: ${await cpuOf(server)} % CPU`);
    await measureBrowser(browser, url, server);
  } finally {
    await browser.close();
    server.kill();
  }
}

async function measureBrowser(browser: Browser, url: string, server: ChildProcess): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(url);
  await page.waitForSelector('.family-row');
  await setTimeout(1000);
  const paint = `performance.getEntriesByName('first-contentful-paint')[0].startTime`;
  console.log(`first paint after ${Number(await page.evaluate(paint)).toFixed(0)} ms`);
  console.log(`open: ${await cpuOf(server)} % CPU`);
  const { cost }: FullMessage = JSON.parse(await (await fetch(`${url}?snapshot`)).text());
  console.log(`sent ${cost.sentBytes} bytes/s, history of ${cost.historyBytes} bytes, ${cost.workMs} ms per sample`);
  await measureScrolling(page);
}

/** Expands all families and scrolls from the top to the end. */
async function measureScrolling(page: Page): Promise<void> {
  for (let family = 0; family < FAMILIES; family++) {
    await page.fill('input[type=search]', `bench_${family}_total`);
    await page.click('.family-name');
    await page.waitForSelector('.series-row');
  }
  await page.fill('input[type=search]', 'bench_');
  const { times, tasks } = (await page.evaluate(`new Promise((resolve) => {
    const times = [];
    const tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ entryTypes: ['longtask'] });
    const step = (time) => {
      times.push(time);
      const before = scrollY;
      scrollBy(0, ${SCROLL_STEP});
      if (scrollY === before && times.length > 10) resolve({ times, tasks });
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`)) as { times: number[]; tasks: number[] }; // Times of frames, and durations of tasks above 50 ms.
  const frames = times.slice(1).map((time, index) => time - (times[index] ?? time));
  frames.sort((a, b) => a - b);
  const median = frames[frames.length >> 1] ?? 0;
  const late = frames.filter((ms) => ms > 50).length;
  const longest = frames.at(-1) ?? 0;
  console.log(
    `scrolling: ${frames.length} frames, median ${median.toFixed(1)} ms, longest ${longest.toFixed(1)} ms, ${late} above 50 ms`,
  );
  console.log(`tasks of the page above 50 ms while scrolling: ${tasks.length}, longest ${Math.max(0, ...tasks)} ms`);
}

/** Returns the percentage of one CPU that the server uses. */
async function cpuOf(server: ChildProcess): Promise<string> {
  const read = async () => {
    server.send('cpu');
    const [{ user, system }] = await once(server, 'message');
    return user + system;
  };
  const before = await read();
  await setTimeout(MEASURED_MS);
  return (((await read()) - before) / MEASURED_MS / 10).toFixed(2);
}
