import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Shutdown } from '../../../src/exporter/server/shutdown.ts';

async function serverWith(t: TestContext, listener: RequestListener): Promise<[Server, Shutdown, number]> {
  const server = createServer(listener);
  const shutdown = new Shutdown(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  // A server that listens on a port has such an address.
  return [server, shutdown, (server.address() as AddressInfo).port];
}

// The last two are longer than timers can be.
for (const timeoutMs of [60_000, 2 ** 31, 10 * 365 * 24 * 3_600_000]) {
  test(`a slow reader gets the whole body within ${timeoutMs} ms, while new connections are rejected`, async (t) => {
    const body = Buffer.alloc(20_000_000, 'x');
    const [, shutdown, port] = await serverWith(t, (_, response) => response.end(body));
    const [response] = await once(get({ port, host: '127.0.0.1' }), 'response');
    const ended = shutdown.end(timeoutMs);
    const [error] = await once(connect(port, '127.0.0.1'), 'error');
    assert.equal(error.code, 'ECONNREFUSED');
    let received = 0;
    for await (const chunk of response) {
      received += chunk.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(received, body.length);
    await ended;
  });
}

test('after the timeout, a response that is not read is dropped', async (t) => {
  const [, shutdown, port] = await serverWith(t, (_, response) => response.end(Buffer.alloc(20_000_000)));
  const request = get({ port, host: '127.0.0.1' });
  request.on('error', () => {});
  const [response] = await once(request, 'response');
  response.on('error', () => {});
  await shutdown.end(1);
  await new Promise((resolve) => response.resume().once('close', resolve));
  assert.equal(response.complete, false);
});

test('idle connections, even without a request, are closed', async (t) => {
  const [, shutdown, port] = await serverWith(t, (_, response) => response.end('hello'));
  const silent = connect(port, '127.0.0.1');
  const idle = connect(port, '127.0.0.1');
  await Promise.all([once(silent, 'connect'), once(idle, 'connect')]);
  idle.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(idle, 'data');
  const closed = Promise.all([once(silent.resume(), 'close'), once(idle.resume(), 'close')]);
  await shutdown.end(60_000);
  await closed;
});
