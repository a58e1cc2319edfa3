import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gauge, Registry } from '../../../src/index.ts';
import { type FetchTransportOptions, fetchTransport } from '../../../src/push/delivery/fetch-transport.ts';
import { PushClient } from '../../../src/push/delivery/push-client.ts';
import { PushError } from '../../../src/push/delivery/push-error.ts';
import { Pushgateway, type PushgatewayOptions } from '../../../src/push/pushgateway/pushgateway.ts';
import { RemoteWriter } from '../../../src/push/remote-write/remote-writer.ts';
import { silent } from '../../silent-logger.ts';
import { newExporter, startOtlpReceiver } from '../otlp/otlp-receiver.ts';
import { type Answer, startReceiver } from '../receiver.ts';
import { FakeReceiver } from '../remote-write/fake-receiver.ts';

function newRegistry(): Registry {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'g', help: 'G.', registry }).set(1);
  return registry;
}

function gatewayOf(url: string, options: Partial<PushgatewayOptions> = {}, transport: FetchTransportOptions = {}) {
  const common = { url, job: 'a/b', registry: newRegistry(), format: 'text', retry: { attempts: 0 } } as const;
  return new Pushgateway({ ...common, transport: fetchTransport(transport), ...options });
}

test('fetch sends the same request as node:http', async (t) => {
  const receiver = await startReceiver(t);
  const options = { headers: { 'X-Scope-OrgID': '7' }, bearerToken: 'secret', sign: () => ({ 'X-Sign': 'yes' }) };
  await gatewayOf(`${receiver.url}/prefix/?q=1`, options).push();
  await gatewayOf(`${receiver.url}/prefix/?q=1`, { ...options, transport: undefined, proxy: false }).push();
  const shown = receiver.requests.map(({ method, path, body, headers }) => ({
    method,
    path,
    body: body.toString(),
    headers: ['authorization', 'content-length', 'content-type', 'host', 'user-agent', 'x-scope-orgid', 'x-sign'].map(
      (name) => headers[name],
    ),
  }));
  assert.equal(shown[0]?.path, '/prefix/metrics/job@base64/YS9i?q=1');
  assert.deepEqual(shown[0], shown[1]);
});

test('fetch sends remote write and OTLP', async (t) => {
  const registry = newRegistry();
  const receiver = await FakeReceiver.start(t);
  const writer = new RemoteWriter({ url: receiver.url, registry, logger: silent, transport: fetchTransport() });
  assert.equal((await writer.flush()).written, 1);
  await writer.stop();
  assert.equal(receiver.received[0]?.version, '2.0');
  const collector = await startOtlpReceiver(t);
  await newExporter(collector, { registry, transport: fetchTransport() }).flush();
  assert.equal(collector.pointsOf('g').length, 1);
});

for (const code of [301, 302, 303, 307, 308]) {
  test(`fetch does not follow a redirect with status ${code}`, async (t) => {
    const other = await startReceiver(t);
    const receiver = await startReceiver(t, (response) => {
      response.writeHead(code, { location: `${other.url}/elsewhere` }).end();
    });
    await assert.rejects(
      gatewayOf(receiver.url, { bearerToken: 'secret' }).push(),
      (error) => error instanceof PushError && error.status === code && error.message.includes('/elsewhere'),
    );
    assert.equal(other.requests.length, 0);
  });
}

test('a redirect that the runtime hides is an error too', async () => {
  const hidden = { type: 'opaqueredirect', status: 0, headers: new Headers(), body: null } as Response;
  const gateway = gatewayOf('http://127.0.0.1', {}, { fetch: async () => hidden });
  await assert.rejects(gateway.push(), /status 302. Redirects are not followed/);
});

for (const path of ['/a/../b', '/a/./b', '/%2e%2e/b', '/é', '/a b']) {
  test(`the path ${path}, which fetch would change, is refused`, async (t) => {
    const receiver = await startReceiver(t);
    const client = new PushClient({ url: receiver.url, transport: fetchTransport() });
    await assert.rejects(client.send({ method: 'POST', path }), /must not be changed/);
    assert.equal(receiver.requests.length, 0);
  });
}

const endless: Answer = (response) => {
  response.writeHead(400);
  const write = () => void response.write('x'.repeat(10_000), (error) => error ?? write());
  write();
};

test('the body of a response is read up to a limit, and may hang', async (t) => {
  const receiver = await startReceiver(t, endless);
  const answer = await new PushClient({ url: receiver.url, transport: fetchTransport() }).send({ method: 'POST' });
  assert.deepEqual([answer.status, answer.body.length], [400, 65_536]);
  const slow = await startReceiver(t, (response) => void response.writeHead(200).write('partly'));
  const client = new PushClient({ url: slow.url, timeout: '1s', transport: fetchTransport() });
  assert.deepEqual((await client.send({ method: 'POST' })).body, 'partly');
});

test('a request ends with its timeout and its signal', async (t) => {
  const receiver = await startReceiver(t, () => {});
  const client = new PushClient({ url: receiver.url, timeout: 50, transport: fetchTransport() });
  await assert.rejects(client.send({ method: 'POST' }), /no response within 50 ms/);
  const controller = new AbortController();
  const sent = client.send({ method: 'POST', signal: controller.signal });
  controller.abort(new Error('enough'));
  await assert.rejects(sent, /enough/);
});

test('waitUntil gets a promise for each request, which never rejects', async (t) => {
  const receiver = await startReceiver(t, (response) => response.destroy());
  const promises: Promise<unknown>[] = [];
  const gateway = gatewayOf(
    receiver.url,
    { retry: { attempts: 1, min: 1 } },
    { waitUntil: (promise) => promises.push(promise) },
  );
  await assert.rejects(gateway.push());
  assert.equal(promises.length, 2);
  await Promise.all(promises);
});

test('TLS and proxy settings cannot be combined with a transport', () => {
  const transport = fetchTransport();
  for (const options of [{ tls: {} }, { proxy: 'http://proxy' }]) {
    assert.throws(() => new PushClient({ url: 'https://a', transport, ...options }), /tls and proxy must not be set/);
  }
});
