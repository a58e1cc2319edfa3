import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { startExample } from '../child.ts';

const FAMILIES = [
  '# HELP example_number Example Gauge',
  '# TYPE example_number gauge',
  'example_number\\{fuga="fugafuga"\\} (-?0\\.\\d+|-?\\d\\.?\\d*e-\\d+)',
  '# HELP example_total Example Counter',
  '# TYPE example_total counter',
  'example_total\\{hoge="hogehoge"\\} 1\n',
].join('\n');

test('the example exporter serves its two metrics, and metrics about itself', async (t) => {
  const example = startExample(t);
  const response = await fetch(await example.metricsUrl());
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.match(await response.text(), new RegExp(`\n${FAMILIES}# HELP`));
});

test('the example exporter serves only its two metrics if the others are disabled', async (t) => {
  const response = await fetch(await startExample(t, ['--web.disable-exporter-metrics']).metricsUrl());
  assert.match(await response.text(), new RegExp(`^${FAMILIES}$`));
});

test('the landing page links to metrics and health', async (t) => {
  const url = await startExample(t, ['--web.telemetry-path=/m']).metricsUrl();
  assert.match(url, /\/m$/);
  const page = await fetch(new URL('/', url));
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  const html = await page.text();
  assert.match(html, /<h1>example_exporter<\/h1>/);
  const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href);
  assert.deepEqual(links, ['./m', './-/healthy', './-/ready']);
  for (const link of links) assert.equal((await fetch(new URL(link, new URL('/', url)))).status, 200);
});

test('other paths are not found', async (t) => {
  const url = await startExample(t).metricsUrl();
  assert.equal((await fetch(new URL('/metrics2', url))).status, 404);
  assert.equal((await fetch(`${new URL('/', url).href}/evil.example/metrics`)).status, 404);
  assert.equal((await fetch(`${url}?name[]=x`)).status, 200);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} stops the exporter with exit code 0`, async (t) => {
    const example = startExample(t);
    await example.metricsUrl();
    example.process.kill(signal);
    assert.equal(await example.ended, 0);
    assert.match(example.stderr(), new RegExp(`msg=Stopping. signal=${signal}`));
  });
}

test('an idle connection does not delay the shutdown', async (t) => {
  const example = startExample(t);
  const { port } = new URL(await example.metricsUrl());
  const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  example.process.kill('SIGTERM');
  assert.equal(await example.ended, 0);
});

test('a port in use ends the program with one line and exit code 1', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  // A server that listens on a port has such an address.
  const { port } = other.address() as AddressInfo;
  const example = startExample(t, [`--web.listen-address=127.0.0.1:${port}`]);
  assert.equal(await example.ended, 1);
  assert.match(
    example.stderr(),
    /^example_exporter: error: cannot listen on 127\.0\.0\.1:\d+: the address is in use; .*--web\.listen-address\n$/,
  );
});

const mistakes: readonly [args: string[], message: string][] = [
  [['--web.listen-adress=:1'], 'unknown flag --web.listen-adress; did you mean --web.listen-address?'],
  [
    ['--web.telemetry-path=metrics'],
    '--web.telemetry-path: must start with / and have no query, fragment, backslash, space or control character, got "metrics".',
  ],
  [['--log.level=loud'], '--log.level: must be one of debug, info, warn, error, got "loud".'],
  [['--log.format=xml'], '--log.format: must be one of logfmt, json, got "xml".'],
  [['serve'], 'unknown command serve; must be healthcheck or hash-password.'],
];

for (const [args, message] of mistakes) {
  test(`a usage error is one line and exit code 1: ${args.join(' ')}`, async (t) => {
    const example = startExample(t, args);
    assert.equal(await example.ended, 1);
    assert.equal(example.stderr(), `example_exporter: error: ${message} See --help.\n`);
  });
}

test('an invalid interval is reported with its flag', async (t) => {
  const example = startExample(t, ['--example.count-interval=soon']);
  assert.equal(await example.ended, 1);
  assert.match(example.stderr(), /^example_exporter: error: --example\.count-interval: .*'soon'.*\n$/);
});

test('--version prints the version, the library and the platform', async (t) => {
  const example = startExample(t, ['--version']);
  assert.equal(await example.ended, 0);
  assert.match(example.stdout(), /^example_exporter, version \d+\.\d+\.\d+ \(zeroprom \d+\.\d+\.\d+, node v\d.*\)\n$/);
});

test('--help lists the flags and the commands', async (t) => {
  const example = startExample(t, ['--help']);
  assert.equal(await example.ended, 0);
  for (const flag of [
    'web.listen-address=:2112',
    'web.telemetry-path=/metrics',
    'log.level=info',
    'log.format=logfmt',
    'example.count-interval=30s',
    'example.random-interval=10s',
    'help',
    'version',
  ]) {
    assert.ok(example.stdout().includes(`  --${flag}`), flag);
  }
  assert.match(example.stdout(), /^ {2}healthcheck /m);
});

test('the log format can be JSON', async (t) => {
  const example = startExample(t, [], { EXAMPLE_EXPORTER_LOG_FORMAT: 'json' });
  const url = await example.metricsUrl();
  const last = example.stderr().trimEnd().split('\n').at(-1) ?? '';
  assert.equal(JSON.parse(last).url, url);
});

test('the exit code of healthcheck is 0 if the exporter is healthy, otherwise 1', async (t) => {
  const running = startExample(t);
  const address = new URL(await running.metricsUrl()).host;
  const check = startExample(t, ['healthcheck', `--web.listen-address=${address}`]);
  assert.equal(await check.ended, 0);
  assert.equal(check.stdout(), 'healthy\n');
  running.process.kill('SIGTERM');
  await running.ended;
  const again = startExample(t, ['healthcheck', `--web.listen-address=${address}`]);
  assert.equal(await again.ended, 1);
  assert.match(again.stderr(), /^example_exporter: error: unhealthy: .*ECONNREFUSED.*\n$/);
});
