import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { SERVER_LIMITS } from '../../../src/exporter/server/server-limits.ts';
import { Registry } from '../../../src/index.ts';
import { rawGet } from '../../http/raw.ts';
import { QUICK, startServer } from './exporter-server.ts';

test('two hundred clients that send headers slowly get 408, and do not delay scrapes', async (t) => {
  const limits = { ...SERVER_LIMITS, headersTimeout: 5000, connectionsCheckingInterval: 100 };
  const { port } = await startServer(t, { limits });
  const sockets = Array.from({ length: 200 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  let answered = 0;
  const answers = Promise.all(sockets.map((socket) => text(socket).finally(() => answered++)));
  for (const socket of sockets) socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n');
  const trickle = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('X-A: b\r\n');
  }, 200);
  t.after(() => clearInterval(trickle));
  for (let count = 0; count < 20; count++) {
    assert.equal((await rawGet(`http://127.0.0.1:${port}/metrics`)).status, 200);
  }
  assert.equal(answered, 0, 'The scrapes should not wait for the clients.');
  clearInterval(trickle); // A write after the answer may discard it: the connection is closed.
  for (const answer of await answers) assert.match(answer, /^HTTP\/1\.1 408 /);
});

test('rejected requests are counted by status code', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  const { port } = await startServer(t, { limits: QUICK, registry, selfMetrics: registry });
  for (const [bytes, status] of [
    [`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '431 Request Header Fields Too Large'],
    ['GET / HTTP/1.1\r\nX', '408 Request Timeout'],
    ['nonsense\r\n\r\n', '400 Bad Request'],
    ['\x16\x03\x01', '400 Bad Request'],
  ] as const) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write(bytes);
    assert.match(await text(socket), new RegExp(`^HTTP/1\\.1 ${status}\r\n`));
  }
  const page = (await rawGet(`http://127.0.0.1:${port}/metrics`)).body;
  for (const line of ['{code="400"} 2', '{code="408"} 1', '{code="413"} 0', '{code="431"} 1']) {
    assert.ok(page.split('\n').includes(`metrics_server_client_errors_total${line}`), line);
  }
});
