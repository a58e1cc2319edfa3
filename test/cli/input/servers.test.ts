/** Servers as inputs: how they are named, and TLS. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, ListenOptions } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderOf, zeroprom } from '../zeroprom.ts';

const FIXTURES = 'test/web-config/fixtures';
const fixture = (name: string) => readFileSync(`${FIXTURES}/${name}`);
const server = { cert: fixture('server.crt'), key: fixture('server.key') };
const trust = `--ca-file=${FIXTURES}/ca.crt`;

/** Answers with the path of the request as a label. */
const answerPath: RequestListener = (request, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4');
  response.end(`requested{path="${request.url}"} 1\n`);
};

async function listening(t: TestContext, server: Server, address: ListenOptions): Promise<void> {
  server.listen(address);
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
}

async function portOf(t: TestContext, server: Server): Promise<number> {
  await listening(t, server, { host: '127.0.0.1', port: 0 });
  // A server that listens on a port has such an address.
  return (server.address() as AddressInfo).port;
}

/** Resolves with the path that the command requested, or with its error. */
async function requested(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await zeroprom(['convert', '--to', 'text', ...args]);
  return code === 0 ? (/path="(.*)"/.exec(stdout)?.[1] ?? stdout) : stderr;
}

for (const [what, nameOf, path] of [
  ['host:port', (port) => `127.0.0.1:${port}`, '/metrics'],
  ['host:port with a path', (port) => `127.0.0.1:${port}/a?b=c`, '/a?b=c'],
  ['a port', (port) => `${port}`, '/metrics'],
  [':port', (port) => `:${port}`, '/metrics'],
  ['a URL without a path', (port) => `http://127.0.0.1:${port}`, '/metrics'],
  ['a URL with the root as its path', (port) => `http://127.0.0.1:${port}/`, '/'],
  ['a URL with a query only', (port) => `http://127.0.0.1:${port}?a=b`, '/?a=b'],
  ['a URL with a path', (port) => `HTTP://127.0.0.1:${port}/a/b`, '/a/b'],
] as const satisfies readonly (readonly [string, (port: number) => string, string])[]) {
  test(`a server may be named by ${what}`, async (t) => {
    assert.equal(await requested(nameOf(await portOf(t, createServer(answerPath)))), path);
  });
}

for (const [what, uri, path] of [
  ['the path of its Unix socket', '', '/metrics'],
  ['the path of its Unix socket and a URI', ':/probe?target=x', '/probe?target=x'],
] as const) {
  test(`a server may be named by ${what}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'zeroprom-cli-'));
    t.after(() => rmSync(folder, { recursive: true }));
    await listening(t, createServer(answerPath), { path: join(folder, 'x.sock') });
    assert.equal(await requested(`unix:${folder}/x.sock${uri}`), path);
  });
}

test('a Unix socket without a server is an error that names it', async () => {
  assert.match(await requested('unix:/nowhere/x.sock'), /unix:\/nowhere\/x\.sock cannot be read: .*ENOENT/);
});

test('a server may listen on a port that browsers refuse', async (t) => {
  const server = createServer(answerPath);
  await listening(t, server, { host: '127.0.0.1', port: 10080 });
  assert.equal(await requested('127.0.0.1:10080'), '/metrics');
});

test('a file whose name is a number needs a path', async (t) => {
  const path = folderOf(t, { 9100: 'a 1\n' });
  assert.equal(await requested(path('9100')), '# TYPE a untyped\na 1\n');
});

for (const name of ['localhost', '127.0.0.1', '::1', 'node.example.com']) {
  test(`a host without a port is an error that says how to write it: ${name}`, async () => {
    assert.match(await requested(name), /A server is written with its port, as host:port, or as a URL\.\n$/);
  });
}

test('a port above 65535 is an error', async () => {
  assert.match(await requested('localhost:99999'), /"localhost:99999" is not a URL\./);
});

async function secureUrl(t: TestContext, options: object = {}): Promise<string> {
  const port = await portOf(t, createSecureServer({ ...server, ...options }, answerPath));
  return `https://localhost:${port}`;
}

test('a server of a private certificate authority is not trusted, and the error names the flags', async (t) => {
  const message = await requested(await secureUrl(t));
  assert.match(
    message,
    /certificate is signed by an unknown authority; name the authority with --ca-file, or .*--insecure\.\n$/,
  );
});

test('--ca-file trusts a certificate authority', async (t) => {
  assert.equal(await requested(trust, await secureUrl(t)), '/metrics');
});

test('--ca-file trusts no other certificate authorities', async (t) => {
  const message = await requested(`--ca-file=${FIXTURES}/ed25519.crt`, await secureUrl(t));
  assert.match(message, /signed by an unknown authority/);
});

test('--insecure accepts any certificate', async (t) => {
  assert.equal(await requested('--insecure', await secureUrl(t)), '/metrics');
});

const mutual = { requestCert: true, rejectUnauthorized: true, ca: fixture('ca.crt') };

test('--cert-file and --key-file authenticate with a client certificate', async (t) => {
  const client = [`--cert-file=${FIXTURES}/client.crt`, `--key-file=${FIXTURES}/client.key`];
  assert.equal(await requested(trust, ...client, await secureUrl(t, mutual)), '/metrics');
});

test('--cert-file may contain the key', async (t) => {
  const path = folderOf(t, { 'both.pem': Buffer.concat([fixture('client.crt'), fixture('client.key')]) });
  assert.equal(await requested(trust, `--cert-file=${path('both.pem')}`, await secureUrl(t, mutual)), '/metrics');
});

test('a server that requires a client certificate is an error that names the flags', async (t) => {
  assert.match(await requested(trust, await secureUrl(t, mutual)), /requires a client certificate; use --cert-file/);
});

test('a client certificate is not sent to a server that another redirects to', async (t) => {
  const client = [`--cert-file=${FIXTURES}/client.crt`, `--key-file=${FIXTURES}/client.key`];
  const seen: boolean[] = [];
  const watching = createSecureServer({ ...server, ...mutual, rejectUnauthorized: false }, (request, response) => {
    seen.push('authorized' in request.socket && request.socket.authorized === true);
    answerPath(request, response);
  });
  const watched = await portOf(t, watching);
  const to: RequestListener = (_, response) =>
    response.writeHead(302, { location: `https://localhost:${watched}/metrics` }).end();
  const first = await portOf(t, createSecureServer({ ...server, ...mutual }, to));
  assert.equal(await requested(trust, ...client, `https://localhost:${first}`), '/metrics');
  assert.deepEqual(seen, [false]);
});

test('https:// to a server without TLS is an error that says so', async (t) => {
  const port = await portOf(t, createServer(answerPath));
  assert.match(await requested(`https://127.0.0.1:${port}`), /the server does not speak TLS; use http:\/\/\.\n$/);
});

for (const [flag, file, message] of [
  ['ca-file', 'server.key', /--ca-file .*server\.key: must contain a certificate in PEM, got none\.\n$/],
  ['ca-file', 'missing.pem', /--ca-file .*missing\.pem: ENOENT/],
  ['cert-file', 'server.key', /--cert-file .*server\.key: must contain a certificate in PEM/],
  ['key-file', 'server.key', /--key-file requires --cert-file/],
] as const) {
  test(`--${flag} with ${file} is an error`, async () => {
    assert.match(await requested(`--${flag}=${FIXTURES}/${file}`, 'https://localhost:1'), message);
  });
}

test('http:// to a server with TLS is an error', async (t) => {
  const url = await secureUrl(t);
  assert.match(
    await requested(url.replace('https', 'http')),
    /the server closed the connection without a response\.\n$/,
  );
});
