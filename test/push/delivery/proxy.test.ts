import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { proxyOf } from '../../../src/push/delivery/proxy.ts';
import { PushClient } from '../../../src/push/delivery/push-client.ts';
import { startReceiver } from '../receiver.ts';

const FIXTURES = 'test/web-config/fixtures';

function hostFor(url: string, environment: Readonly<Record<string, string>>): string | undefined {
  return proxyOf(new URL(url), environment)?.host;
}

test('the scheme of the URL selects the variable', () => {
  const environment = { HTTP_PROXY: 'http://a:1', HTTPS_PROXY: 'https://b:2' };
  assert.equal(hostFor('http://example.org', environment), 'a:1');
  assert.equal(hostFor('https://example.org', environment), 'b:2');
  assert.equal(hostFor('http://example.org', { HTTPS_PROXY: 'http://b:2' }), undefined);
  assert.equal(hostFor('http://example.org', {}), undefined);
});

test('variables may be in lower case, and the scheme of the proxy may be missing', () => {
  assert.equal(hostFor('http://example.org', { http_proxy: 'a:1' }), 'a:1');
  assert.equal(hostFor('https://example.org', { https_proxy: ' b:2 ', HTTPS_PROXY: '' }), 'b:2');
});

test('HTTP_PROXY is ignored in CGI programs, where it may be a header of the request', () => {
  assert.equal(hostFor('http://example.org', { HTTP_PROXY: 'a:1', REQUEST_METHOD: 'GET' }), undefined);
});

test('loopback addresses are never reached through a proxy', () => {
  for (const url of ['http://localhost:9091', 'http://127.0.0.1', 'http://127.8.9.1', 'http://[::1]:9091']) {
    assert.equal(hostFor(url, { HTTP_PROXY: 'a:1' }), undefined, url);
  }
});

for (const [list, url] of [
  ['*', 'http://example.org'],
  ['example.org', 'http://example.org'],
  ['EXAMPLE.org', 'http://example.ORG:8080'],
  ['example.org', 'http://a.b.example.org'],
  ['.example.org', 'http://a.example.org'],
  ['*.example.org', 'http://a.example.org'],
  ['other, example.org:8080', 'http://example.org:8080'],
  ['example.org:80', 'http://example.org'],
  ['10.0.0.1', 'http://10.0.0.1:9091'],
  ['10.0.0.0/8', 'http://10.1.2.3'],
  ['fd00::/8', 'http://[fd12::1]:9091'],
  ['[fd12::1]:9091', 'http://[fd12::1]:9091'],
  ['fd12::1', 'http://[fd12::1]'],
] as const) {
  test(`NO_PROXY=${list} excludes ${url}`, () => {
    assert.equal(hostFor(url, { HTTP_PROXY: 'a:1', NO_PROXY: list }), undefined);
    assert.equal(hostFor(url, { HTTP_PROXY: 'a:1', no_proxy: list }), undefined);
  });
}

for (const [list, url] of [
  ['', 'http://example.org'],
  ['example.org', 'http://badexample.org'],
  ['.example.org', 'http://example.org'],
  ['*.example.org', 'http://example.org'],
  ['example.org:8080', 'http://example.org'],
  ['10.0.0.0/8', 'http://11.1.2.3'],
  ['10.0.0.0/99', 'http://10.1.2.3'],
  ['10.0.0.0/x', 'http://10.1.2.3'],
  ['10.0.0.0/8', 'http://example.org'],
  ['0.0.0.1', 'http://10.0.0.1'],
] as const) {
  test(`NO_PROXY=${list} does not exclude ${url}`, () => {
    assert.equal(hostFor(url, { HTTP_PROXY: 'a:1', NO_PROXY: list }), 'a:1');
  });
}

test('a variable that is not the URL of an HTTP proxy throws an error without it', () => {
  for (const HTTP_PROXY of ['socks5://a:secret@b', 'http://', 'secret secret']) {
    const isSafe = (error: Error) => error instanceof RangeError && !/secret/.test(error.message);
    assert.throws(() => hostFor('http://example.org', { HTTP_PROXY }), isSafe);
  }
});

