import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CommandError } from '../../../src/command-line/usage-error.ts';
import { unhealthyReason } from '../../../src/exporter/healthcheck.ts';
import { inheritedSockets, listen } from '../../../src/exporter/server/listen.ts';
import { parseListenAddress, urlOf } from '../../../src/exporter/server/listen-address.ts';
import { rawGet } from '../../http/raw.ts';
import { startServer } from './exporter-server.ts';

const addresses: readonly [text: string, address: object, url: string][] = [
  [':2112', { port: 2112 }, 'http://127.0.0.1:2112'],
  ['0.0.0.0:1', { host: '0.0.0.0', port: 1 }, 'http://127.0.0.1:1'],
  ['localhost:65535', { host: 'localhost', port: 65535 }, 'http://localhost:65535'],
  ['[::1]:9100', { host: '::1', port: 9100 }, 'http://[::1]:9100'],
  ['[fe80::1%eth0]:9100', { host: 'fe80::1%eth0', port: 9100 }, 'http://[fe80::1%25eth0]:9100'],
  ['[fe80::1%eth0.100]:9100', { host: 'fe80::1%eth0.100', port: 9100 }, 'http://[fe80::1%25eth0.100]:9100'],
  ['[fe80::1%2]:9100', { host: 'fe80::1%2', port: 9100 }, 'http://[fe80::1%252]:9100'],
  ['[FE80::1%br-lan]:1', { host: 'FE80::1%br-lan', port: 1 }, 'http://[FE80::1%25br-lan]:1'],
  ['[::]:9100', { host: '::', port: 9100 }, 'http://[::1]:9100'],
];

for (const [text, address, url] of addresses) {
  test(`${text} is a listen address`, () => {
    assert.deepEqual(parseListenAddress(text), address);
    assert.equal(urlOf(parseListenAddress(text)), url);
  });
}

const BAD_ZONES = [
  '[::1%]:1',
  '[%lo]:1',
  '[::1%l o]:1',
  '[::1%a%b]:1',
  '[::1%a/b]:1',
  '[::1%a]b]:1',
  '127.0.0.1%lo:1/',
];

for (const text of ['', '2112', ':', ':65536', ':x', '::1:9100', 'http://x:1', ':2112 ', '[x]:1', ...BAD_ZONES]) {
  test(`${JSON.stringify(text)} is not a listen address`, () => {
    assert.throws(() => parseListenAddress(text), {
      name: 'RangeError',
      message: /^must be a listen address such as :2112/,
    });
  });
}

/** Returns the name of the loopback interface. */
const [loopback = 'lo'] =
  Object.entries(networkInterfaces()).find(([, infos = []]) => infos.some(({ address }) => address === '::1')) ?? [];

test('the health check reaches a server at an address with a zone', async (t) => {
  const { bound } = await startServer(t, { addresses: [parseListenAddress(`[::1%${loopback}]:0`)] });
  const [address] = bound;
  assert.ok(address !== undefined && 'port' in address);
  const url = `http://[::1]:${address.port}/metrics`;
  assert.equal((await rawGet(url)).status, 200);
  assert.equal(await unhealthyReason({ address, prefix: '', isTls: false }), undefined);
});

test('an unknown zone is reported in one line', async () => {
  const address = parseListenAddress('[fe80::1%none0]:0');
  await assert.rejects(listen(createServer(), address), {
    name: 'CommandError',
    message: /^cannot listen on fe80::1%none0:0: .*change --web\.listen-address$/,
  });
});

test('a port in use is reported in one line, with advice', async (t) => {
  const first = createServer();
  t.after(() => first.close());
  const bound = await listen(first, { host: '127.0.0.1', port: 0 });
  assert.ok('port' in bound);
  const { port } = bound;
  await assert.rejects(
    listen(createServer(), { host: '127.0.0.1', port }),
    new CommandError(
      `cannot listen on 127.0.0.1:${port}: the address is in use; stop the other process or change --web.listen-address`,
    ),
  );
});

