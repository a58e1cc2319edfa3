/** Runs each example as a program, and scrapes it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';

const HELLO: Readonly<Record<string, string>> = { yoga: '/graphql?query={hello}' };

for (const name of ['hapi', 'h3', 'h3-1', 'elysia', 'yoga', 'nest']) {
  test(`${name} sends a greeting, counts and measures it, and ends on SIGTERM`, async (t) => {
    const port = await freePort();
    const path = HELLO[name] ?? '/';
    const program = start(t, process.execPath, [`examples/${name}.ts`], port);
    const url = `http://127.0.0.1:${port}`;
    assert.match(await program.answer(url + path), /hello/);
    for (const [accept, type] of [
      ['*/*', /^text\/plain; version=0\.0\.4/],
      ['application/openmetrics-text', /^application\/openmetrics-text/],
    ] as const) {
      const { status, headers, body } = await get(`${url}/metrics`, accept);
      assert.equal(status, 200);
      assert.match(String(headers['content-type']), type);
      assert.match(body, /^hello_requests_total 1(\.0)?$/m);
      assert.match(
        body,
        /^http_request_duration_seconds_count\{method="GET",route="\/(graphql)?",status_code="200"\} 1(\.0)?$/m,
      );
    }
    assert.equal((await get(`${url}/metrics?name[]=none`, '*/*')).body, '');
    // Nest sends itself the signal again once it has closed.
    assert.equal(await program.stop(), name === 'nest' ? 'SIGTERM' : 0);
  });
}

function start(t: TestContext, command: string, args: readonly string[], port: number) {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, PORT: String(port) } });
  const ended = once(child, 'exit');
  let isRunning = true;
  void ended.then(() => {
    isRunning = false;
  });
  t.after(() => child.kill('SIGKILL'));
  return {
    /** Requests a page as soon as the program listens. */
    async answer(url: string): Promise<string> {
      while (isRunning) {
        try {
          return (await get(url, '*/*')).body;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 50)); // The programs print nothing when they listen.
        }
      }
      throw new Error('The program ended before it listened.');
    },
    async stop(): Promise<number | string> {
      child.kill('SIGTERM');
      const [code, signal] = await ended;
      return code ?? signal;
    },
  };
}

/** Sends a request on a connection of its own, which does not delay a graceful shutdown. */
async function get(url: string, accept: string) {
  const outgoing = request(url, { agent: false, headers: { accept, connection: 'close' } }).end();
  const [response] = await once(outgoing, 'response');
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  return { status: response.statusCode, headers: response.headers, body };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
