/**
 * CPU time of a usual scrape: 2,000 series in 60 families, behind TLS with a password, by two Prometheus servers every 15 s.
 * `npm run build && npx tsx bench/realistic-scrape.ts [--rounds=5] [--scrapes=200] [--node=24]`. The scrapes follow each
 * other more quickly, and the CPU time of all threads of a program, less that of the same time at rest, is extrapolated to a day.
 * prom-client, and a constant text of the same length, are served by `node:https`, with the password hashed once by SHA-256,
 * and without compression. Programs take turns; the medians are printed.
 */
import { execFileSync, fork } from 'node:child_process';
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import promClient from 'prom-client';
import { zeroprom } from './built.ts';
import { builtUrl } from './checkout.ts';
import { defaultLine, median, nodeOf } from './compare.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    scrapes: { type: 'string', default: '200' },
    node: { type: 'string', default: String(defaultLine()) },
  },
});
const PROGRAMS = ['zeroprom', 'zeroprom, scrape thread', 'prom-client', 'a constant text'] as const;
const SCRAPERS = 2;
const INTERVAL_MS = 20;
/** An hour of scrapes at first, after which the engine compiles little. */
const WARM_UP_SCRAPES = 480;
const SCRAPES_A_DAY = (SCRAPERS * 86_400) / 15;
const CREDENTIALS = 'prometheus:correct horse battery staple';
/** Formats that Prometheus 3 accepts, without protobuf, which prom-client does not support. */
const TEXT = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1';
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
/** Headers of scrapes. By default, Prometheus accepts gzip. */
const MODES = {
  text: { Accept: TEXT, 'Accept-Encoding': 'identity' },
  'text, gzip': { Accept: TEXT, 'Accept-Encoding': 'gzip' },
  'protobuf, gzip': { Accept: PROTOBUF, 'Accept-Encoding': 'gzip' },
} as const;
type Mode = keyof typeof MODES;
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const [program, folder] = (process.env.REALISTIC_SCRAPE ?? '').split('|');
if (program === undefined || folder === undefined) await compareAll();
else await serve(program, folder);

async function serve(name: string, certificates: string): Promise<void> {
  const isZeroprom = name.startsWith('zeroprom');
  const port = isZeroprom ? await serveZeroprom(name, certificates) : await servePromClient(name, certificates);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1000);
  });
  process.send?.(port);
}

async function serveZeroprom(name: string, certificates: string): Promise<number> {
  fill((type, options) => new zeroprom[type](options));
  process.argv.push('--log.level=error', `--web.config.file=${join(certificates, 'web.yml')}`);
  const { url } = await zeroprom.runExporter({
    name: 'realistic',
    defaultPort: 0,
    defaultCollectors: false,
    scrapeThread: name !== 'zeroprom',
  });
  return Number(new URL(url).port);
}

/** Serves prom-client, or always the same text, which is the least that a scrape can cost. */
async function servePromClient(name: string, certificates: string): Promise<number> {
  fill((type, options) => new promClient[type](options));
  const constant = await promClient.register.metrics();
  const sha256 = (text: string) => createHash('sha256').update(text).digest();
  const expected = sha256(`Basic ${Buffer.from(CREDENTIALS).toString('base64')}`);
  const tls = { cert: readFileSync(join(certificates, 'tls.crt')), key: readFileSync(join(certificates, 'tls.key')) };
  const server = createServer(tls, async ({ headers }, response) => {
    if (!timingSafeEqual(sha256(headers.authorization ?? ''), expected)) {
      response.writeHead(401).end();
      return;
    }
    response.setHeader('Content-Type', promClient.register.contentType);
    response.end(name === 'prom-client' ? await promClient.register.metrics() : constant);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // It listens on TCP.
}

interface Metric {
  inc(labels: object, value: number): void;
  set(labels: object, value: number): void;
  observe(labels: object, value: number): void;
}
type Create = (
  type: 'Counter' | 'Gauge' | 'Histogram',
  options: { name: string; help: string; labelNames: string[]; buckets?: number[] },
) => unknown;

/** 30 counters of 24 series, 20 gauges of 15, and 10 histograms of 7, with 14 lines each. */
function fill(create: Create): void {
  // The result has the method of its type.
  const metric = (type: Parameters<Create>[0], name: string, more = {}) =>
    create(type, { name, help: `Help of ${name}.`, labelNames: ['method', 'route'], ...more }) as Metric;
  const labelsOf = (series: number) => ({ method: `method-${series % 4}`, route: `/api/v1/route-${series}` });
  for (let index = 0; index < 30; index++) {
    const counter = metric('Counter', `service_events_${index}_total`);
    for (let series = 0; series < 24; series++) counter.inc(labelsOf(series), index * series);
  }
  for (let index = 0; index < 20; index++) {
    const gauge = metric('Gauge', `service_level_${index}_ratio`);
    for (let series = 0; series < 15; series++) gauge.set(labelsOf(series), series / 16);
  }
  for (let index = 0; index < 10; index++) {
    const histogram = metric('Histogram', `service_operation_${index}_seconds`, { buckets: BOUNDS });
    for (let series = 0; series < 7 * 20; series++) histogram.observe(labelsOf(series % 7), 0.001 * 1.1 ** series);
  }
}

async function compareAll(): Promise<void> {
  const certificates = mkdtempSync(join(tmpdir(), 'zeroprom-realistic-'));
  try {
    await prepare(certificates);
    const found = new Map<string, number[]>();
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const name of PROGRAMS) {
        for (const [what, ms] of Object.entries(await measure(name, certificates))) {
          const key = `${name}: ${what}`;
          found.set(key, [...(found.get(key) ?? []), ms]);
        }
      }
    }
    const base = median(found.get('prom-client: text') ?? []);
    for (const [key, all] of found) report(key, all, base);
  } finally {
    rmSync(certificates, { recursive: true, force: true });
  }
}

