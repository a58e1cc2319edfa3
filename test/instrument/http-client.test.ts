import assert from 'node:assert/strict';
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { get, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { Registry } from '../../src/index.ts';
import { type HttpClientOptions, instrumentHttpClient } from '../../src/instrument/index.ts';
import { valuesOf } from '../collectors/scrape.ts';
import { serve } from '../http/serve.ts';
import { needs, runInstalled } from '../installed-programs.ts';

function setUp(t: TestContext, options: HttpClientOptions = {}) {
  const registry = new Registry();
  const handle = instrumentHttpClient({ registry, ...options });
  t.after(() => handle.stop());
  const counted = async () => {
    const values = [...(await valuesOf(registry))].filter(([series]) => series.includes('_count{'));
    return Object.fromEntries(
      values.map(([series, value]) => [[...series.matchAll(/"(.*?)"/g)].map(([, label]) => label).join(' '), value]),
    );
  };
  return { registry, handle, counted };
}

test('requests by fetch and by node:http are counted by method, host and status', async (t) => {
  const { counted } = setUp(t);
  const url = await serve(t, (request, response) => response.writeHead(request.method === 'PUT' ? 201 : 200).end('hi'));
  const { host } = new URL(url);
  await (await fetch(`${url}/a/1`)).text();
  await (await fetch(`${url}/a/2`, { method: 'PUT' })).text();
  const [response] = await once(get(`${url}/b`), 'response');
  response.resume();
  assert.deepEqual(await counted(), { [`GET ${host} 200`]: 2, [`PUT ${host} 201`]: 1 });
});

test('requests without a response are counted as errors', async (t) => {
  const { counted } = setUp(t);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  await once(get(`http://127.0.0.1:${port}/`), 'error');
  assert.deepEqual(await counted(), { [`GET 127.0.0.1:${port} error`]: 2 });
});

test('a response that is abandoned halfway is counted once, by its status', async (t) => {
  const { counted } = setUp(t);
  const url = await serve(t, (_, response) => void response.write('half of it'));
  const controller = new AbortController();
  const response = await fetch(url, { signal: controller.signal });
  controller.abort();
  await assert.rejects(response.text());
  assert.deepEqual(await counted(), { [`GET ${new URL(url).host} 200`]: 1 });
});

const clients: Readonly<Record<string, (url: string) => Promise<unknown>>> = {
  fetch: async (url) => await (await fetch(url)).text(),
  'node:http': async (url) => {
    const [response] = await once(get(url, { agent: false }), 'response');
    await text(response);
  },
};

/** Interim responses. */
const interims: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '102': (response) => response.writeProcessing(),
  '103': (response) => response.writeEarlyHints({ link: '</a.css>; rel=preload' }),
  'several of them': (response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.writeProcessing();
    response.writeEarlyHints({ link: '</b.css>; rel=preload' });
  },
  '199, which has no meaning': (response) => response.socket?.write('HTTP/1.1 199 Unknown\r\n\r\n'),
};

for (const [client, request] of Object.entries(clients)) {
  for (const [name, write] of Object.entries(interims)) {
    test(`${client}: after an interim response (${name}), the final one is recorded, with its duration`, async (t) => {
      const { registry, counted } = setUp(t);
      const url = await serve(t, (_, response) => {
        write(response);
        setTimeout(() => response.writeHead(404).end(), 60);
      });
      await request(url);
      const { host } = new URL(url);
      assert.deepEqual(await counted(), { [`GET ${host} 404`]: 1 });
      const labels = `{method="GET",host="${host}",status_code="404"}`;
      const seconds = (await valuesOf(registry)).get(`http_client_request_duration_seconds_sum${labels}`);
      assert.ok(seconds !== undefined && seconds >= 0.059, String(seconds));
    });

    test(`${client}: an interim response (${name}) without a final one is an error`, async (t) => {
      const { counted } = setUp(t);
      const url = await serve(t, (_, response) => {
        write(response);
        setTimeout(() => response.destroy(), 20);
      });
      await assert.rejects(request(url));
      assert.deepEqual(await counted(), { [`GET ${new URL(url).host} error`]: 1 });
    });
  }
}

test('hosts are distinguished by name and port, not by path', async (t) => {
  const { counted } = setUp(t);
  const [one, other] = [
    await serve(t, (_, response) => response.end()),
    await serve(t, (_, response) => response.end()),
  ];
  const named = one.replace('127.0.0.1', 'localhost');
  for (const url of [`${one}/a`, `${one}/b?c`, `${other}/a`]) await (await fetch(url)).text();
  const [response] = await once(get(named, { family: 4 }), 'response');
  response.resume();
  assert.deepEqual(await counted(), {
    [`GET ${new URL(one).host} 200`]: 2,
    [`GET ${new URL(other).host} 200`]: 1,
    [`GET ${new URL(named).host} 200`]: 1,
  });
});

test('10,000 random hosts and methods create a bounded number of series', async (t) => {
  const { registry, counted } = setUp(t);
  for (let index = 0; index < 10_000; index++) {
    const request = { origin: `http://host-${index}.example`, method: `M${index}` };
    channel('undici:request:create').publish({ request });
    channel('undici:request:headers').publish({ request, response: { statusCode: 200 + index } });
  }
  const series = Object.entries(await counted());
  t.diagnostic(`${series.length} series, ${(await valuesOf(registry)).size} lines`);
  assert.equal(
    series.reduce((sum, [, count]) => sum + count, 0),
    10_000,
  );
  // 100 hosts with one request each, and `other` with 400 valid codes and one for all others.
  assert.ok(series.length <= 100 + 401, String(series.length));
});

test('hosts beyond maxHosts are counted together', async (t) => {
  const { counted } = setUp(t, { maxHosts: 1 });
  for (let index = 0; index < 1_000; index++) {
    const request = { origin: `http://host-${index}.example`, method: 'GET' };
    channel('undici:request:create').publish({ request });
    channel('undici:request:headers').publish({ request, response: { statusCode: 200 } });
  }
  assert.deepEqual(await counted(), { 'GET host-0.example 200': 1, 'GET other 200': 999 });
});

test('the duration ends with the head of the response', async (t) => {
  const { registry } = setUp(t);
  const url = await serve(t, (_, response) => void setTimeout(() => response.end('hi'), 80));
  await (await fetch(url)).text();
  const values = await valuesOf(registry);
  const [, seconds = 0] = [...values].find(([series]) => series.includes('_sum')) ?? [];
  assert.ok(seconds >= 0.079 && seconds < 5, String(seconds));
});

test('promtool accepts the metric', needs('promtool'), async (t) => {
  const { registry } = setUp(t);
  await fetch(await serve(t, (_, response) => response.end()));
  runInstalled('promtool', ['check', 'metrics'], await registry.expose());
});

test('stop() leaves no subscription', async (t) => {
  const channels = [
    'undici:request:create',
    'undici:request:headers',
    'undici:request:error',
    'http.client.request.start',
    'http.client.response.finish',
    'http.client.request.error',
  ].map(channel);
  const { registry, handle } = setUp(t);
  assert.ok(channels.every(({ hasSubscribers }) => hasSubscribers));
  handle.stop();
  assert.ok(!channels.some(({ hasSubscribers }) => hasSubscribers));
  assert.equal(await registry.expose(), '');
});