for (const [text, address] of [
  ['unix:/run/x.sock', { path: '/run/x.sock' }],
  ['unix:/run/x.sock?mode=0660', { path: '/run/x.sock', mode: 0o660 }],
  ['unix:/run/x.sock?mode=600', { path: '/run/x.sock', mode: 0o600 }],
] as const) {
  test(`${text} is the address of a socket`, () => {
    assert.deepEqual(parseListenAddress(text), address);
    assert.equal(urlOf(parseListenAddress(text)), 'unix:/run/x.sock');
  });
}

for (const text of [
  'unix:',
  'unix:x',
  'unix:/x?mode=9',
  'unix:/x?mode=0660&y',
  'unix:/x\0y',
  `unix:/${'x'.repeat(107)}`,
]) {
  test(`${JSON.stringify(text.slice(0, 30))} is not the address of a socket`, () => {
    assert.throws(() => parseListenAddress(text), RangeError);
  });
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('a Unix socket has the given mode, and is removed with the server', async (t) => {
  const path = join(folder(t), 'x.sock');
  const server = createServer();
  await listen(server, { path, mode: 0o640 });
  assert.equal(statSync(path).mode & 0o777, 0o640);
  await new Promise((resolve) => server.close(resolve));
  assert.equal(existsSync(path), false);
});

test('a Unix socket in use is not replaced', async (t) => {
  const path = join(folder(t), 'x.sock');
  const first = createServer();
  t.after(() => first.close());
  await listen(first, { path });
  await assert.rejects(listen(createServer(), { path }), {
    name: 'CommandError',
    message: `cannot listen on unix:${path}: the address is in use; stop the other process or change --web.listen-address`,
  });
});

test('a Unix socket that was left behind is replaced', async (t) => {
  const path = join(folder(t), 'x.sock');
  const killed = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ]);
  await once(killed, 'close');
  assert.equal(existsSync(path), true);
  const server = createServer();
  t.after(() => server.close());
  await listen(server, { path });
});

test('a file that is not a socket is not replaced', async (t) => {
  const path = join(folder(t), 'precious');
  writeFileSync(path, 'text');
  await assert.rejects(listen(createServer(), { path }), { name: 'CommandError' });
  assert.equal(readFileSync(path, 'utf8'), 'text');
});

test('a missing directory is reported in one line', async (t) => {
  const path = join(folder(t), 'none/x.sock');
  await assert.rejects(listen(createServer(), { path }), {
    name: 'CommandError',
    message: /^cannot listen on unix:[^\n]*$/,
  });
});

for (const [address, reason] of [
  [{ host: '203.0.113.1', port: 0 }, 'this machine has no such address'],
  [{ host: 'no.such.host.invalid', port: 0 }, 'unknown host name'],
  [{ fd: 987 }, 'cannot listen on file descriptor 987'],
] as const) {
  test(`an address that cannot be used is reported in one line: ${JSON.stringify(address)}`, async () => {
    await assert.rejects(listen(createServer(), address), (error: Error) => {
      assert.equal(error.name, 'CommandError');
      assert.ok(error.message.includes(reason) || reason.includes('host name'), error.message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });
}

test('the sockets of systemd can be taken once', () => {
  const env = { LISTEN_PID: '5', LISTEN_FDS: '2', OTHER: 'x' };
  assert.deepEqual(inheritedSockets(env, 5), [{ fd: 3 }, { fd: 4 }]);
  assert.deepEqual(env, { OTHER: 'x' });
});

for (const [env, message] of [
  [{}, /no socket activation file descriptors found/],
  [{ LISTEN_FDS: '1' }, /no socket activation file descriptors found/],
  [{ LISTEN_PID: '5', LISTEN_FDS: '0' }, /no socket activation file descriptors found/],
  [{ LISTEN_PID: '5', LISTEN_FDS: '-1' }, /no socket activation file descriptors found/],
  [
    { LISTEN_PID: '6', LISTEN_FDS: '1' },
    /are for process 6, not for this process 5: ExecStart= must start node itself/,
  ],
] as const) {
  test(`missing sockets of systemd are reported: ${JSON.stringify(env)}`, () => {
    assert.throws(() => inheritedSockets({ ...env }, 5), { name: 'CommandError', message });
  });
}
