/**
 * Runs an application under PM2 while instances are killed at random and reloaded: `npm run test:pm2 -- [ROUNDS]`. No counter
 * may decrease from one scrape to the next, and at the end each request is counted, except for those that a killed instance
 * counted after its last scrape. The samples that an installed Prometheus stores must add up to the same. Installs PM2 from npm
 * on the first run.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { Prometheus, totalIncrease, until } from '../test/e2e/prometheus.ts';
import { freePort } from '../test/free-port.ts';
import { pathOf } from '../test/installed-programs.ts';

const VERSION = '7';
const ROUNDS = Number(process.argv[2] ?? 40);
const INSTANCES = 3;
const PROGRAM = `
import { createServer } from 'node:http';
import { Counter, metricsHandler } from ${JSON.stringify(resolve('dist/index.js'))};
import { collectWorkers, joinWorkers } from ${JSON.stringify(resolve('dist/workers.js'))};

const requests = new Counter({ name: 'requests_total', help: 'Requests.' });
const directory = process.env.MEETING;
const metrics = metricsHandler({ registry: collectWorkers({ directory }) });
// With another label, it shares no round with the other scrapes, which must show all that was counted before.
const forPrometheus = metricsHandler({ registry: collectWorkers({ directory, label: 'member' }) });
await joinWorkers({ directory, saveInterval: '1h' });
createServer((request, response) => {
  if (request.url === '/metrics') return metrics(request, response);
  if (request.url === '/prometheus') return forPrometheus(request, response);
  if (request.url === '/count') requests.inc();
  response.end(String(process.pid));
}).listen(process.env.PORT, '127.0.0.1');
`;

const folder = mkdtempSync(join(tmpdir(), 'pm2-'));
const port = await freePort();
/** Requests that may have been counted although they were not answered: their connection went to a killed instance. */
let unsure = 0;
const url = `http://127.0.0.1:${port}`;
const pm2 = installPm2();
writeFileSync(join(folder, 'app.mjs'), PROGRAM);
after(() => {
  runPm2('kill');
  rmSync(folder, { recursive: true, force: true });
});
for (const mode of ['cluster', 'fork'] as const) test(`PM2, mode ${mode}`, (t) => run(t, mode));

/** In the mode `fork`, only one instance can listen on the port, so there is one. */
async function run(t: TestContext, mode: 'cluster' | 'fork'): Promise<void> {
  const instances = mode === 'cluster' ? ['--instances', String(INSTANCES)] : [];
  runPm2('start', join(folder, 'app.mjs'), '--name', mode, ...instances);
  const job = 'metrics_path: /prometheus';
  const prometheus =
    pathOf('prometheus') === undefined
      ? undefined
      : await Prometheus.start(t, { target: `127.0.0.1:${port}`, interval: '250ms', job });
  let counted = 0;
  let shown = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const requests = Math.floor(Math.random() * 20);
    for (let request = 0; request < requests; request++) await get('/count');
    counted += requests;
    const value = await scrape();
    assert.ok(value >= shown, `${mode}: ${value} after ${shown}`);
    assert.ok(value >= counted && value <= counted + unsure, `${mode}: ${value}, but ${counted} were counted`);
    counted = value;
    unsure = 0;
    shown = value;
    if (round % 20 === 10) runPm2('reload', mode);
    // All counts were saved by the scrape, so nothing is lost.
    else if (round % 3 === 0) process.kill(Number(await get('/pid')), 'SIGKILL');
  }
  t.diagnostic(`${ROUNDS} rounds, ${counted} requests, none lost`);
  if (prometheus === undefined) t.diagnostic('Prometheus is not installed: apt-get install prometheus.');
  else await compareStored(t, prometheus, counted);
  runPm2('delete', mode);
}

async function compareStored(t: TestContext, prometheus: Prometheus, counted: number): Promise<void> {
  await until('all is stored', async () => (await prometheus.value('requests_total')) === counted);
  const [stored] = await prometheus.samples('requests_total', '1d');
  assert.equal(totalIncrease(stored), counted);
  const increase = await prometheus.value('increase(requests_total[1d])');
  t.diagnostic(`${stored?.values.length} samples add up to the same; increase() extrapolates to ${increase}`);
}

async function scrape(): Promise<number> {
  // An instance may answer with what it was about to answer to Prometheus, which asked before all was counted.
  await get('/metrics');
  return Number(/^requests_total (.+)$/m.exec(await get('/metrics'))?.[1]);
}

/** Requests a page as soon as an instance answers: while one restarts, others may do so. */
async function get(path: string): Promise<string> {
  for (let tries = 0; tries < 500; tries++) {
    try {
      const response = await fetch(url + path, { signal: AbortSignal.timeout(2000) });
      return await response.text();
    } catch {
      if (path === '/count') unsure++;
      await new Promise((wait) => setTimeout(wait, 20)); // The instance has been killed, or does not listen yet.
    }
  }
  throw new Error(`${url}${path} was not answered.`);
}

function runPm2(...args: readonly string[]): void {
  const env = { ...process.env, PM2_HOME: join(folder, 'home'), MEETING: folder, PORT: String(port) };
  execFileSync(process.execPath, [pm2, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

function installPm2(): string {
  const cache = resolve('node_modules/.cache/pm2');
  const program = join(cache, 'node_modules/pm2/bin/pm2');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), '{ "private": true }');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `pm2@${VERSION}`];
  execFileSync('npm', install, { cwd: cache, stdio: 'inherit' });
  return program;
}
