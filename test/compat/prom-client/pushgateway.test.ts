import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { freePort } from '../../free-port.ts';
import { needs } from '../../installed-programs.ts';
import { startPushgateway } from '../../push/pushgateway/real-gateway.ts';
import { looseClass, type PromClient, promClient, zeroprom } from './libraries.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A server that records requests and answers them with `answer()`. */
async function gateway(t: TestContext, answer: (response: ServerResponse) => void = (response) => response.end('ok')) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: Buffer.concat(chunks) });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // A server that listens on a port has one.
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${port}`, received };
}

function registryOf({ Counter, Registry }: PromClient) {
  const registry = new Registry();
  new Counter({ name: 'c_total', help: 'H', registers: [registry] }).inc(5);
  return registry;
}

for (const [name, client] of [
  ['zeroprom', zeroprom],
  ['prom-client', promClient],
] as const) {
  test(`pushAdd(), push() and delete() are POST, PUT and DELETE (${name})`, async (t) => {
    const { url, received } = await gateway(t);
    const push = new client.Pushgateway(`${url}/base`, undefined, registryOf(client));
    const { resp, body } = await push.pushAdd({ jobName: 'my job' });
    assert.deepEqual([(resp as IncomingMessage).statusCode, body], [200, 'ok']);
    await push.push({ jobName: 'a&b', groupings: { 'k=': 'v:1', other: 'ü' } });
    await push.delete({ jobName: 'j' });
    const text = '# HELP c_total H\n# TYPE c_total counter\nc_total 5\n';
    assert.deepEqual(
      received.map(({ method, url: path, body: sent }) => [method, path, sent.toString()]),
      [
        ['POST', '/base/metrics/job/my%20job', text],
        ['PUT', '/base/metrics/job/a%26b/k%3D/v%3A1/other/%C3%BC', text],
        ['DELETE', '/base/metrics/job/j', ''],
      ],
    );
  });

  test(`a missing job name is an error at the call, unless none is required (${name})`, async (t) => {
    const { url, received } = await gateway(t);
    const push = new client.Pushgateway(url, {}, registryOf(client));
    for (const method of ['push', 'pushAdd', 'delete'] as const) {
      const error = { name: 'Error', message: 'Missing jobName parameter' };
      assert.throws(() => push[method]({} as never), error);
      assert.throws(() => push[method](undefined as never), error);
    }
    await new client.Pushgateway(url, { requireJobName: false }, registryOf(client)).push({} as never);
    assert.deepEqual(
      received.map(({ url: path }) => path),
      ['/metrics'],
    );
  });

  test(`options are those of http.request() (${name})`, async (t) => {
    const { url, received } = await gateway(t);
    const headers = { 'x-mine': '1' };
    await new client.Pushgateway(url, { headers, auth: 'me:secret' }, registryOf(client)).push({ jobName: 'j' });
    const authorised = url.replace('//', '//me:p%40ss@');
    await new client.Pushgateway(authorised, null, registryOf(client)).push({ jobName: 'j' });
    assert.deepEqual(
      received.map((request) => [request.headers['x-mine'], request.headers.authorization]),
      [
        ['1', `Basic ${btoa('me:secret')}`],
        [undefined, `Basic ${btoa('me:p@ss')}`],
      ],
    );
    assert.deepEqual(headers, { 'x-mine': '1' });
  });

  test(`bodies are compressed if the headers request it (${name})`, async (t) => {
    const { url, received } = await gateway(t);
    const headers = { 'Content-Encoding': 'gzip' };
    await new client.Pushgateway(url, { headers }, registryOf(client)).push({ jobName: 'j' });
    const [first] = received;
    assert.equal(first?.headers['content-encoding'], 'gzip');
    assert.match(gunzipSync(first.body).toString(), /c_total 5/);
  });

  test(`a status of 400 or above is an error (${name})`, async (t) => {
    const { url } = await gateway(t, (response) => response.writeHead(418).end('short and stout'));
    const pushed = new client.Pushgateway(url, {}, registryOf(client)).push({ jobName: 'j' });
    await assert.rejects(pushed, { name: 'Error', message: 'push failed with status 418, short and stout' });
  });

  test(`a request that takes too long, or finds no server, is an error (${name})`, async (t) => {
    const { url } = await gateway(t, () => {});
    const late = new client.Pushgateway(url, { timeout: 50 }, registryOf(client)).push({ jobName: 'j' });
    await assert.rejects(late, { message: 'Pushgateway request timed out' });
    const closed = new client.Pushgateway(`http://127.0.0.1:${await freePort()}`, {}, registryOf(client));
    await assert.rejects(closed.push({ jobName: 'j' }), { code: 'ECONNREFUSED' });
  });

  test(`the global registry is pushed by default (${name})`, async (t) => {
    const { url, received } = await gateway(t);
    const gauge = new client.Gauge({ name: 'global_gauge', help: 'H' });
    await new client.Pushgateway(url).push({ jobName: 'j' });
    client.register.removeSingleMetric('global_gauge');
    assert.match(received[0]?.body.toString() ?? '', /^global_gauge 0$/m);
    assert.ok(gauge);
  });
}

