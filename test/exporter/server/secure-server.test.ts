import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { TokenBucket } from '../../../src/exporter/server/access-guard.ts';
import { handshakeOptions, isClientAllowed, namesOf } from '../../../src/exporter/server/secure-server.ts';
import { WebConfigFile } from '../../../src/web-config/web-config-file.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { rawGet } from '../../http/raw.ts';
import { sized } from '../../long.ts';
import { Log, QUICK, startServer } from './exporter-server.ts';

const FOLDER = 'test/web-config/fixtures';
const ca = readFileSync(`${FOLDER}/ca.crt`);
const pair = (name: string) => ({
  cert: readFileSync(`${FOLDER}/${name}.crt`),
  key: readFileSync(`${FOLDER}/${name}.key`),
});

/** Returns the status code of a GET over TLS; rejects if the handshake fails. */
async function status(port: number, options: RequestOptions = {}): Promise<number | undefined> {
  const asked = request({ port, host: '127.0.0.1', path: '/metrics', agent: false, ca, ...options });
  const [response] = await once(asked.end(), 'response');
  response.resume();
  return response.statusCode;
}

const NONE = {};
const clients: readonly [file: string, client: string, options: RequestOptions, expected: number | 'refused'][] = [
  ['tls', 'without a certificate', NONE, 200],
  ['tls-inline', 'without a certificate', NONE, 200],
  ['tls', 'with TLS 1.2', { maxVersion: 'TLSv1.2' }, 200],
  ['tls', 'with TLS 1.1', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }, 'refused'],
  ['tls12-max', 'with TLS 1.3 only', { minVersion: 'TLSv1.3' }, 'refused'],
  ['tls13-min', 'with TLS 1.2 only', { maxVersion: 'TLSv1.2' }, 'refused'],
  ['tls13-min', 'with TLS 1.3', NONE, 200],
  ['cipher-suites', 'with the cipher', { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }, 200],
  ['cipher-suites', 'with another cipher', { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }, 'refused'],
  ['curves', 'with the curve', { ecdhCurve: 'prime256v1' }, 200],
  ['curves-flow', 'with another curve', { ecdhCurve: 'X25519' }, 'refused'],
  ['http2', 'with HTTP/1.1', NONE, 200],
  ['client-none', 'with a certificate', pair('stranger'), 200],
  ['client-request', 'without a certificate', NONE, 200],
  ['client-request', 'with a self-signed certificate', pair('stranger'), 200],
  ['client-require-any', 'without a certificate', NONE, 'refused'],
  ['client-require-any', 'with a self-signed certificate', pair('stranger'), 200],
  ['client-require-legacy', 'without a certificate', NONE, 'refused'],
  ['client-require-legacy', 'with a self-signed certificate', pair('stranger'), 200],
  ['client-verify-if-given', 'without a certificate', NONE, 200],
  ['client-verify-if-given', 'with a certificate of the authority', pair('client'), 200],
  ['client-verify-if-given', 'with a self-signed certificate', pair('stranger'), 'refused'],
  ['client-verify', 'without a certificate', NONE, 'refused'],
  ['client-verify', 'without a certificate, by TLS 1.2', { maxVersion: 'TLSv1.2' }, 'refused'],
  ['client-verify', 'with a certificate of the authority', pair('client'), 200],
  ['client-verify', 'with a self-signed certificate', pair('stranger'), 'refused'],
  ['client-verify', 'with a certificate that has expired', pair('expired'), 'refused'],
  ['client-sans', 'with the name', pair('client'), 200],
  ['client-sans', 'with a trusted certificate of another name', pair('server'), 'refused'],
  ['client-sans-ip', 'with the address in another spelling', pair('client'), 200],
  ['client-sans-uri', 'with the URI', pair('client'), 200],
  ['client-verify-bundle', 'with a certificate of an authority in a bundle', pair('client'), 200],
  ['client-verify-bundle', 'with a self-signed certificate', pair('stranger'), 'refused'],
  ['combined', 'without a certificate', NONE, 200],
  ['rsa', 'that trusts it', { ca: pair('rsa').cert }, 200],
  ['ed25519', 'that trusts it', { ca: pair('ed25519').cert }, 200],
  ['expired', 'that does not check it', { rejectUnauthorized: false }, 200],
  ['client-sans-other', 'with a name that is only a part of it', pair('client'), 'refused'],
];

