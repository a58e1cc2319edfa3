/** A server that has been closed while a scraper keeps its connection. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { metricsHandler, Registry } from '../../src/index.ts';
import { GatedCollector } from './gated-collector.ts';

test('a closed server ends with the scrape in flight, although the scraper would keep its connection', async (t) => {
  const registry = new Registry();
  const collector = new GatedCollector();
  registry.register(collector);
  const metrics = metricsHandler({ registry });
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    if (request.url === '/metrics') return metrics(request, response);
    return response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => {
    agent.destroy();
    server.closeAllConnections();
  });
  const request = async (path: string): Promise<IncomingMessage> => {
    const [response] = await once(get({ port, path, agent }), 'response');
    await text(response);
    return response;
  };

  assert.equal((await request('/')).headers.connection, 'keep-alive');
  const scrape = request('/metrics');
  await collector.asked.promise;
  const closed = once(server, 'close');
  server.close();
  collector.go.open();
  assert.equal((await scrape).headers.connection, 'close');
  await closed;
});

test('a server that listens keeps the connection of a scraper', async (t) => {
  const server = createServer(metricsHandler({ registry: new Registry() }));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  t.after(() => {
    agent.destroy();
    server.close();
    server.closeAllConnections();
  });
  const [response] = await once(get({ port, agent }), 'response');
  await text(response);
  assert.equal(response.headers.connection, 'keep-alive');
});
