/** The messages in the headings of docs/troubleshooting.md are those that the code gives. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  Counter,
  type CounterOptions,
  metricsFetchHandler,
  metricsHandler,
  Registry,
  Scheduler,
} from '../src/index.ts';
import { Pushgateway, writeTextfile } from '../src/push/index.ts';
import { parseWebConfig } from '../src/web-config/web-config.ts';
import { start } from './child.ts';
import { freePort } from './free-port.ts';

const page = readFileSync('docs/troubleshooting.md', 'utf8');

/** Sections whose text names another program. */
const isForeign = (section: string) => /^This is a message of|^The declarations use|^The type parameter/m.test(section);

const messages = page
  .split(/^(?=### )/m)
  .filter((section) => !isForeign(section))
  .flatMap((section) => /^### `(.+)`$/m.exec(section)?.[1] ?? []);

type Attempt = (t: TestContext) => unknown;

const registry = new Registry();
const jobs = new Counter({ name: 'jobs_total', help: 'Total number of jobs.', labelNames: ['queue'], registry });
const asAny = <T>(value: unknown) => value as T; // The callers are JavaScript.

/** Calls that throw, or return a text that contains the message, by the start of the message. */
const attempts: Readonly<Record<string, Attempt>> = {
  'Metric jobs_total': () => new Counter({ name: 'jobs_total', help: 'Other.', registry }),
  'jobs_total: label': () => jobs.inc(asAny<{ queue: string }>({})),
  'jobs_total has no label': () => jobs.inc(asAny<{ queue: string }>({ queue: 'mail', other: 'x' })),
  'Counter jobs_total': () => jobs.inc({ queue: 'mail' }, -1),
  'a_total: unknown': () =>
    new Counter(asAny<CounterOptions<readonly []>>({ name: 'a_total', help: 'A.', registers: [registry] })),
  'o_total has': warningOfManySeries,
  'The handler must': () => metricsHandler()(asAny({}), asAny({})),
  'metricsHandler()': () => metricsHandler(asAny(registry)),
  'Limit of': answerToOneMore,
  'Collector failed.': (t) => logOf(t, { collectors: true, scrape: true }),
  'unknown flag': (t) => logOf(t, { args: ['--redis.adr=1'] }),
  'Ignoring environment': (t) => logOf(t, { env: { MY_EXPORTER_REDIS_ADR: '1' } }),
  'cannot listen': logOfPortInUse,
  '--web.listen-address:': (t) => logOf(t, { args: ['--web.listen-address=9121'] }),
  'The duration': (t) => logOf(t, { args: ['--web.shutdown-timeout=5'] }),
  'the hash of': () => parseWebConfig('basic_auth_users:\n  alice: secret\n', 'web.yml'),
  'unknown setting': () => parseWebConfig('basic_auth_user:\n  alice: secret\n', 'web.yml'),
  'Running as root': (t) => logOf(t, {}),
  'PUT http': () => new Pushgateway({ url: 'http://127.0.0.1:9', job: 'a', registry, retry: { attempts: 0 } }).push(),
  'path must': () => writeTextfile(join(tmpdir(), 'a.txt'), { registry }),
  'The interval': () => new Scheduler().every('10', () => {}, { name: 'backup' }),
  'A task named': () => {
    const scheduler = new Scheduler();
    scheduler.every('10s', () => {}, { name: 'backup' });
    scheduler.every('20s', () => {}, { name: 'backup' });
  },
};

for (const message of messages) {
  test(`the code says: ${message}`, async (t) => {
    const attempt = Object.entries(attempts).find(([begin]) => message.startsWith(begin))?.[1];
    assert.ok(attempt, 'There is no call that gives this message.');
    if (message.startsWith('Running as root') && process.getuid?.() !== 0) return t.skip('This user is not root.');
    const said = await Promise.resolve()
      .then(() => attempt(t))
      .then(String, (error: Error) => error.message);
    assert.ok(said.includes(message), said);
  });
}

async function warningOfManySeries(): Promise<string> {
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  const metric = new Counter({ name: 'o_total', help: 'O.', labelNames: ['a'], maxSeries: 2, registry: null });
  for (const a of ['1', '2', '3']) metric.inc({ a });
  return (await warned).message;
}

/** The answer to a scrape while 40 others are in flight. */
async function answerToOneMore(): Promise<string> {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  const waiting = new Registry();
  waiting.register({ name: 'slow', collect: () => promise.then(() => []) });
  const scrape = metricsFetchHandler({ registry: waiting });
  const request = () => scrape(new Request('http://localhost/metrics'));
  const others = Array.from({ length: 40 }, request);
  const answer = await (await request()).text();
  resolve();
  await Promise.all(others.map(async (other) => (await other).text()));
  return answer;
}

async function logOfPortInUse(t: TestContext): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo; // A server that listens on a port has one.
  const log = await logOf(t, { args: [`--web.listen-address=127.0.0.1:${port}`] });
  return log.replace(String(port), '9500');
}

interface ExporterRun {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Adds a collector that hangs, and scrapes it. */
  readonly collectors?: boolean;
  readonly scrape?: boolean;
}

/** The log of an exporter that has ended, or has been stopped after it has listened. */
async function logOf(t: TestContext, { args = [], env = {}, collectors = false, scrape = false }: ExporterRun) {
  const hanging = collectors
    ? ', collectors: { redis: { create: () => ({ collect: () => new Promise(() => {}) }) } }'
    : '';
  const program = `import { runExporter } from ${JSON.stringify(join(process.cwd(), 'dist/index.js'))};
    await runExporter({ name: 'my_exporter', defaultPort: ${await freePort()}, flags: { 'redis.addr': { help: 'Address.' } }${hanging} });`;
  const child = start(t, process.execPath, ['--input-type=module', '--eval', program, '--', 'exporter', ...args], env);
  const url = await child.metricsUrl().catch(() => undefined);
  if (url !== undefined && scrape)
    await (await fetch(url, { headers: { 'X-Prometheus-Scrape-Timeout-Seconds': '1' } })).text();
  child.process.kill('SIGTERM');
  await child.ended;
  return child.stderr();
}
