import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, start } from '../child.ts';

const PROGRAM = join(import.meta.dirname, 'programs/blocking-exporter.js');

function run(t: TestContext, args: readonly string[]): Child {
  return start(t, process.execPath, [PROGRAM, '--web.listen-address=127.0.0.1:0', ...args]);
}

async function get(url: string, init: RequestInit = {}): Promise<{ status: number; body: string }> {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.text() };
}

/** Waits until the exporter of a URL is ready. */
async function untilReady(url: string): Promise<void> {
  const ready = new URL('/-/ready', url).href;
  while ((await get(ready)).status !== 200) await delay(50);
}

/** Starts an exporter that `block()` blocks until `unblock()` is called. */
function runBlocking(t: TestContext, args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-blocking-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'end');
  const child = run(t, [...args, `--x.end-of-block=${file}`]);
  const block = async () => {
    child.process.kill('SIGUSR2');
    await child.says(/^blocked$/m);
  };
  return { child, block, unblock: () => writeFileSync(file, '') };
}

/** Gets a URL every 100 ms for two seconds. */
async function getOften(url: string): Promise<string[]> {
  const bodies: string[] = [];
  for (let count = 0; count < 20; count++) {
    bodies.push((await get(url)).body);
    await delay(100);
  }
  return bodies;
}

test('an exporter with --web.scrape-thread answers while its event loop is blocked', { timeout: 60_000 }, async (t) => {
  const { child, block } = runBlocking(t, ['--web.scrape-thread', '--web.unhealthy-after=1s']);
  const url = await child.metricsUrl();
  const { body } = await get(url);
  for (const name of [
    'x_exporter_build_info',
    'process_cpu_seconds_total',
    'nodejs_heap_size_used_bytes',
    'nodejs_eventloop_delay_seconds_count',
    'nodejs_eventloop_blocked_seconds',
    'metrics_handler_requests_in_flight',
    'scheduler_task_interval_seconds',
  ]) {
    assert.match(body, new RegExp(`^${name}[ {]`, 'm'));
  }
  const health = new URL('/-/healthy', url).href;
  assert.equal((await get(health)).status, 200);
  await block();
  const bodies = await getOften(url);
  const values = bodies.map((text) => Number(/^steps_total (\S+)$/m.exec(text)?.[1]));
  assert.ok(new Set(values).size >= 5 && values.every((value) => value > 0), values.join(' '));
  const last = bodies.at(-1) ?? '';
  assert.match(last, /^nodejs_heap_size_used_bytes \d/m);
  assert.ok(Number(/^nodejs_eventloop_blocked_seconds (\S+)$/m.exec(last)?.[1]) > 1);
});

test('without the thread, no scrape is answered meanwhile', { timeout: 60_000 }, async (t) => {
  const { child, block, unblock } = runBlocking(t, []);
  const url = await child.metricsUrl();
  await block();
  let isAnswered = false;
  const scrape = get(url).finally(() => {
    isAnswered = true;
  });
  await delay(1000);
  assert.equal(isAnswered, false);
  unblock();
  assert.equal((await scrape).status, 200);
});

test('the health check fails while the event loop is blocked for longer than --web.unhealthy-after', async (t) => {
  const { child, block } = runBlocking(t, ['--web.scrape-thread', '--web.unhealthy-after=500ms']);
  const health = new URL('/-/healthy', await child.metricsUrl()).href;
  await block();
  const bodies = await getOften(health);
  assert.match(bodies.at(-1) ?? '', /^Unhealthy: the event loop has been blocked for \d\.\d s\.$/m);
});

test('readiness depends on the tasks of the main thread', async (t) => {
  const child = run(t, ['--web.scrape-thread']);
  const ready = new URL('/-/ready', await child.metricsUrl()).href;
  const first = await get(ready);
  assert.equal(first.body, 'Not ready: task first has not succeeded yet.\n');
  await untilReady(ready);
  assert.match((await get(new URL('/', ready).href)).body, /<td>first<\/td>/);
});

test('the status page in the thread starts tasks of the main thread', async (t) => {
  const child = run(t, ['--web.scrape-thread', '--web.enable-lifecycle']);
  const url = await child.metricsUrl();
  await untilReady(url);
  const runOf = (task: string) => get(new URL(`/?run=${task}`, url).href, { method: 'POST' });
  assert.deepEqual(await runOf('first'), { status: 202, body: 'Started.\n' });
  await child.says(/(?:^first begins$.*){2}/ms);
  assert.deepEqual(await runOf('second'), { status: 404, body: 'No such task.\n' });
  assert.equal((await get(new URL('/?run=first', url).href)).status, 405);
});

test('the status page in the thread starts no tasks without --web.enable-lifecycle', async (t) => {
  const child = run(t, ['--web.scrape-thread']);
  const url = await child.metricsUrl();
  await untilReady(url);
  assert.equal((await get(new URL('/?run=first', url).href, { method: 'POST' })).status, 403);
});

test('the web configuration applies in the thread', async (t) => {
  const args = ['--web.scrape-thread', '--web.config.file=test/web-config/fixtures/users.good.yml'];
  const child = run(t, args);
  assert.equal((await get(await child.metricsUrl())).status, 401);
});

test('SIGTERM ends the exporter and the thread', async (t) => {
  const child = run(t, ['--web.scrape-thread']);
  await child.metricsUrl();
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 0);
});

test('/-/quit and /-/reload reach the main thread', async (t) => {
  const child = run(t, ['--web.scrape-thread', '--web.enable-lifecycle']);
  const url = await child.metricsUrl();
  assert.equal((await get(new URL('/-/reload', url).href, { method: 'POST' })).status, 200);
  await child.says(/Reloaded the configuration/);
  assert.equal((await get(new URL('/-/quit', url).href, { method: 'POST' })).status, 200);
  assert.equal(await child.ended, 0);
});

test('--web.unhealthy-after needs the thread', async (t) => {
  const child = run(t, ['--web.unhealthy-after=1s']);
  assert.equal(await child.ended, 1);
  assert.match(child.stderr(), /--web\.unhealthy-after needs --web\.scrape-thread/);
});

test('an address that cannot be used ends the exporter with a message', async (t) => {
  const first = run(t, ['--web.scrape-thread']);
  const { host } = new URL(await first.metricsUrl());
  const second = run(t, ['--web.scrape-thread', `--web.listen-address=${host}`]);
  assert.equal(await second.ended, 1);
  assert.match(second.stderr(), /error: .*cannot listen on 127\.0\.0\.1:\d+: the address is in use/);
});