const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'REQUEST_METHOD'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/** Replaces the variables for proxies until the test ends. */
function setVariables(t: TestContext, variables: Readonly<Record<string, string>>): void {
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  const restore = (values: readonly (readonly [string, string | undefined])[]) => {
    for (const [name, value] of values) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  restore(VARIABLES.map((name) => [name, variables[name]] as const));
  t.after(() => restore(before));
}

for (const [variables, url, seen] of [
  [{ HTTP_PROXY: 'PROXY' }, 'http://push.example:9091/a', 'POST http://push.example:9091/a'],
  [{ http_proxy: 'PROXY' }, 'http://push.example/a', 'POST http://push.example/a'],
  [{ HTTP_PROXY: 'PROXY', NO_PROXY: 'other.example' }, 'http://[fd00::1]/a', 'POST http://[fd00::1]/a'],
  [{ HTTPS_PROXY: 'PROXY' }, 'https://push.example/a', 'CONNECT push.example:443'],
  [{ https_proxy: 'PROXY' }, 'https://push.example:9091/a', 'CONNECT push.example:9091'],
  [{ HTTPS_PROXY: 'PROXY' }, 'https://[fd00::1]/a', 'CONNECT [fd00::1]:443'],
  [{ HTTPS_PROXY: 'PROXY' }, 'http://push.invalid', undefined],
  [{ HTTP_PROXY: 'PROXY', NO_PROXY: 'invalid' }, 'http://push.invalid', undefined],
  [{ HTTPS_PROXY: 'PROXY', no_proxy: '.invalid' }, 'https://push.invalid', undefined],
  [{ HTTP_PROXY: 'PROXY' }, 'http://127.0.0.1:1', undefined],
  [{ HTTPS_PROXY: 'PROXY' }, 'https://localhost:1', undefined],
] as const) {
  const shown = JSON.stringify(variables).replaceAll('"', '');
  test(`with ${shown}, a request to ${url} ${seen === undefined ? 'avoids' : 'uses'} the proxy`, async (t) => {
    const requests: string[] = [];
    const proxy = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.writeHead(502).end();
    }).on('connect', (request, socket) => {
      requests.push(`${request.method} ${request.url}`);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    const address = `127.0.0.1:${await listen(t, proxy)}`;
    setVariables(
      t,
      Object.fromEntries(Object.entries(variables).map(([name, text]) => [name, text.replace('PROXY', address)])),
    );
    const client = new PushClient({ url });
    t.after(() => client.close());
    await client.send({ method: 'POST' }).catch(() => {}); // A receiver without the proxy does not exist.
    assert.deepEqual(requests, seen === undefined ? [] : [seen]);
  });
}

test('requests to http receivers are sent to the proxy with their full URL', async (t) => {
  const proxy = await startReceiver(t);
  const client = new PushClient({
    url: 'http://user:word@push.example:9091/base',
    proxy: proxy.url.replace('//', '//me:pass@'),
  });
  t.after(() => client.close());
  await client.send({ method: 'PUT', path: '/%2e%2e/a', body: Buffer.from('hello') });
  const [request] = proxy.requests;
  assert.equal(request?.path, 'http://push.example:9091/base/%2e%2e/a');
  assert.equal(request.headers.host, 'push.example:9091');
  assert.equal(request.headers.authorization, `Basic ${btoa('user:word')}`);
  assert.equal(request.headers['proxy-authorization'], `Basic ${btoa('me:pass')}`);
});

test('requests to https receivers use a tunnel, which is kept alive', async (t) => {
  const authorizations: (string | undefined)[] = [];
  const server = createTlsServer(serverKey(), (request, response) => {
    authorizations.push(request.headers['proxy-authorization']);
    request.resume().on('end', () => response.end('stored'));
  });
  const targetPort = await listen(t, server);
  const targets: (string | undefined)[] = [];
  const proxy = createServer().on('connect', (request, socket, head) => {
    targets.push(`${request.url} ${request.headers['proxy-authorization']}`);
    const upstream = connect(targetPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    for (const each of [socket, upstream]) each.on('error', () => {});
    t.after(() => upstream.destroy());
  });
  const proxyPort = await listen(t, proxy);
  const client = new PushClient({
    url: 'https://push.example:9091',
    proxy: `http://me:pass@127.0.0.1:${proxyPort}`,
    tls: { caFile: `${FIXTURES}/ca.crt`, serverName: 'localhost' },
  });
  t.after(() => client.close());
  for (let i = 0; i < 2; i++) assert.equal((await client.send({ method: 'POST' })).body, 'stored');
  assert.deepEqual(targets, [`push.example:9091 Basic ${btoa('me:pass')}`]);
  assert.deepEqual(authorizations, [undefined, undefined]);
});

test('a proxy that refuses to connect fails the request', async (t) => {
  const proxy = createServer().on('connect', (_request, socket) => {
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  const port = await listen(t, proxy);
  const client = new PushClient({ url: 'https://push.example', proxy: `http://127.0.0.1:${port}` });
  t.after(() => client.close());
  await assert.rejects(client.send({ method: 'POST' }), /The proxy refused to connect to the receiver with status 407/);
});

test('a proxy that does not answer fails the request after the timeout', async (t) => {
  const port = await listen(
    t,
    createServer().on('connect', () => {}),
  );
  const client = new PushClient({ url: 'https://push.example', proxy: `http://127.0.0.1:${port}`, timeout: 50 });
  t.after(() => client.close());
  await assert.rejects(client.send({ method: 'POST' }), /within 50 ms|did not answer in time/);
});

test('the timeout of a proxy may be longer than the timers of Node allow', async (t) => {
  const proxy = createServer().on('connect', (_request, socket) => {
    setTimeout(() => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'), 20);
  });
  const client = new PushClient({
    url: 'https://push.example',
    proxy: `http://127.0.0.1:${await listen(t, proxy)}`,
    timeout: '30d',
  });
  t.after(() => client.close());
  await assert.rejects(client.send({ method: 'POST' }), /with status 407/);
});

test('a receiver needs a certificate of the certificate authority, unless verification is off', async (t) => {
  const server = createTlsServer(serverKey(), (_request, response) => response.end());
  const url = `https://localhost:${await listen(t, server)}`;
  const statusWith = async (tls: ConstructorParameters<typeof PushClient>[0]['tls']) => {
    const client = new PushClient({ url, tls });
    t.after(() => client.close());
    return (await client.send({ method: 'POST' })).status;
  };
  await assert.rejects(statusWith({}), /certificate/);
  await assert.rejects(statusWith({ caFile: `${FIXTURES}/ca.crt`, serverName: 'other.example' }), /other\.example/);
  await assert.rejects(statusWith({ caFile: `${FIXTURES}/missing.crt` }), /tls\.caFile .*missing\.crt/);
  assert.equal(await statusWith({ ca: readFileSync(`${FIXTURES}/ca.crt`, 'utf8') }), 200);
  assert.equal(await statusWith({ insecureSkipVerify: true }), 200);
});

test('a client certificate is sent', async (t) => {
  const ca = readFileSync(`${FIXTURES}/ca.crt`);
  const server = createTlsServer({ ...serverKey(), ca, requestCert: true }, (_request, response) => response.end());
  const url = `https://localhost:${await listen(t, server)}`;
  const files = { certFile: `${FIXTURES}/client.crt`, keyFile: `${FIXTURES}/client.key` };
  const client = new PushClient({ url, tls: { caFile: `${FIXTURES}/ca.crt`, ...files } });
  t.after(() => client.close());
  assert.equal((await client.send({ method: 'POST' })).status, 200);
});

function serverKey(): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: readFileSync(`${FIXTURES}/server.crt`), key: readFileSync(`${FIXTURES}/server.key`) };
}

async function listen(t: TestContext, server: Server & { closeAllConnections?(): void }): Promise<number> {
  server.listen(0);
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections?.();
  });
  return (server.address() as AddressInfo).port; // It listens on a port.
}
