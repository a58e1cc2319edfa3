/** The example of an exporter, with a real Redis server that runs, has stopped or hangs, and with the alert in Prometheus. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Child, start } from '../child.ts';
import { freePort } from '../free-port.ts';
import { needs, runInstalled } from '../installed-programs.ts';
import { Prometheus, until } from './prometheus.ts';

const FOLDER = join(import.meta.dirname, '../../examples/redis-exporter');
const RULES = 'examples/redis-exporter/alerts.yml';

test('redis_up is 0 and the alert fires while the server is stopped or hangs', {
  ...needs('prometheus', 'redis-server'),
}, async (t) => {
  const port = await freePort();
  const url = await exporterOf(t, port, ['--redis.timeout=500ms']).metricsUrl();
  const prometheus = await Prometheus.start(t, {
    target: new URL(url).host,
    interval: '2s',
    rules: await rulesWithoutDelay(t),
  });
  const isFiring = async (): Promise<boolean> =>
    (await prometheus.value('ALERTS{alertname="RedisDown", alertstate="firing"}')) === 1;
  const becomes = async (up: number): Promise<void> => {
    await until(`redis_up is ${up}`, async () => (await prometheus.value('redis_up')) === up);
    await until(`the alert is ${up ? 'resolved' : 'firing'}`, async () => (await isFiring()) === (up === 0));
  };

  const redis = await startRedis(t, port);
  await becomes(1);
  redis.process.kill('SIGSTOP');
  await becomes(0);
  redis.process.kill('SIGCONT');
  await becomes(1);
  redis.process.kill('SIGTERM');
  await redis.ended;
  await becomes(0);
  await startRedis(t, port);
  await becomes(1);

  const scrapes = await prometheus.samples('up');
  assert.deepEqual(new Set(scrapes.flatMap(({ values }) => values.map(([, up]) => up))), new Set([1]));
});

test('a scrape of a server that hangs ends before its deadline', needs('redis-server'), async (t) => {
  const port = await freePort();
  const redis = await startRedis(t, port);
  const url = await exporterOf(t, port).metricsUrl();
  assert.match(await scrape(url), /^redis_instance_info\{version="[\d.]+",mode="standalone",role="master"\} 1$/m);
  redis.process.kill('SIGSTOP');
  const text = await scrape(url);
  assert.match(text, /^redis_up 0$/m);
  assert.doesNotMatch(text, /^redis_uptime_seconds /m);
  assert.match(text, /^redis_exporter_build_info/m);
});

test('the password is read again on SIGHUP', needs('redis-server'), async (t) => {
  const folder = await newFolder(t);
  const file = join(folder, 'password');
  await writeFile(file, 'wrong\n');
  const port = await freePort();
  await startRedis(t, port, ['--requirepass', 'correct horse']);
  const exporter = exporterOf(t, port, [`--redis.password-file=${file}`]);
  const url = await exporter.metricsUrl();
  assert.match(await scrape(url), /^redis_up 0$/m);
  await exporter.says(/WRONGPASS/);
  await writeFile(file, 'correct horse\n');
  exporter.process.kill('SIGHUP');
  await until('the new password is used', async () => /^redis_up 1$/m.test(await scrape(url)));
});

test('a server that does not speak the protocol of Redis is down', async (t) => {
  const port = await freePort();
  const server = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  server.listen(port, '127.0.0.1');
  t.after(() => server.close());
  const exporter = exporterOf(t, port);
  assert.match(await scrape(await exporter.metricsUrl()), /^redis_up 0$/m);
  await exporter.says(/The server does not speak the protocol of Redis\./);
});

test('--config.check names a password file that cannot be read', async (t) => {
  const exporter = exporterOf(t, 6379, ['--redis.password-file=/nowhere', '--config.check']);
  assert.equal(await exporter.ended, 1);
  assert.match(exporter.stderr(), /--redis\.password-file cannot be read: ENOENT/);
});

test('SIGTERM ends the exporter, which has a connection, with 0', needs('redis-server'), async (t) => {
  const port = await freePort();
  await startRedis(t, port);
  const exporter = exporterOf(t, port);
  assert.match(await scrape(await exporter.metricsUrl()), /^redis_up 1$/m);
  exporter.process.kill('SIGTERM');
  assert.equal(await exporter.ended, 0);
});

test('promtool accepts the alert', needs('promtool'), () => {
  runInstalled('promtool', ['check', 'rules', RULES]);
});

function exporterOf(t: TestContext, redisPort: number, flags: readonly string[] = []): Child {
  return start(t, process.execPath, [
    join(FOLDER, 'redis-exporter.js'),
    '--web.listen-address=127.0.0.1:0',
    `--redis.address=127.0.0.1:${redisPort}`,
    ...flags,
  ]);
}

async function startRedis(t: TestContext, port: number, flags: readonly string[] = []): Promise<Child> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...flags];
  const redis = start(t, 'redis-server', args, {}, await newFolder(t));
  await until('Redis is ready', async () => redis.stdout().includes('Ready to accept connections'));
  return redis;
}

/** The rules of the example, but the alert fires at once. */
async function rulesWithoutDelay(t: TestContext): Promise<string> {
  const file = join(await newFolder(t), 'alerts.yml');
  await writeFile(file, (await readFile(RULES, 'utf8')).replace('for: 1m', 'for: 0s'));
  return file;
}

async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zeroprom-redis-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Scrapes with the scrape timeout of two seconds. */
async function scrape(url: string): Promise<string> {
  const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '2' };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(20_000) });
  assert.equal(response.status, 200);
  return response.text();
}
