import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { suite, test } from 'node:test';
import { parsePrefix, parseTelemetryPath } from '../../../src/exporter/server/paths.ts';
import { start } from '../../child.ts';
import { rawGet } from '../../http/raw.ts';
import { EXPORTER } from '../programs/exporter-program.ts';
import { startServer } from './exporter-server.ts';

/** Returns the response to a GET of a path, which is sent unchanged. */
async function get(port: number, path: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return await text(socket);
}

const equivalent: readonly [flag: string, paths: readonly string[], others: readonly string[]][] = [
  [
    '/metrics',
    ['/metrics', '/%6Detrics', '/%6d%65trics', '/metrics?x=%2F', 'http://h/metrics'],
    ['/Metrics', '//metrics'],
  ],
  ['/métriques', ['/m%C3%A9triques', '/m%c3%a9tri%71ues'], ['/metriques', '/m%E9triques', '/m%C3triques']],
  ['/m%C3%A9triques', ['/m%C3%A9triques', '/m%c3%a9triques'], ['/m%25C3%25A9triques']],
  ['/メトリクス', ['/%E3%83%A1%E3%83%88%E3%83%AA%E3%82%AF%E3%82%B9'], []],
  ['/📈', ['/%F0%9F%93%88'], []],
  ['/a%20b', ['/a%20b'], ['/a+b', '/a']],
  ['/{a}|"b"', ['/{a}|"b"', '/%7Ba%7D%7C%22b%22', '/%7ba}|%22b"'], []],
  ['/a%2Fb', ['/a%2Fb', '/a%2fb'], ['/a/b', '/a%252Fb']],
  ['/a%252Fb', ['/a%252Fb', '/%61%252Fb'], ['/a%2Fb', '/a/b']],
  ['/100%', ['/100%', '/100%25'], ['/100', '/100%2525']],
  ['/a/../b', ['/b'], ['/a/b']],
  ['/a/./b/', ['/a/b/'], ['/a/b']],
  ['//metrics', ['//metrics'], ['/metrics', '/%2Fmetrics']],
  ['/-/metrics', ['/-/metrics', '/%2D/metrics'], []],
];

for (const [flag, paths, others] of equivalent) {
  test(`--web.telemetry-path=${flag} is reached in every spelling, and only there`, async (t) => {
    const { port } = await startServer(t, { telemetryPath: parseTelemetryPath(flag) });
    for (const path of paths) assert.match(await get(port, path), /^HTTP\/1\.1 200 [\s\S]*^g 1$/m, path);
    for (const path of others) assert.match(await get(port, path), /^HTTP\/1\.1 40[04] /, path);
  });
}

for (const flag of [
  '/',
  '/favicon.ico',
  '/-/healthy',
  '/-/ready',
  '/-/reload',
  '/-/quit',
  '/%2D/healthy',
  '/-/%68ealthy',
  '/a/../-/healthy',
  '/./',
  '/a/..',
  '/%66avicon.ico',
]) {
  test(`--web.telemetry-path=${flag} is reserved`, () => {
    assert.throws(() => parseTelemetryPath(flag), {
      name: 'RangeError',
      message: /^must not be a path of the exporter itself/,
    });
  });
}

for (const flag of [
  '',
  'metrics',
  '/a b',
  '/a?b',
  '/a#b',
  '/a\\b',
  '/a\tb',
  '/a\0',
  '/a\x7f',
  '/a\x85',
  'http://h/metrics',
]) {
  test(`--web.telemetry-path=${JSON.stringify(flag)} is not a path`, () => {
    assert.throws(() => parseTelemetryPath(flag), { name: 'RangeError', message: /^must start with \// });
  });
}

for (const [flag, prefix] of [
  ['', ''],
  ['/', ''],
  ['/exporter', '/exporter'],
  ['/exporter/', '/exporter'],
  ['/a/b//', '/a/b'],
  ['/préfixe', '/pr%C3%A9fixe'],
  ['/a/../b', '/b'],
  ['/a%2F%2Fb', '/a%2F%2Fb'],
] as const) {
  test(`--web.route-prefix=${flag} is ${JSON.stringify(prefix)}`, () => {
    assert.equal(parsePrefix(flag), prefix);
  });
}

for (const flag of [
  '//host',
  '///host',
  '//host/path',
  '/a//b',
  '/.//host',
  '/a/..//host',
  '/%2e//host',
  '/\\host',
  '\\\\host',
  '/\t/host',
  '/\n/host',
  '/a\r\nSet-Cookie: b',
  '/\0',
  'host',
  'http://host',
  '/a?b',
  '/a#b',
  '/a b',
]) {
  test(`--web.route-prefix=${JSON.stringify(flag)} is not a prefix`, () => {
    assert.throws(() => parsePrefix(flag), {
      name: 'RangeError',
      message: /^must start with \/, have no \/\//,
    });
  });
}

test('a prefix with letters of any script is reached, and redirected to, in ASCII', async (t) => {
  const { port } = await startServer(t, {
    prefix: parsePrefix('/préfixe'),
    telemetryPath: parseTelemetryPath('/métriques'),
  });
  for (const path of ['/pr%C3%A9fixe/m%C3%A9triques', '/pr%c3%a9fixe/m%C3%A9triques', '/pr%C3%A9fixe/-/%68ealthy']) {
    assert.match(await get(port, path), /^HTTP\/1\.1 200 /, path);
  }
  for (const path of ['/', '/pr%C3%A9fixe']) {
    assert.match(await get(port, path), /^HTTP\/1\.1 302 [\s\S]*^Location: \/pr%C3%A9fixe\/\r$/m);
  }
  const page = await rawGet(`http://127.0.0.1:${port}/pr%C3%A9fixe/`);
  assert.match(page.body, /<a href="\.\/m%C3%A9triques">/);
});

test('public health is served in every spelling', async (t) => {
  const file = 'test/web-config/fixtures/users.good.yml';
  const { port } = await startServer(t, { file, isHealthPublic: true, prefix: '/p' });
  assert.match(await get(port, '/p/-/%68ealthy'), /^HTTP\/1\.1 200 /);
  assert.match(await get(port, '/p/%2D/ready'), /^HTTP\/1\.1 200 /);
  assert.match(await get(port, '/p/-%2Fhealthy'), /^HTTP\/1\.1 401 /);
});

suite('flags of an exporter', { concurrency: 3 }, () => {
  const run = (t: Parameters<typeof start>[0], ...args: string[]) =>
    start(t, process.execPath, [...EXPORTER, '--web.listen-address=127.0.0.1:0', ...args]);

  for (const [flag, message] of [
    ['--web.telemetry-path=/-/healthy', '--web.telemetry-path: must not be a path of the exporter itself'],
    ['--web.route-prefix=//evil.example', '--web.route-prefix: must start with /'],
    ['--web.external-url=https://example.com//evil.example', '--web.external-url: must start with /'],
    ['--web.external-url=https://example.com/\\evil.example', '--web.external-url: must start with /'],
  ] as const) {
    test(`${flag} is reported at the start`, async (t) => {
      const child = run(t, flag);
      assert.equal(await child.ended, 1);
      assert.match(child.stderr(), /^x_exporter: error: [^\n]*\n$/);
      assert.ok(child.stderr().includes(message), child.stderr());
    });
  }

  test('the logged URL can be requested', async (t) => {
    const child = run(t, '--web.telemetry-path=/métriques', '--web.external-url=https://example.com/é/');
    const url = await child.metricsUrl();
    assert.match(url, /\/%C3%A9\/m%C3%A9triques$/);
    assert.equal((await rawGet(url)).status, 200);
  });
});
