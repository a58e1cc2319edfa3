/** Access to lifecycle requests. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type NetConnectOpts } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { exporterFlags } from '../../../src/exporter/exporter-flags.ts';
import { start } from '../../child.ts';
import { EXPORTER } from '../programs/exporter-program.ts';
import { startServer } from './exporter-server.ts';

const ALLOWED = ['exporter.example.com', 'xn--bcher-kva.example'];

/** Starts an exporter that counts lifecycle requests. */
async function started(t: TestContext, options: Parameters<typeof startServer>[1] = {}) {
  const calls: string[] = [];
  const { port, bound } = await startServer(t, {
    isLifecycleEnabled: true,
    allowedHosts: ALLOWED,
    quit: () => calls.push('/-/quit'),
    reload: async () => void calls.push('/-/reload'),
    ...options,
  });
  return { port, bound, calls };
}

/** Returns the status code of a raw request. */
async function statusOf(target: NetConnectOpts, bytes: string): Promise<number> {
  const socket = connect(target);
  socket.write(bytes);
  const answer = await text(socket);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

const quit = (headers: string, target = '/-/quit', version = '1.1') =>
  `POST ${target} HTTP/${version}\r\n${headers}Connection: close\r\n\r\n`;

const machine = hostname();
const hosts: readonly [host: string, isAllowed: boolean][] = [
  ['127.0.0.1', true],
  ['127.0.0.1:9100', true],
  ['192.0.2.7:80', true],
  ['[::1]', true],
  ['[::1]:9100', true],
  ['[2001:DB8::1]:9100', true],
  ['[fe80::1%eth0]:9100', true],
  ['[::ffff:127.0.0.1]', true],
  ['localhost', true],
  ['localhost:9100', true],
  ['localhost:', true],
  ['LocalHost:9100', true],
  ['localhost.', true],
  ['localhost.:9100', true],
  [machine, true],
  [`${machine.toUpperCase()}:9100`, true],
  [`${machine}.`, true],
  ['exporter.example.com', true],
  ['Exporter.Example.COM.:9100', true],
  ['xn--bcher-kva.example', true],
  ['evil.example', false],
  ['evil.example:9100', false],
  [`${machine}.evil.example`, false],
  ['localhost.evil.example', false],
  ['evil.localhost', false],
  ['127.0.0.1.evil.example', false],
  ['sub.exporter.example.com', false],
  ['exporter.example.com.evil.example', false],
  ['exporter.example.com..', false],
  ['localhost..', false],
  ['127.0.0.1@evil.example', false],
  ['evil.example@127.0.0.1', false],
  ['user:password@localhost', false],
  ['localhost/', false],
  ['localhost?', false],
  ['localhost#', false],
  ['localhost\\', false],
  ['localhost, evil.example', false],
  ['localhost evil.example', false],
  ['localhost:x', false],
  ['localhost:9100:9100', false],
  ['::1', false],
  ['[::1', false],
  ['[localhost]', false],
  ['[127.0.0.1]', false],
  ['[::1]evil.example', false],
  ['127.1', false],
  ['', false],
  [':9100', false],
  ['.', false],
];

for (const [host, isAllowed] of hosts) {
  test(`a lifecycle request for the host ${JSON.stringify(host)} is ${isAllowed ? 'accepted' : 'refused'}`, async (t) => {
    const { port, calls } = await started(t);
    const target = { port, host: '127.0.0.1' };
    assert.equal(await statusOf(target, quit(`Host: ${host}\r\n`)), isAllowed ? 200 : 403);
    assert.equal(await statusOf(target, quit(`Host: ${host}\r\n`, '/-/reload')), isAllowed ? 200 : 403);
    assert.deepEqual(calls, isAllowed ? ['/-/quit', '/-/reload'] : []);
  });
}

const requests: readonly [what: string, bytes: string, status: number][] = [
  ['no host', quit(''), 400],
  ['no host, by HTTP/1.0', quit('', '/-/quit', '1.0'), 403],
  ['a host, by HTTP/1.0', quit('Host: localhost\r\n', '/-/quit', '1.0'), 200],
  ['two hosts', quit('Host: localhost\r\nHost: evil.example\r\n'), 403],
  ['two hosts, the other way round', quit('Host: evil.example\r\nHost: localhost\r\n'), 403],
  ['the same host twice', quit('Host: localhost\r\nHost: localhost\r\n'), 403],
  ['a host that is forwarded', quit('Host: evil.example\r\nX-Forwarded-Host: localhost\r\n'), 403],
  ['another host that is forwarded', quit('Host: localhost\r\nX-Forwarded-Host: evil.example\r\n'), 200],
  ['another host in Forwarded', quit('Host: evil.example\r\nForwarded: host=localhost\r\n'), 403],
  ['a whole URL', quit('Host: localhost\r\n', 'http://localhost:9100/-/quit'), 200],
  ['a whole URL of another host', quit('Host: localhost\r\n', 'http://evil.example/-/quit'), 403],
  ['a whole URL, and another host', quit('Host: evil.example\r\n', 'http://localhost/-/quit'), 403],
  ['a whole URL with a user', quit('Host: localhost\r\n', 'http://localhost@evil.example/-/quit'), 403],
  ['a whole URL in capitals', quit('Host: localhost\r\n', 'HTTP://EVIL.EXAMPLE/-/quit'), 403],
  ...(
    [
      ['localhost:9100', 'http://localhost:9100', 200],
      ['localhost:9100', 'HTTP://LOCALHOST:9100', 200],
      ['localhost:9100', 'https://localhost:9100', 200],
      ['localhost', 'http://localhost', 200],
      ['localhost:80', 'http://localhost', 200],
      ['localhost', 'https://localhost:443', 200],
      ['[::1]:9100', 'http://[::1]:9100', 200],
      ['[0:0:0:0:0:0:0:1]:9100', 'http://[::1]:9100', 200],
      ['exporter.example.com', 'https://exporter.example.com', 200],
      ['localhost:9100', 'null', 403],
      ['localhost:9100', '', 403],
      ['localhost:9100', 'http://localhost', 403],
      ['localhost:9100', 'http://localhost:9101', 403],
      ['localhost:9100', 'http://127.0.0.1:9100', 403],
      ['127.0.0.1:9100', 'http://localhost:9100', 403],
      ['localhost:9100', 'http://evil.example:9100', 403],
      ['localhost:9100', 'http://localhost.evil.example:9100', 403],
      ['localhost:9100', 'http://localhost:9100.evil.example', 403],
      ['localhost:9100', 'http://user@localhost:9100', 403],
      ['localhost:9100', 'http://localhost:9100/', 403],
      ['localhost:9100', 'http://localhost:9100 http://evil.example', 403],
      ['localhost:9100', 'localhost:9100', 403],
      ['localhost:9100', 'file://', 403],
      ['localhost:9100', 'chrome-extension://abc', 403],
      ['evil.example', 'http://evil.example', 403],
    ] as const
  ).map(([host, origin, status]): [string, string, number] => [
    `the origin ${JSON.stringify(origin)} to the host ${host}`,
    quit(`Host: ${host}\r\nOrigin: ${origin}\r\n`),
    status,
  ]),
  ['two origins', quit('Host: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example\r\n'), 403],
  ...(
    [
      ['none', 200],
      ['same-origin', 200],
      ['same-site', 403],
      ['cross-site', 403],
      ['', 403],
      ['none, cross-site', 403],
      ['something-new', 403],
    ] as const
  ).map(([site, status]): [string, string, number] => [
    `Sec-Fetch-Site: ${JSON.stringify(site)}`,
    quit(`Host: localhost\r\nSec-Fetch-Site: ${site}\r\n`),
    status,
  ]),
  [
    'the right site and the wrong origin',
    quit('Host: localhost\r\nSec-Fetch-Site: same-origin\r\nOrigin: http://evil.example\r\n'),
    403,
  ],
];

for (const [what, bytes, status] of requests) {
  test(`a lifecycle request with ${what} gets ${status}`, async (t) => {
    const { port, calls } = await started(t);
    assert.equal(await statusOf({ port, host: '127.0.0.1' }, bytes), status);
    assert.deepEqual(calls, status === 200 ? ['/-/quit'] : []);
  });
}

test('hosts are checked on a Unix socket too', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'x.sock');
  const { calls } = await started(t, { addresses: [{ path }] });
  assert.equal(await statusOf({ path }, quit('Host: localhost\r\n')), 200);
  assert.equal(await statusOf({ path }, quit('Host: evil.example\r\n')), 403);
  assert.equal(calls.length, 1);
});