for (const [file, client, options, expected] of clients) {
  test(`${file}: a client ${client} is ${expected === 200 ? 'served' : 'rejected'}`, async (t) => {
    const { port } = await startServer(t, { file: `${FOLDER}/${file}.good.yml` });
    if (expected === 'refused') await assert.rejects(status(port, options));
    else assert.equal(await status(port, options), expected);
  });
}

test('no HTTP is read from a rejected client', async (t) => {
  const { port, registry } = await startServer(t, { file: `${FOLDER}/client-require-any.good.yml` });
  let asked = 0;
  registry.register({ name: 'asked', collect: () => [].slice(0, asked++) });
  const socket = connectTls({ port, host: '127.0.0.1', ca });
  socket.on('error', () => {}).resume();
  socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  assert.equal(asked, 0);
});

test('a client that does not complete its handshake is dropped, and does not lock out others', async (t) => {
  const { port } = await startServer(t, { file: `${FOLDER}/tls.good.yml`, limits: QUICK });
  const sockets = ['', '\x16\x03\x01', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'].map((bytes) => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write(Buffer.from(bytes, 'latin1'));
    return socket.resume();
  });
  const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
  assert.equal(await status(port), 200);
  await closed;
});

test('a client that renegotiates repeatedly is dropped', async (t) => {
  const { port } = await startServer(t, { file: `${FOLDER}/tls.good.yml` });
  const socket = connectTls({ port, host: '127.0.0.1', ca, maxVersion: 'TLSv1.2' });
  await once(socket, 'secureConnect');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {}).resume();
  const again = () => void (socket.destroyed || socket.renegotiate({}, () => setImmediate(again)));
  again();
  await closed;
  assert.equal(await status(port), 200);
});

test(`${sized(200, 1000)} reloads of certificates do not increase the memory`, async (t) => {
  const folder = copied(t);
  const { webConfig, port } = await startServer(t, { file: join(folder, 'tls.good.yml') });
  assert.ok(webConfig);
  const reload = async (count: number) => {
    for (let index = 0; index < count; index++) await webConfig.reload();
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / 2 ** 20;
  };
  const before = await reload(200);
  const after = await reload(sized(200, 1000));
  assert.equal(await status(port), 200);
  assert.ok(after - before < 2, `${after - before} MB more`);
});

test('the names of a certificate are parsed individually, even if quoted', () => {
  const names = namesOf({
    subjectAltName: 'DNS:a, DNS:"b, DNS:c", IP Address:0:0:0:0:0:0:0:1, email:x@y, URI:spiffe://z',
  });
  assert.deepEqual(names, ['a', 'b, DNS:c', '[::1]', 'x@y', 'spiffe://z']);
  assert.deepEqual(
    namesOf({ subjectAltName: undefined as unknown as string }) /* as Node has it where there are none */,
    [],
  );
});

test('Node.js checks some policies, and the server the others', () => {
  const options = { context: {}, allowedSans: [], warnings: [] };
  const none = { getPeerX509Certificate: () => undefined, authorized: false } as unknown as TLSSocket; // Only the properties that are used.
  for (const [clientAuth, requestCert, isAllowed] of [
    ['NoClientCert', false, true],
    ['RequestClientCert', true, true],
    ['RequireAnyClientCert', true, false],
    ['VerifyClientCertIfGiven', true, true],
    ['RequireAndVerifyClientCert', true, false],
  ] as const) {
    assert.equal(handshakeOptions({ ...options, clientAuth }).requestCert, requestCert);
    assert.equal(isClientAllowed(none, { ...options, clientAuth }), isAllowed);
  }
});

const basic = (user: string, password: string): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

for (const [user, password, expected] of [
  ['alice', 'alice-pass', 200],
  ['bob', 'bob-pass', 200],
  ['dora', 'dora-pass', 200],
  ['alice', 'bob-pass', 401],
  ['bob', '', 401],
  ['eve', 'alice-pass', 401],
  ['', '', 401],
] as const) {
  test(`${user || 'no user'} with ${password || 'no password'} gets ${expected}`, async (t) => {
    const { port } = await startServer(t, { file: `${FOLDER}/users.good.yml` });
    const answer = await rawGet(`http://127.0.0.1:${port}/metrics`, basic(user, password));
    assert.equal(answer.status, expected);
    assert.equal(answer.headers['www-authenticate'], expected === 401 ? 'Basic' : undefined);
    if (expected === 401) assert.equal(answer.body, 'Unauthorized\n');
  });
}

