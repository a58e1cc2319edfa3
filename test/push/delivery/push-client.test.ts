import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Gauge, Registry } from '../../../src/index.ts';
import type { ClientOptions } from '../../../src/push/delivery/client-options.ts';
import { PushClient } from '../../../src/push/delivery/push-client.ts';
import { OtlpExporter, Pushgateway, RemoteWriter } from '../../../src/push/index.ts';
import { silent } from '../../silent-logger.ts';
import { startReceiver } from '../receiver.ts';

function newClient(t: TestContext, options: ClientOptions): PushClient {
  const client = new PushClient(options);
  t.after(() => client.close());
  return client;
}

test('a request has the given path, headers and body', async (t) => {
  const receiver = await startReceiver(t);
  const client = newClient(t, { url: `${receiver.url}/base/`, headers: { 'X-Scope-OrgID': 'a' } });
  const headers = { 'content-type': 'text/plain' };
  const response = await client.send({ method: 'PUT', path: '/a/%2e%2e/b//c@', headers, body: Buffer.from('hello') });
  const [request] = receiver.requests;
  assert.equal(response.status, 200);
  assert.equal(request?.method, 'PUT');
  assert.equal(request.path, '/base/a/%2e%2e/b//c@');
  assert.equal(request.headers['x-scope-orgid'], 'a');
  assert.equal(request.headers['content-type'], 'text/plain');
  assert.match(request.headers['user-agent'] ?? '', /^zeroprom\/\d/);
  assert.equal(request.body.toString(), 'hello');
});

test('the path and the query of the URL are kept', async (t) => {
  const receiver = await startReceiver(t);
  await newClient(t, { url: `${receiver.url}/api/v1/write?tenant=a` }).send({ method: 'POST' });
  assert.equal(receiver.requests[0]?.path, '/api/v1/write?tenant=a');
});

test('connections are kept alive', async (t) => {
  const receiver = await startReceiver(t);
  const client = newClient(t, { url: receiver.url });
  for (let i = 0; i < 3; i++) await client.send({ method: 'POST', body: Buffer.from('x') });
  assert.equal(receiver.connections, 1);
});

test('a connection that the receiver closed while it was idle is replaced', async (t) => {
  const receiver = await startReceiver(t, (response, _request, index) => {
    if (index === 1) response.socket?.resetAndDestroy();
    else response.end();
  });
  const client = newClient(t, { url: receiver.url });
  await client.send({ method: 'POST' });
  assert.equal((await client.send({ method: 'POST' })).status, 200);
  assert.equal(receiver.requests.length, 3);
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect with status ${status} is not followed`, async (t) => {
    const other = await startReceiver(t);
    const receiver = await startReceiver(t, (response) => response.writeHead(status, { Location: other.url }).end());
    const client = newClient(t, { url: receiver.url, bearerToken: 'secret' });
    assert.equal((await client.send({ method: 'POST' })).status, status);
    assert.equal(other.requests.length, 0);
  });
}

test('a receiver that does not answer fails the request after the timeout', async (t) => {
  const receiver = await startReceiver(t, () => {});
  const client = newClient(t, { url: receiver.url, timeout: 50 });
  await assert.rejects(client.send({ method: 'POST' }), /^Error: POST http:.* failed: no response within 50 ms\.$/);
});

test('the timeout may be longer than the timers of Node allow', async (t) => {
  const receiver = await startReceiver(t, (response) => setTimeout(() => response.end(), 20));
  const client = newClient(t, { url: receiver.url, timeout: '30d' });
  assert.equal((await client.send({ method: 'POST' })).status, 200);
});

test('the timeout includes a function sign that does not return', async (t) => {
  const receiver = await startReceiver(t);
  const client = newClient(t, { url: receiver.url, timeout: 50, sign: () => new Promise(() => {}) });
  await assert.rejects(client.send({ method: 'POST' }), /no response within 50 ms/);
});

test('an aborted request rejects with the reason', async (t) => {
  const controller = new AbortController();
  const receiver = await startReceiver(t, () => controller.abort(new Error('Stopped.')));
  const client = newClient(t, { url: receiver.url });
  await assert.rejects(client.send({ method: 'POST', signal: controller.signal }), { message: 'Stopped.' });
});

test('a request whose signal has aborted is not sent', async (t) => {
  const receiver = await startReceiver(t);
  const client = newClient(t, { url: receiver.url });
  await assert.rejects(client.send({ method: 'POST', signal: AbortSignal.abort(new Error('Stopped.')) }), /Stopped/);
  assert.equal(receiver.connections, 0);
});

test('the body of a response is read up to a limit', async (t) => {
  const receiver = await startReceiver(t, (response) => {
    response.writeHead(400);
    const write = () => void response.write('x'.repeat(10_000), (error) => error ?? write());
    write();
  });
  const response = await newClient(t, { url: receiver.url }).send({ method: 'POST' });
  assert.equal(response.status, 400);
  assert.equal(response.body.length, 65_536);
});

test('the status counts even if the body of the response hangs', async (t) => {
  const receiver = await startReceiver(t, (response) => void response.writeHead(200).write('partly'));
  const response = await newClient(t, { url: receiver.url, timeout: '1s' }).send({ method: 'POST' });
  assert.deepEqual([response.status, response.body], [200, 'partly']);
});

test('the status counts even if the connection is reset in the body of the response', async (t) => {
  const receiver = await startReceiver(t, (response) => {
    response.writeHead(200).write('partly', () => response.socket?.resetAndDestroy());
  });
  assert.equal((await newClient(t, { url: receiver.url }).send({ method: 'POST' })).status, 200);
});

test('a response that arrives before all of the body was sent counts', async (t) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\n\r\nbig');
      socket.pause();
    });
    t.after(() => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  const client = newClient(t, { url: `http://127.0.0.1:${address.port}` });
  const response = await client.send({ method: 'POST', body: Buffer.alloc(20_000_000) });
  assert.deepEqual([response.status, response.body], [413, 'big']);
});