test('the content type is that of the registry, unless the headers have one', async (t) => {
  const { url, received } = await gateway(t);
  await new zeroprom.Pushgateway(url, {}, registryOf(zeroprom)).push({ jobName: 'j' });
  const headers = { 'content-type': 'text/plain' };
  await new zeroprom.Pushgateway(url, { headers }, registryOf(zeroprom)).push({ jobName: 'j' });
  assert.deepEqual(
    received.map((request) => request.headers['content-type']),
    ['text/plain; version=0.0.4; charset=utf-8', 'text/plain'],
  );
});

test('delete() does not affect the encoding of later pushes', async (t) => {
  const { url, received } = await gateway(t);
  const push = new zeroprom.Pushgateway(url, { headers: { 'Content-Encoding': 'gzip' } }, registryOf(zeroprom));
  await push.push({ jobName: 'j' });
  await push.delete({ jobName: 'j' });
  await push.push({ jobName: 'j' });
  assert.deepEqual(
    received.map((request) => request.headers['content-encoding']),
    ['gzip', undefined, 'gzip'],
  );
  assert.match(gunzipSync(received[2]!.body).toString(), /c_total 5/);
});

test('a path has no empty parts, and slashes in values are encoded', async (t) => {
  const { url, received } = await gateway(t);
  for (const base of ['', '/', '/base/', '/base//']) {
    const push = new zeroprom.Pushgateway(url + base, {}, registryOf(zeroprom));
    await push.delete({ jobName: 'a/b', groupings: { empty: '', path: '/var/tmp' } });
  }
  const rest = 'metrics/job@base64/YS9i/empty@base64/=/path@base64/L3Zhci90bXA';
  assert.deepEqual(
    received.map(({ url: path }) => path),
    [`/${rest}`, `/${rest}`, `/base/${rest}`, `/base/${rest}`],
  );
});

test('a registry that fails ends the request', async (t) => {
  const { url, received } = await gateway(t);
  const registry = new zeroprom.Registry();
  const error = new Error('It failed.');
  new zeroprom.Gauge({ name: 'g', help: 'H', registers: [registry], collect: () => Promise.reject(error) });
  await assert.rejects(new zeroprom.Pushgateway(url, {}, registry).push({ jobName: 'j' }), error);
  assert.deepEqual(received, []);
});

test('an invalid address rejects the promise', async () => {
  const Pushgateway = looseClass(zeroprom.Pushgateway);
  for (const url of ['', 'no url', undefined]) {
    await assert.rejects(new Pushgateway(url)['push']!({ jobName: 'j' }) as Promise<unknown>, TypeError);
  }
});

test('the Pushgateway accepts pushes', needs('prometheus-pushgateway'), async (t) => {
  const url = await startPushgateway(t);
  const registry = registryOf(zeroprom);
  const histogram = new zeroprom.Histogram({ name: 'h', help: 'H', labelNames: ['a'], registers: [registry] });
  histogram.observe({ a: 'x"' }, 3);
  const push = new zeroprom.Pushgateway(url, { headers: { 'Content-Encoding': 'gzip' } }, registry);
  const group = { jobName: 'a/b', groupings: { empty: '', path: '/var/tmp', plain: 'ü' } };
  await push.push(group);
  const shown = async () => (await fetch(`${url}/metrics`)).text();
  assert.match(await shown(), /^c_total\{empty="",instance="",job="a\/b",path="\/var\/tmp",plain="ü"\} 5$/m);
  assert.match(await shown(), /^h_count\{a="x\\"",empty="",instance="",job="a\/b",path="\/var\/tmp",plain="ü"\} 1$/m);
  registry.removeSingleMetric('h');
  await push.pushAdd(group);
  assert.match(await shown(), /^h_count\{/m);
  await push.push(group);
  assert.doesNotMatch(await shown(), /^h_count\{/m);
  await push.delete(group);
  while (/^c_total\{/m.test(await shown())); // The gateway deletes later.
});
