/** All adapters behave the same, with the same application in each framework. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, METHODS } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Registry } from '../../src/index.ts';
import { HttpServerMetrics } from '../../src/instrument/index.ts';
import { valuesOf } from '../collectors/scrape.ts';
import { serve } from '../http/serve.ts';
import { sized } from '../long.ts';
import { countedWhen } from './counted.ts';
import { frameworks } from './frameworks.ts';

const REQUESTS = sized(1000, 10_000);
/** Listeners receive no CONNECT requests, and Fetch requests cannot have the method TRACE. */
const methods = METHODS.filter((method) => method !== 'CONNECT' && method !== 'TRACE');

for (const [name, { create }] of Object.entries(frameworks)) {
  const start = async (t: TestContext, metrics: HttpServerMetrics) => serve(t, await create(metrics));

  test(`${name}: responses, errors and streams are counted by route and status`, async (t) => {
    const registry = new Registry();
    const url = await start(t, new HttpServerMetrics({ registry }));
    const paths = ['/users/1', '/users/2?x=1', '/throws/1', '/stream', '/nowhere/1', '/users/1/nowhere'];
    for (const path of paths) await fetch(url + path).then((response) => response.text());
    assert.deepEqual(await countedWhen(registry, paths.length), {
      'GET /users/:id 200': 2,
      'GET /throws/:id 500': 1,
      'GET /stream 200': 1,
      'GET other 404': 2,
    });
  });

  test(`${name}: a stream that fails halfway is counted as aborted`, async (t) => {
    const registry = new Registry();
    const url = await start(t, new HttpServerMetrics({ registry }));
    await assert.rejects(fetch(`${url}/breaks`).then((response) => response.text()));
    assert.deepEqual(await countedWhen(registry, 1), { 'GET /breaks aborted': 1 });
  });

  test(`${name}: a stream that the client abandons is counted as aborted, and is in flight until then`, async (t) => {
    const registry = new Registry();
    const url = await start(t, new HttpServerMetrics({ registry }));
    const inFlight = async () => (await valuesOf(registry)).get('http_requests_in_flight');
    const [response] = await once(get(`${url}/endless`, { agent: false }), 'response');
    await once(response, 'data');
    assert.equal(await inFlight(), 1);
    response.destroy();
    assert.deepEqual(await countedWhen(registry, 1), { 'GET /endless aborted': 1 });
    assert.equal(await inFlight(), 0);
  });

  test(`${name}: a response that the client abandons after the server has ended it is counted as aborted`, async (t) => {
    const registry = new Registry();
    const url = await start(t, new HttpServerMetrics({ registry }));
    const [response] = await once(get(`${url}/large`, { agent: false }), 'response');
    await once(response, 'data');
    response.destroy();
    assert.deepEqual(await countedWhen(registry, 1), { 'GET /large aborted': 1 });
  });

  test(`${name}: ${REQUESTS} random URLs and methods create a bounded number of series`, async (t) => {
    const registry = new Registry();
    const url = await start(t, new HttpServerMetrics({ registry }));
    const random = () => Math.random().toString(36).slice(2);
    const requests = Array.from({ length: REQUESTS }, (_, index) => {
      const path = index % 2 === 0 ? `/users/${random()}` : `/${random()}/${random()}?${random()}`;
      return `${methods[index % methods.length]} ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    });
    await send(url, requests);
    const counted = await countedWhen(registry, REQUESTS);
    const lines = (await valuesOf(registry)).size;
    t.diagnostic(`${Object.keys(counted).length} series of each histogram, ${lines} lines in all`);
    assert.equal(
      Object.values(counted).reduce((sum, count) => sum + count),
      REQUESTS,
    );
    const routes = new Set(Object.keys(counted).map((key) => key.split(' ')[1]));
    assert.deepEqual([...routes].sort(), ['/users/:id', 'other']);
    // At most eight methods and `other`, two routes and three codes.
    assert.ok(Object.keys(counted).length <= 9 * 2 * 3, JSON.stringify(counted));
  });
}

/** Sends requests over one connection, a few ahead of their responses. */
async function send(url: string, requests: readonly string[]): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('latin1');
  let [sent, answered] = [0, 0];
  const write = () => {
    socket.write(requests.slice(sent, answered + 8).join(''));
    sent = answered + 8;
  };
  write();
  for await (const text of socket) {
    answered += text.split('HTTP/1.1 ').length - 1;
    if (answered >= requests.length) break;
    write();
  }
}
