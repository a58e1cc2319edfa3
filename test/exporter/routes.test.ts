import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Child, start } from '../child.ts';

function startProgram(t: TestContext, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Child {
  const program = join(import.meta.dirname, 'programs/routes.js');
  return start(t, process.execPath, [program, '--web.listen-address=127.0.0.1:0', ...args], env);
}

test('an exporter serves its own routes beside those of all exporters', async (t) => {
  const url = await startProgram(t).metricsUrl();
  const probe = async (target: string) => (await fetch(new URL(`/probe?target=${target}`, url))).text();
  assert.match(await probe('good'), /^probe_success 1$/m);
  assert.match(await probe('bad'), /^probe_success 0$/m);
  assert.equal((await fetch(new URL('/probe', url))).status, 400);
  assert.equal((await fetch(new URL('/probe?target=x', url), { method: 'POST' })).status, 405);
  assert.equal((await fetch(url)).status, 200);
});

test('the own routes of an exporter move below the route prefix', async (t) => {
  const url = await startProgram(t, ['--web.route-prefix=/x']).metricsUrl();
  assert.equal((await fetch(new URL('/probe?target=good', url))).status, 404);
  assert.equal((await fetch(new URL('/x/probe?target=good', url))).status, 200);
});

test('the own routes of an exporter need the password of the web configuration', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-routes-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'web.yml');
  // The password is x.
  writeFileSync(file, 'basic_auth_users:\n  a: $2a$04$FxE/NcsQhsP5Re19S6Bo0ODEKUgT3pc97rFQB4Txz9sVzMbDf3l5y\n');
  const url = await startProgram(t, [`--web.config.file=${file}`]).metricsUrl();
  assert.equal((await fetch(new URL('/probe?target=good', url))).status, 401);
});

test('an exporter calls its shutdown hook when it stops', async (t) => {
  const child = startProgram(t);
  await child.metricsUrl();
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 0);
  assert.equal(child.stderr().match(/^closed$/gm)?.length, 1);
});

test('an exporter whose shutdown hook fails ends with exit code 1', async (t) => {
  const child = startProgram(t, [], { FAILS: '1' });
  await child.metricsUrl();
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 1);
  assert.match(child.stderr(), /Shutdown failed.*It cannot be closed/);
});

test('the scrape thread forwards own routes to the main thread', async (t) => {
  const child = startProgram(t, ['--web.scrape-thread', '--web.route-prefix=/x']);
  const url = await child.metricsUrl();
  const get = (path: string, init?: RequestInit) => fetch(new URL(path, url), init);
  const probe = await get('/x/probe?target=good');
  assert.match(await probe.text(), /^probe_success 1$/m);
  assert.match(probe.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  assert.equal((await get('/x/probe')).status, 400);
  assert.equal((await get('/probe?target=good')).status, 404);
  assert.equal((await get('/x/probe?target=x', { method: 'POST' })).status, 405);
  const head = await get('/x/probe?target=good', { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
  assert.equal((await get('/x/fails')).status, 500);
  await child.says(/A request failed.*path=\/x\/fails.*It fails/);
  const echo = await get('/x/echo?a=1&b=%20', { headers: { 'x-several': 'a, b', cookie: 'c=d' } });
  assert.equal(echo.status, 207);
  assert.deepEqual(echo.headers.getSetCookie(), ['a=1', 'b=2']);
  assert.deepEqual(await echo.json(), {
    url: '/x/echo?a=1&b=%20',
    host: new URL(url).host,
    several: 'a, b',
    cookie: 'c=d',
    remoteAddress: '127.0.0.1',
  });
});

test('a large response of a forwarded route arrives whole, also several at the same time', async (t) => {
  const url = await startProgram(t, ['--web.scrape-thread']).metricsUrl();
  const expected = Buffer.from(Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251));
  const body = async () => Buffer.from(await (await fetch(new URL('/large', url))).arrayBuffer());
  for (const received of await Promise.all([body(), body(), body(), body()])) assert.ok(received.equals(expected));
});

test('a forwarded route notices that its client has disconnected', async (t) => {
  const child = startProgram(t, ['--web.scrape-thread']);
  const url = await child.metricsUrl();
  const controller = new AbortController();
  const response = await fetch(new URL('/endless', url), { signal: controller.signal });
  assert.equal(response.status, 200);
  controller.abort();
  await child.says(/^disconnected$/m);
});

test('a forwarded route that drops its connection drops that of the client', async (t) => {
  const url = await startProgram(t, ['--web.scrape-thread']).metricsUrl();
  await assert.rejects(fetch(new URL('/drops', url)));
  const begun = await fetch(new URL('/breaks', url));
  await assert.rejects(begun.text());
});

test('a forwarded route is answered with 503 at the deadline if the main thread is blocked, and later again', async (t) => {
  const url = await startProgram(t, ['--web.scrape-thread']).metricsUrl();
  const blocking = fetch(new URL('/blocks', url));
  const headers = { 'x-prometheus-scrape-timeout-seconds': '1' };
  await new Promise((resolve) => setTimeout(resolve, 500));
  const response = await fetch(new URL('/echo', url), { headers });
  assert.deepEqual([response.status, await response.text()], [503, 'The main thread did not answer in time.\n']);
  assert.equal((await blocking).status, 200);
  assert.equal((await fetch(new URL('/echo', url), { headers })).status, 207);
  const slow = await fetch(new URL('/slow', url), { headers });
  assert.equal(slow.status, 200, 'a listener may take longer if the main thread is not blocked');
});

test('an exporter starts its scrape thread again if that ends', async (t) => {
  const child = startProgram(t, ['--web.scrape-thread']);
  const url = await child.metricsUrl();
  await fetch(new URL('/ends-thread', url)).catch(() => {});
  await child.says(/The scrape thread has ended; starting it again\..* restartInMs=100$/m);
  assert.match(await untilServed(url), /^nodejs_scrape_thread_restarts_total 1$/m);
  assert.match(await (await fetch(new URL('/probe?target=good', url))).text(), /^probe_success 1$/m);
  child.process.kill('SIGTERM');
  assert.equal(await child.ended, 0);
});

/** Waits until the next thread listens. */
async function untilServed(url: string): Promise<string> {
  for (;;) {
    try {
      return await (await fetch(url)).text();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