for (const answer of ['', 'garbage\r\n\r\n', 'HTTP/1.1 200']) {
  test(`an answer ${JSON.stringify(answer)} fails the request`, async (t) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const address = server.address();
    assert(typeof address === 'object' && address !== null);
    const client = newClient(t, { url: `http://127.0.0.1:${address.port}`, timeout: '2s' });
    await assert.rejects(client.send({ method: 'POST' }), /^Error: POST http:.* failed: /);
  });
}

test('user and password of the URL are sent as basic authentication, and not shown in errors', async (t) => {
  const receiver = await startReceiver(t, (response, _request, index) => {
    if (index === 0) response.end();
    else response.destroy();
  });
  const client = newClient(t, { url: receiver.url.replace('//', '//us%2Fer:pass%40word@') });
  await client.send({ method: 'POST' });
  assert.equal(receiver.requests[0]?.headers.authorization, `Basic ${btoa('us/er:pass@word')}`);
  receiver.dropConnections();
  await assert.rejects(client.send({ method: 'POST' }), (error: Error) => !error.message.includes('word'));
});

test('basic authentication may contain any password', async (t) => {
  const receiver = await startReceiver(t);
  await newClient(t, { url: receiver.url, basicAuth: { username: 'ü', password: 'a:ö' } }).send({ method: 'POST' });
  const expected = `Basic ${Buffer.from('ü:a:ö').toString('base64')}`;
  assert.equal(receiver.requests[0]?.headers.authorization, expected);
});

test('the files of a token and of a password are read again for each request', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-push-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'secret');
  const receiver = await startReceiver(t);
  const withToken = newClient(t, { url: receiver.url, bearerTokenFile: file });
  const withPassword = newClient(t, { url: receiver.url, basicAuth: { username: 'a', passwordFile: file } });
  for (const secret of ['one\n', 'two']) {
    writeFileSync(file, secret);
    await withToken.send({ method: 'POST' });
    await withPassword.send({ method: 'POST' });
  }
  const sent = receiver.requests.map(({ headers }) => headers.authorization);
  assert.deepEqual(sent, ['Bearer one', `Basic ${btoa('a:one')}`, 'Bearer two', `Basic ${btoa('a:two')}`]);
  rmSync(file);
  await assert.rejects(withToken.send({ method: 'POST' }), /bearerTokenFile .* cannot be read/);
  for (const bad of ['', 'a\nb', 'a\u0000b']) {
    writeFileSync(file, bad);
    await assert.rejects(withToken.send({ method: 'POST' }), /bearerTokenFile/);
  }
});

