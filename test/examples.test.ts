/** Runs each example as a program that imports the package by its name. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite, test } from 'node:test';
import { start } from './child.ts';
import { freePort } from './free-port.ts';
import { rawGet } from './http/raw.ts';

const MEASURED =
  /^http_request_duration_seconds_count\{method="GET",route="\/hello\/:name",status_code="200"\} 1(\.0)?$/m;
const FOLDER = join(import.meta.dirname, '../examples');
/** These measure no requests. */
const PATHS: Readonly<Record<string, string>> = { 'cluster.ts': '/', 'worker-threads.ts': '/' };
/** These have tests of their own. */
const others = ['fetch.ts', 'node-http2.ts'];
const names = readdirSync('examples').filter((name) => name.endsWith('.ts') && !others.includes(name));

suite('examples', { concurrency: 3 }, () => {
  for (const name of names) {
    test(`${name} sends a greeting, and counts it`, async (t) => {
      const port = await freePort();
      const program = start(t, process.execPath, [join(FOLDER, name.replace('.ts', '.js'))], { PORT: String(port) });
      const url = `http://127.0.0.1:${port}`;
      const path = PATHS[name];
      const greeting = await answerOf(`${url}${path ?? '/hello/bob'}`, program.ended);
      assert.equal(greeting.body, path === undefined ? 'hello bob' : 'hello');
      for (const [Accept, type] of [
        ['*/*', /^text\/plain; version=0\.0\.4/],
        ['application/openmetrics-text', /^application\/openmetrics-text/],
      ] as const) {
        const { status, headers, body } = await rawGet(`${url}/metrics`, { Accept });
        assert.equal(status, 200);
        assert.match(String(headers['content-type']), type);
        assert.match(body, /^hello_requests_total 1(\.0)?$/m);
        if (path === undefined) assert.match(body, MEASURED);
      }
      assert.equal((await rawGet(`${url}/metrics?name[]=none`)).body, '');
    });
  }
});

/** A node:http2 server with a certificate of the tests. */
test('node-http2.ts sends a greeting over HTTP/2, and counts it', async (t) => {
  const port = await freePort();
  const certificate = join(FOLDER, '../../test/web-config/fixtures/server');
  const env = { PORT: String(port), TLS_CERT: `${certificate}.crt`, TLS_KEY: `${certificate}.key` };
  const program = start(t, process.execPath, [join(FOLDER, 'node-http2.js')], env);
  const session = await sessionWith(`https://127.0.0.1:${port}`, program.ended);
  t.after(() => session.destroy());
  assert.equal(await textOf(session, '/hello/bob'), 'hello bob');
  const page = await textOf(session, '/metrics');
  assert.match(page, /^hello_requests_total 1$/m);
  assert.match(page, MEASURED);
  program.process.kill('SIGTERM');
  assert.equal(await program.ended, 0);
  assert.equal(program.stderr(), '');
});

test('fetch.ts sends a greeting, and counts it', async () => {
  const code = `import('./fetch.js').then(async ({ default: { fetch } }) => {
    await fetch(new Request('http://x/hello/bob'));
    console.log(await (await fetch(new Request('http://x/metrics'))).text());
  });`;
  const child = spawn(process.execPath, ['-e', code], { cwd: FOLDER, stdio: ['ignore', 'pipe', 'inherit'] });
  const page = await text(child.stdout);
  assert.match(page, /^hello_requests_total 1$/m);
  assert.match(page, MEASURED);
});

/** Requests a page as soon as the program listens. */
async function answerOf(url: string, ended: Promise<unknown>): ReturnType<typeof rawGet> {
  let isRunning = true;
  void ended.then(() => {
    isRunning = false;
  });
  while (isRunning) {
    try {
      return await rawGet(url);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50)); // The programs print nothing when they listen.
    }
  }
  throw new Error('The program ended before it listened.');
}

/** Connects as soon as the program listens. */
async function sessionWith(url: string, ended: Promise<unknown>): Promise<ClientHttp2Session> {
  let isRunning = true;
  void ended.then(() => {
    isRunning = false;
  });
  while (isRunning) {
    const session = connect(url, { rejectUnauthorized: false });
    try {
      await once(session, 'connect');
      return session;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('The program ended before it listened.');
}

function textOf(session: ClientHttp2Session, path: string): Promise<string> {
  return text(session.request({ ':path': path }));
}