for (const path of ['/', '/metrics', '/-/healthy', '/-/ready', '/-/reload', '/favicon.ico', '/none']) {
  test(`${path} requires a password if there are users`, async (t) => {
    const { port } = await startServer(t, { file: `${FOLDER}/users.good.yml` });
    assert.equal((await rawGet(`http://127.0.0.1:${port}${path}`)).status, 401);
  });
}

test('health and readiness can be public, and nothing else', async (t) => {
  const { port } = await startServer(t, { file: `${FOLDER}/users.good.yml`, isHealthPublic: true });
  for (const [path, expected] of [
    ['/-/healthy', 200],
    ['/-/ready', 200],
    ['/-/healthy/../../metrics', 401],
    ['/metrics', 401],
  ] as const) {
    assert.equal((await rawGet(`http://127.0.0.1:${port}`, {}, { path })).status, expected);
  }
});

test('configured headers are in every response, including status 401', async (t) => {
  const { port } = await startServer(t, { file: `${FOLDER}/users-and-headers.good.yml` });
  for (const headers of [{}, basic('alice', 'alice-pass')]) {
    assert.equal((await rawGet(`http://127.0.0.1:${port}/metrics`, headers)).headers['x-frame-options'], 'sameorigin');
  }
});

test('a configured policy replaces the default one', async (t) => {
  const { port } = await startServer(t, { file: `${FOLDER}/headers.good.yml` });
  const { headers } = await rawGet(`http://127.0.0.1:${port}/`);
  assert.equal(headers['content-security-policy'], "default-src 'self'");
  assert.equal(headers['strict-transport-security'], 'max-age=31536000');
});

test('beyond the rate limit all clients get 429, before passwords are checked', async (t) => {
  const { port } = await startServer(t, { file: `${FOLDER}/rate-limit-and-users.good.yml` });
  assert.equal((await rawGet(`http://127.0.0.1:${port}/metrics`)).status, 401);
  const {
    status: limited,
    headers,
    body,
  } = await rawGet(`http://127.0.0.1:${port}/metrics`, basic('alice', 'alice-pass'));
  assert.equal(limited, 429);
  assert.equal(body, 'Too Many Requests\n');
  assert.ok(Number(headers['retry-after']) > 3000);
});

test('an interval of 0 disables the rate limit', async (t) => {
  const { port } = await startServer(t, { file: `${FOLDER}/rate-limit-off.good.yml` });
  for (let count = 0; count < 5; count++) assert.equal((await rawGet(`http://127.0.0.1:${port}/metrics`)).status, 200);
});

test('the bucket refills over time, up to the burst, and loses nothing if no time has passed', () => {
  let now = 0;
  const bucket = new TokenBucket({ intervalMs: 1000, burst: 2 }, () => now);
  const take = () => [bucket.take(), bucket.take(), bucket.take()];
  assert.deepEqual(take(), [true, true, false]);
  now = 1500;
  assert.deepEqual(take(), [true, false, false]);
  assert.equal(bucket.retryAfter, 1);
  now = 1_000_000;
  assert.deepEqual(take(), [true, true, false]);
});

function emptied(file: string): string {
  rmSync(file);
  return file;
}

/** Copies the fixtures, so that a test can change them. */
function copied(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(FOLDER, folder, { recursive: true });
  return folder;
}

async function serverCertificate(port: number): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', ca });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

