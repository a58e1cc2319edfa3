/**
 * Runs slow and hostile clients against the built example exporter for a minute, while a real Prometheus scrapes it
 * every second: `npm run soak [-- --seconds=60]`. Fails if any scrape fails.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../test/free-port.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const SECONDS = Number(values.seconds);
/** Clients of each kind, started one after another. Clients that are disconnected connect again. */
const CLIENTS = 100;
const COME_WITHIN_MS = 5000;

/** The first bytes that a client sends, and what it does every second after that. */
interface Attack {
  readonly begin: string;
  readonly more: (socket: Socket) => void;
}

const attacks: Readonly<Record<string, Attack>> = {
  'slow headers': {
    begin: 'GET /metrics HTTP/1.1\r\nHost: x\r\n',
    more: (socket) => void socket.write('X-A: b\r\n'),
  },
  'slow bodies': {
    begin: 'POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n',
    more: (socket) => void socket.write('x'),
  },
  'slow readers': {
    begin: 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3),
    more: (socket) => void socket.read(10),
  },
};

const folder = mkdtempSync(join(tmpdir(), 'zeroprom-soak-'));
const children: ChildProcess[] = [];
const sockets = new Set<Socket>();
const cuts: Record<string, number> = {};
let isOver = false;
try {
  await soak();
} finally {
  isOver = true;
  for (const socket of sockets) socket.destroy();
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
}

async function soak(): Promise<void> {
  const port = await freePort();
  const exporter = run(process.execPath, ['dist/server.js', `--web.listen-address=127.0.0.1:${port}`]);
  const url = await startPrometheus(port);
  await until(async () => (await ask(url, 'up')) === 1);
  const memory = statusMb(exporter, 'VmRSS');
  for (const [name, attack] of Object.entries(attacks)) {
    cuts[name] = 0;
    for (let count = 0; count < CLIENTS; count++) {
      setTimeout(() => client(name, attack, port), (count / CLIENTS) * COME_WITHIN_MS);
    }
  }
  const errors = await errorsFor(url, SECONDS);
  const range = `[${SECONDS}s]`;
  const scrapes = await ask(url, `count_over_time(up${range})`);
  const failed = scrapes - (await ask(url, `sum_over_time(up${range})`));
  const slowest = await ask(url, `max_over_time(scrape_duration_seconds${range})`);
  process.stdout.write(
    `${scrapes} scrapes, ${failed} failed, the slowest took ${(slowest * 1000).toFixed(0)} ms; ` +
      `clients cut: ${JSON.stringify(cuts)}; ${statusMb(exporter, 'VmRSS') - memory} MB more memory\n${errors.join('\n')}`,
  );
  if (failed > 0 || scrapes < SECONDS / 2) process.exitCode = 1;
}

function client(name: string, attack: Attack, port: number): void {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  sockets.add(socket);
  // Slow readers read manually.
  if (name === 'slow readers') socket.on('readable', () => {});
  else socket.resume();
  socket.write(attack.begin);
  const timer = setInterval(() => socket.writable && attack.more(socket), 1000);
  socket.once('end', () => socket.destroy());
  socket.once('close', () => {
    clearInterval(timer);
    sockets.delete(socket);
    if (isOver) return;
    cuts[name] = (cuts[name] ?? 0) + 1;
    setTimeout(() => isOver || client(name, attack, port), 100);
  });
}

async function startPrometheus(target: number): Promise<string> {
  const config = join(folder, 'prometheus.yml');
  const job = `{ job_name: soak, static_configs: [{ targets: ['127.0.0.1:${target}'] }] }`;
  writeFileSync(config, `global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs: [${job}]\n`);
  const address = `127.0.0.1:${await freePort()}`;
  run('prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ]);
  return `http://${address}`;
}

function run(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore' });
  children.push(child);
  return child;
}

/** The value of an expression with one series; NaN if it has none yet. */
async function ask(url: string, query: string): Promise<number> {
  try {
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }; // The shape of the Prometheus API.
    return Number(data.result[0]?.value[1]);
  } catch {
    return Number.NaN;
  }
}

/** Returns the scrape errors that Prometheus reports within this number of seconds. */
async function errorsFor(url: string, seconds: number): Promise<string[]> {
  const errors: string[] = [];
  const began = performance.now();
  while (performance.now() - began < seconds * 1000) {
    const { data } = (await (await fetch(`${url}/api/v1/targets`)).json()) as Targets; // The shape of the Prometheus API.
    const [{ lastError = '' } = {}] = data.activeTargets;
    if (lastError !== '') errors.push(`${((performance.now() - began) / 1000).toFixed(1)} s: ${lastError}\n`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return errors;
}

interface Targets {
  readonly data: { readonly activeTargets: readonly { readonly lastError?: string }[] };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
}

function statusMb({ pid }: ChildProcess, key: string): number {
  const [, kilobytes] =
    new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