async function prepare(certificates: string): Promise<void> {
  const paths = ['-keyout', join(certificates, 'tls.key'), '-out', join(certificates, 'tls.crt')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-subj', '/CN=localhost', ...curve, ...paths], {
    stdio: 'ignore',
  });
  const exporter = join(certificates, 'exporter.mjs');
  writeFileSync(
    exporter,
    `import { runExporter } from '${builtUrl('zeroprom')}'; await runExporter({ name: 'a', defaultPort: 0 });`,
  );
  const [user, password] = CREDENTIALS.split(':');
  const hashing = { input: `${password}\n`, encoding: 'utf8' } as const;
  const hash = execFileSync(process.execPath, [exporter, 'hash-password'], hashing);
  const tls = 'tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\n';
  writeFileSync(join(certificates, 'web.yml'), `${tls}basic_auth_users:\n  ${user}: ${hash.trim()}\n`);
}

/** Returns milliseconds of CPU time of a scrape, by mode. */
async function measure(name: string, certificates: string): Promise<Record<string, number>> {
  const line = Number(values.node);
  const child = fork(import.meta.filename, {
    execPath: nodeOf(line),
    execArgv: line < 24 ? ['--import', 'tsx'] : [],
    env: { ...process.env, REALISTIC_SCRAPE: `${name}|${certificates}` },
  });
  const [port] = await once(child, 'message');
  const cpu = async () => {
    child.send('cpu');
    return Number((await once(child, 'message'))[0]);
  };
  try {
    const modes: readonly Mode[] = name.startsWith('zeroprom') ? ['text', 'text, gzip', 'protobuf, gzip'] : ['text'];
    const figures: Record<string, number> = {};
    for (const mode of modes) {
      const scrapes = Number(values.scrapes);
      await scrapeAll(port, mode, WARM_UP_SCRAPES, 0);
      const before = await cpu();
      const began = performance.now();
      await scrapeAll(port, mode, scrapes, INTERVAL_MS);
      const after = await cpu();
      await delay(performance.now() - began);
      figures[mode] = (after - before - ((await cpu()) - after)) / scrapes;
    }
    return figures;
  } finally {
    child.kill('SIGKILL');
  }
}

/** Each scraper keeps its connection, as Prometheus does. */
async function scrapeAll(port: number, mode: Mode, scrapes: number, intervalMs: number): Promise<void> {
  const scraper = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
    for (let index = 0; index < scrapes / SCRAPERS; index++) {
      await Promise.all([scrape(port, mode, agent), delay(intervalMs)]);
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: SCRAPERS }, scraper));
}

function scrape(port: number, mode: Mode, agent: Agent): Promise<void> {
  const headers = MODES[mode];
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/metrics', agent, auth: CREDENTIALS, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`The program answered ${response.statusCode}.`));
      response.resume().on('end', resolve).on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

function report(key: string, all: readonly number[], base: number): void {
  const seconds = (ms: number) => ((ms * SCRAPES_A_DAY) / 1000).toFixed(1);
  const [ms, least, most] = [median(all), Math.min(...all), Math.max(...all)];
  console.log(
    `${key.padEnd(40)} ${ms.toFixed(2)} ms CPU a scrape, ${seconds(ms)} s a day (${seconds(least)} to ${seconds(most)}), ` +
      `${(base / ms).toFixed(1)} times as little as prom-client`,
  );
}