test('sign() gets the request as it is sent, and adds headers to it', async (t) => {
  const receiver = await startReceiver(t);
  const client = newClient(t, {
    url: `${receiver.url}/write`,
    sign: async ({ method, url, headers, body }) => ({
      'X-Signature': [method, url, headers['a'], body.length].join(),
    }),
  });
  await client.send({ method: 'POST', headers: { a: 'b' }, body: Buffer.from('four') });
  assert.equal(receiver.requests[0]?.headers['x-signature'], `POST,${receiver.url}/write,b,4`);
});

test('sign() is called for each attempt, and for each of the targets', async (t) => {
  const registry = new Registry({ selfMetrics: false });
  new Gauge({ name: 'g', help: 'G.', registry }).set(1);
  const receiver = await startReceiver(t, (response, _request, index) => {
    response.setHeader('X-Prometheus-Remote-Write-Samples-Written', '1');
    response.writeHead(index % 2 === 0 ? 503 : 200).end();
  });
  let calls = 0;
  const sign = () => ({ Authorization: `Signature ${++calls}` });
  const common = { url: receiver.url, registry, sign, retry: { min: 1, max: 1 }, proxy: false } as const;
  const gateway = new Pushgateway({ ...common, job: 'j' });
  const writer = new RemoteWriter({ ...common, logger: silent, onStop: 'keep' });
  const exporter = new OtlpExporter({ ...common, logger: silent });
  await gateway.push();
  await writer.flush();
  await exporter.flush();
  const sent = receiver.requests.map(({ headers }) => headers.authorization);
  assert.deepEqual(
    sent,
    [1, 2, 3, 4, 5, 6].map((call) => `Signature ${call}`),
  );
});

test('a request is not sent if sign() fails or returns an invalid header, and its error does not show the header', async (t) => {
  const receiver = await startReceiver(t);
  for (const sign of [
    () => Promise.reject(new Error('no key')),
    () => ({ 'X-Signature': 'secret\r\nX-Other: 1' }),
    () => ({ 'X Signature': 'secret' }),
  ]) {
    const sent = newClient(t, { url: receiver.url, sign }).send({ method: 'POST' });
    await assert.rejects(sent, (error: Error) => /POST http/.test(error.message) && !/secret/.test(error.message));
  }
  assert.equal(receiver.requests.length, 0);
});

test('options are checked at creation, and messages do not contain secrets', () => {
  const url = 'http://localhost:9091';
  const bad: ClientOptions[] = [
    { url: 'localhost:9091' },
    { url: 'ftp://localhost' },
    { url: 'secret' },
    { url: 'http://a%zz:secret@localhost' },
    { url, timeout: 0 },
    { url, timeout: 'soon' },
    { url, headers: { 'Content-Type': 'secret' } },
    { url, headers: { 'bad name': 'secret' } },
    { url, headers: { a: 'secret\r\nb: c' } },
    { url, bearerToken: 'secret\n' },
    { url, bearerToken: '' },
    { url, bearerToken: 'secret', bearerTokenFile: 'file' },
    { url, bearerToken: 'secret', headers: { Authorization: 'secret' } },
    { url: 'http://a:secret@localhost', bearerToken: 'secret' },
    { url, basicAuth: { username: 'a:b' } },
    { url, basicAuth: { username: 'a', password: 'secret', passwordFile: 'file' } },
    { url, proxy: 'socks5://localhost' },
    { url, proxy: 'http://' },
    { url, tls: { cert: 'secret' } },
    { url, tls: { key: 'secret' } },
    { url, tls: { ca: 'secret', caFile: 'file' } },
  ];
  for (const options of bad) {
    const isSafe = (error: Error) => error instanceof RangeError && !/secret/.test(error.message);
    assert.throws(() => new PushClient(options), isSafe, JSON.stringify(options));
  }
  const noUrl = {} as ClientOptions;
  assert.throws(() => new PushClient(noUrl), TypeError);
});
