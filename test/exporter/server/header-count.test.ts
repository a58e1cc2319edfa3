/** Requests with more headers than Node.js keeps. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { metricsHandler, probeHandler } from '../../../src/http.ts';
import { Registry } from '../../../src/index.ts';
import { serve } from '../../http/serve.ts';
import { startServer } from './exporter-server.ts';

async function answerTo(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write(bytes);
  return await text(socket);
}

const others = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: y\r\n`).join('');

async function exporter(t: TestContext) {
  const selfMetrics = new Registry({ selfMetrics: false });
  const calls: string[] = [];
  const { port } = await startServer(t, {
    selfMetrics,
    isLifecycleEnabled: true,
    quit: () => calls.push('quit'),
    isHealthPublic: true,
    file: 'test/web-config/fixtures/users.good.yml',
  });
  return { port, selfMetrics, calls };
}

const alice = `Authorization: Basic ${Buffer.from('alice:alice-pass').toString('base64')}\r\n`;

for (const [what, line] of [
  ['a content length', 'Content-Length: 5\r\n'],
  ['a transfer encoding', 'Transfer-Encoding: chunked\r\n'],
  ['a second host', 'Host: evil.example\r\n'],
  ['an origin', 'Origin: http://evil.example\r\n'],
  ['a site', 'Sec-Fetch-Site: cross-site\r\n'],
  ['other credentials', 'Authorization: Basic ZXZlOmV2ZQ==\r\n'],
  ['an Accept header', 'Accept: application/openmetrics-text\r\n'],
] as const) {
  for (const count of [98, 99, 100, 131, 500, 1300]) {
    test(`${what} after ${count} other headers is detected`, async (t) => {
      const { port, selfMetrics, calls } = await exporter(t);
      const bytes = `POST /-/quit HTTP/1.1\r\nHost: localhost\r\n${alice}${others(count)}${line}\r\n`;
      const answer = await answerTo(port, bytes);
      assert.match(answer, /^HTTP\/1\.1 431 [\s\S]*^Connection: close\r$/m);
      assert.equal(answer.match(/^HTTP\/1\.1 /gm)?.length, 1);
      assert.deepEqual(calls, []);
      assert.match(await selfMetrics.expose(), /^metrics_server_client_errors_total\{code="431"\} 1$/m);
    });
  }
}

test('a request with a hundred headers is served', async (t) => {
  const { port } = await exporter(t);
  const bytes = `GET /metrics HTTP/1.1\r\nHost: x\r\n${alice}${others(97)}Connection: close\r\n\r\n`;
  assert.match(await answerTo(port, bytes), /^HTTP\/1\.1 200 /);
});

for (const [what, listener, path] of [
  ['metricsHandler()', metricsHandler({ registry: new Registry() }), '/'],
  ['probeHandler()', probeHandler({ modules: { m: { probe: () => true } } }), '/?target=x&module=m'],
] as const) {
  for (const count of [99, 998, 999, 1000, 1300]) {
    test(`${what} in any server detects a body after ${count} other headers`, async (t) => {
      const port = Number(new URL(await serve(t, listener)).port);
      const bytes = `GET ${path} HTTP/1.1\r\nHost: x\r\n${others(count)}Content-Length: 5\r\n\r\n`;
      assert.match(await answerTo(port, bytes), /^HTTP\/1\.1 4(00|31) [\s\S]*^Connection: close\r$/m);
    });
  }
}

test('a probe with a body is rejected', async (t) => {
  const port = Number(new URL(await serve(t, probeHandler({ modules: { m: { probe: () => true } } }))).port);
  const bytes = 'GET /?target=x&module=m HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello';
  assert.match(await answerTo(port, bytes), /^HTTP\/1\.1 400 [\s\S]*^Connection: close\r$/m);
});