test('a new certificate is used without a restart, and an invalid one is not', async (t) => {
  const folder = copied(t);
  const { port, webConfig, log } = await startServer(t, { file: join(folder, 'tls.good.yml') });
  assert.ok(webConfig);
  assert.equal(await serverCertificate(port), 'server');
  for (const kind of ['crt', 'key']) cpSync(`${FOLDER}/server2.${kind}`, join(folder, `server.${kind}`));
  await webConfig.refreshNow();
  assert.equal(await serverCertificate(port), 'server2');
  writeFileSync(join(folder, 'server.crt'), '-----BEGIN CERTIFICATE-----\nhalf of it');
  await webConfig.refreshNow();
  assert.equal(await serverCertificate(port), 'server2');
  assert.equal(webConfig.isLastReloadGood, false);
  cpSync(`${FOLDER}/server2.crt`, join(folder, 'server.crt'));
  await webConfig.refreshNow();
  assert.equal(webConfig.isLastReloadGood, true);
  assert.deepEqual(
    log.lines.map((line) => line.split(' ')[0]),
    ['info', 'error', 'info'],
  );
});

test('the allowed clients change without a restart', async (t) => {
  const folder = copied(t);
  const file = join(folder, 'tls.good.yml');
  const { port, webConfig } = await startServer(t, { file });
  assert.equal(await status(port), 200);
  cpSync(join(folder, 'client-verify.good.yml'), file);
  await webConfig?.refreshNow();
  await assert.rejects(status(port));
  assert.equal(await status(port, pair('client')), 200);
});

for (const [what, change] of [
  ['half written', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 25))],
  ['deleted', (file: string) => rmSync(file)],
  ['replaced by a folder', (file: string) => cpSync(FOLDER, emptied(file), { recursive: true })],
  ['changed to speak TLS', (file: string) => cpSync(`${FOLDER}/tls.good.yml`, file)],
] as const) {
  test(`a configuration that was ${what} leaves the last good one in use, and is logged once`, async (t) => {
    const folder = copied(t);
    const file = join(folder, 'users.good.yml');
    const { port, webConfig, log } = await startServer(t, { file });
    assert.ok(webConfig);
    change(file);
    for (let count = 0; count < 3; count++) await webConfig.refreshNow();
    assert.equal(webConfig.isLastReloadGood, false);
    assert.equal(log.lines.length, 1);
    const answer = await rawGet(`http://127.0.0.1:${port}/metrics`, basic('alice', 'alice-pass'));
    assert.equal(answer.status, 200);
    await assert.rejects(webConfig.reload());
  });
}

test('an unchanged configuration is not reloaded', async (t) => {
  const { webConfig, log } = await startServer(t, { file: `${FOLDER}/users.good.yml` });
  assert.ok(webConfig);
  const before = webConfig.current;
  await webConfig.refreshNow();
  assert.equal(webConfig.current, before);
  assert.deepEqual(log.lines, []);
});

test('a directory that is replaced behind a symbolic link is detected', async (t) => {
  const folder = copied(t);
  const link = join(folder, '..data');
  symlinkSync(join(folder, 'headers.good.yml'), link);
  const log = new Log();
  const config = await WebConfigFile.load(link, log);
  t.after(() => config.close());
  symlinkSync(join(folder, 'users-and-headers.good.yml'), `${link}.new`);
  renameSync(`${link}.new`, link);
  await config.refreshNow();
  assert.equal(config.current.config.users.size, 1);
});

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`a client whose authority is replaced cannot resume its session: ${maxVersion}`, async (t) => {
    const folder = copied(t);
    const { port, webConfig } = await startServer(t, { file: join(folder, 'client-verify.good.yml') });
    const client = { port, host: '127.0.0.1', ca, maxVersion, ...pair('client') };
    const first = connectTls(client);
    const tickets = once(first, 'session');
    first.write('GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const [session] = await tickets;
    first.on('error', () => {}).destroy();
    const again = await sessionStatus({ ...client, session });
    assert.deepEqual(again, { isReused: true, status: '200' });
    cpSync(`${FOLDER}/stranger.crt`, join(folder, 'ca.crt'));
    await webConfig?.refreshNow();
    assert.equal((await sessionStatus({ ...client, session })).status, undefined);
    assert.equal(await status(port, pair('stranger')), 200);
  });
}

/** Returns whether a session was resumed, and the status code of a request, if any. */
async function sessionStatus(options: ConnectionOptions): Promise<{ isReused: boolean; status: string | undefined }> {
  const socket = connectTls(options).on('error', () => {});
  socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  let isReused = false;
  socket.once('secureConnect', () => {
    isReused = socket.isSessionReused();
  });
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return { isReused, status: /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] };
}
