import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { metricsHandler, Registry } from '../../../src/index.ts';
import { Gate, GatedCollector } from '../../http/gated-collector.ts';
import { rawGet } from '../../http/raw.ts';
import { serve } from '../../http/serve.ts';

/** Sends two pipelined requests, then drops the connection. */
async function loseTwo(url: string, come: Promise<void>, lose: Promise<void>): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2));
  await come;
  socket.destroy();
  await lose;
}

/** Creates a handler with two slots, and drops the connection of both of its scrapes. */
async function lost(t: TestContext) {
  const registry = new Registry({ selfMetrics: false });
  const selfMetrics = new Registry({ selfMetrics: false });
  const collector = new GatedCollector();
  registry.register(collector);
  const handler = metricsHandler({ registry, selfMetrics, maxRequests: 2 });
  const come = new Gate();
  const gone = new Gate();
  let requests = 0;
  const url = await serve(t, (request, response) => {
    if (++requests === 2) come.open();
    request.socket.once('close', gone.open);
    handler(request, response);
  });
  await loseTwo(url, come.promise, gone.promise);
  return { url, collector, selfMetrics };
}

test('a pipelined request releases its slot when its connection closes', async (t) => {
  const { url, collector } = await lost(t);
  collector.go.open();
  assert.deepEqual(
    (await Promise.all([rawGet(url), rawGet(url)])).map(({ status }) => status),
    [200, 200],
  );
});

test('a gathering that only such requests wait for is aborted', async (t) => {
  const { collector } = await lost(t);
  assert.deepEqual(
    collector.contexts.map(({ signal }) => signal.aborted),
    [true],
  );
});

test('such requests do not count as in flight', async (t) => {
  const { selfMetrics } = await lost(t);
  const page = await selfMetrics.expose();
  assert.match(page, /^metrics_handler_requests_in_flight 0$/m);
  assert.match(page, /^metrics_handler_requests_total\{code="499"\} 2$/m);
});

test('hundreds of requests on one connection cause no warning of too many listeners', async (t) => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on('warning', warn);
  t.after(() => process.off('warning', warn));
  const server = createServer(metricsHandler({ registry: new Registry(), maxRequests: 0 }));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo; // A server that listens on a port has such an address.
  const socket = connect(port, '127.0.0.1').resume();
  const one = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
  socket.write(one.repeat(299) + one.replace('Host', 'Connection: close\r\nHost'));
  await once(socket, 'close');
  await new Promise((resolve) => setImmediate(resolve)); // Warnings are emitted a tick later.
  assert.deepEqual(warnings, []);
});
