/**
 * Takes the pictures of the status page in `docs/images/` from a made-up shop. It takes five minutes, because the charts show
 * as much. With `--serve`, it only serves the shop's page.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { openShop } from './status-page/demo-shop.ts';

interface Picture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
  prepare?(page: Page): Promise<void>;
}

const FOLDER = 'docs/images';
const WARM_UP_MS = 5 * 60_000;

const pictures: readonly Picture[] = [
  { name: 'status-page-light', width: 1280, height: 960, colorScheme: 'light' },
  {
    name: 'status-page-dark',
    width: 1280,
    height: 960,
    colorScheme: 'dark',
    prepare: (page) => page.click('text=http_request_duration_seconds'),
  },
  {
    name: 'status-page-phone',
    width: 390,
    height: 844,
    colorScheme: 'light',
    prepare: async (page) => {
      await page.fill('input[type=search]', 'http');
      await page.evaluate('scrollTo(0, 470)');
    },
  },
];

const shop = await openShop();
const server = createServer(shop.page);
await new Promise<void>((resolve) => server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo; // It listens on a port.
const url = `http://127.0.0.1:${port}/`;
console.log(url);
if (!process.argv.includes('--serve')) {
  await setTimeout(WARM_UP_MS);
  await takePictures();
  server.close();
  await shop.close();
  server.closeAllConnections();
}

async function takePictures(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  for (const { name, width, height, colorScheme, prepare } of pictures) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(url);
    await page.waitForSelector('.family-row');
    await prepare?.(page);
    await setTimeout(1500);
    await savePicture(page, `${FOLDER}/${name}.webp`);
    await page.close();
  }
  await browser.close();
}

/** Playwright itself has only formats that need twice the space. */
async function savePicture(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 90 });
  writeFileSync(path, Buffer.from(data, 'base64'));
}
