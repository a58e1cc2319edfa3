/** Connections with many unanswered requests. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { Registry } from '../../../src/index.ts';
import { GatedCollector } from '../../http/gated-collector.ts';
import { rawGet } from '../../http/raw.ts';
import { startServer } from './exporter-server.ts';

const FIXTURES = 'test/web-config/fixtures';
const ca = readFileSync(`${FIXTURES}/ca.crt`);

const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;

/** Returns the status codes of `count` responses. */
async function responses(socket: Socket, count: number): Promise<number[]> {
  let text = '';
  let statuses: number[] = [];
  while (statuses.length < count) {
    text += (await once(socket, 'data')).join('');
    statuses = [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
  }
  return statuses;
}

for (const [scheme, file, count] of [
  ['http', undefined, 2000],
  ['https', `${FIXTURES}/tls.good.yml`, 200],
] as const) {
  test(`reading from a connection pauses while its scrapes wait, and then continues: ${scheme}`, async (t) => {
    const selfMetrics = new Registry({ selfMetrics: false });
    const options = { maxRequests: 0, selfMetrics, ...(file === undefined ? {} : { file }) };
    const { port, registry } = await startServer(t, options);
    const collector = new GatedCollector();
    registry.register(collector);
    const socket = scheme === 'http' ? connect(port, '127.0.0.1') : connectTls({ port, host: '127.0.0.1', ca });
    t.after(() => socket.destroy());
    socket.write(get('/metrics').repeat(count));
    await collector.asked.promise;
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    const [, inFlight] = /^metrics_handler_requests_in_flight (\d+)$/m.exec(await selfMetrics.expose()) ?? [];
    assert.ok(Number(inFlight) > 1 && Number(inFlight) < 30, `${inFlight} scrapes wait`);
    collector.go.open();
    const statuses = await responses(socket, count);
    assert.equal(statuses.length, count);
    assert.deepEqual(new Set(statuses), new Set([200]));
  });
}

test('a client that reads late gets the responses to all of its requests, in order', async (t) => {
  const { port } = await startServer(t, { description: 'x'.repeat(20_000) });
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const paths = Array.from({ length: 1000 }, (_, index) => ['/', '/-/healthy', '/none'][index % 3] ?? '');
  socket.pause();
  socket.write(paths.map((path) => get(path)).join(''));
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  const answered = responses(socket, paths.length);
  socket.resume();
  assert.deepEqual(
    await answered,
    paths.map((path) => (path === '/none' ? 404 : 200)),
  );
});

test('requests may arrive in any number of chunks', async (t) => {
  const { port } = await startServer(t);
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const bytes = Array.from({ length: 60 }, (_, index) => get('/metrics', `X: ${'x'.repeat(index * 37)}\r\n`)).join('');
  socket.setNoDelay(true);
  const sent = (async () => {
    for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7) % 1009) {
      socket.write(bytes.slice(at, at + size));
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const statuses = await responses(socket, 60);
  await sent;
  assert.deepEqual(new Set(statuses), new Set([200]));
});

test('a malformed request closes the connection once, regardless of later bytes', async (t) => {
  const selfMetrics = new Registry({ selfMetrics: false });
  const { port } = await startServer(t, { selfMetrics });
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write(`nonsense\r\n\r\n${get('/metrics').repeat(200)}`);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  assert.equal(text, 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  assert.match(await selfMetrics.expose(), /^metrics_server_client_errors_total\{code="400"\} 1$/m);
  assert.equal((await rawGet(`http://127.0.0.1:${port}/metrics`)).status, 200);
});