test('all other paths accept any host', async (t) => {
  const { port } = await started(t);
  const bytes = 'GET /metrics HTTP/1.1\r\nHost: evil.example\r\nOrigin: null\r\nConnection: close\r\n\r\n';
  assert.equal(await statusOf({ port, host: '127.0.0.1' }, bytes), 200);
});

test('additional hosts come from flags and the environment', async (t) => {
  const args = [...EXPORTER, '--web.listen-address=127.0.0.1:0', '--web.enable-lifecycle'];
  const flags = ['--web.allowed-host=a.example', '--web.allowed-host=B.example'];
  const asked = async (more: readonly string[], env: NodeJS.ProcessEnv, host: string) => {
    const url = new URL(await start(t, process.execPath, [...args, ...more], env).metricsUrl());
    return await statusOf({ port: Number(url.port), host: '127.0.0.1' }, quit(`Host: ${host}\r\n`, '/-/reload'));
  };
  assert.equal(await asked(flags, {}, 'b.example'), 200);
  assert.equal(await asked(flags, {}, 'c.example'), 403);
  assert.equal(await asked([], { X_EXPORTER_WEB_ALLOWED_HOST: 'a.example, c.example' }, 'c.example'), 200);
  assert.equal(await asked([], { X_EXPORTER_WEB_ALLOWED_HOST: '' }, 'a.example'), 403);
});

const { parse } = exporterFlags(0)['web.allowed-host'];

for (const [name, expected] of [
  ['Exporter.Example.com', 'exporter.example.com'],
  ['exporter.example.com.', 'exporter.example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['exporter', 'exporter'],
  ['exporter_1.monitoring.svc', 'exporter_1.monitoring.svc'],
] as const) {
  test(`--web.allowed-host=${name} is ${expected}`, () => {
    assert.equal(parse(name), expected);
  });
}

for (const name of [
  '',
  '.',
  'a:9100',
  'http://a',
  'a/b',
  'a b',
  'user@a',
  '*',
  '*.a',
  'a,b',
  '[::1]',
  'a?',
  'a#',
  'a%2fb',
]) {
  test(`--web.allowed-host=${name} is invalid`, () => {
    assert.throws(() => parse(name), { name: 'RangeError', message: /^must be a host name without/ });
  });
}
