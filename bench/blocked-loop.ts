/**
 * Lets Prometheus scrape two programs once per second while their event loops are blocked: one with a scrape thread, and one
 * without. `npm run build && npx tsx bench/blocked-loop.ts [--seconds=30] [--prometheus=PATH] [--plot=FILE.svg]`. Both loops
 * increment a counter while they are blocked. Prints what Prometheus has stored, and draws it.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from '../test/free-port.ts';
import { blockPlot, type ScrapedProgram } from './block-plot.ts';
import { zeroprom } from './built.ts';

/** Time before and after the block, in seconds. */
const AROUND = 5;
/** Timeout of scrapes in seconds. */
const TIMEOUT = 1;
const PROGRAMS = ['with a scrape thread', 'without'] as const;

/** When an event loop was blocked, in Unix seconds. */
interface Block {
  readonly from: number;
  readonly to: number;
}

if (process.env.BLOCKED_PROGRAM === undefined) await compare();
else await serve(process.env.BLOCKED_PROGRAM === PROGRAMS[0]);

/** Serves a counter, and blocks the event loop for some seconds when it is told to. */
async function serve(scrapeThread: boolean): Promise<void> {
  const steps = new zeroprom.Counter({ name: 'steps_total', help: 'Steps.' });
  const { url } = await zeroprom.runExporter({ name: 'blocked', defaultPort: 0, scrapeThread });
  process.on('message', (seconds: number) => {
    const from = Date.now();
    for (const end = performance.now() + seconds * 1000; performance.now() < end; ) steps.inc();
    process.send?.({ from: from / 1000, to: Date.now() / 1000 } satisfies Block);
  });
  process.send?.(new URL(url).host);
}

async function compare(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '30' },
      prometheus: { type: 'string', default: 'prometheus' },
      plot: { type: 'string' },
    },
  });
  const seconds = Number(values.seconds);
  const programs = PROGRAMS.map((name) =>
    fork(import.meta.filename, ['--log.level=error', '--web.listen-address=127.0.0.1:0'], {
      execArgv: process.execArgv,
      env: { ...process.env, BLOCKED_PROGRAM: name },
    }),
  );
  const hosts = await Promise.all(programs.map(async (program) => String((await once(program, 'message'))[0])));
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-blocked-'));
  const port = await freePort();
  const prometheus = startPrometheus(values.prometheus, folder, port, hosts);
  try {
    await scraped(port);
    await delay(AROUND * 1000);
    const blocks = await Promise.all(programs.map((program) => block(program, seconds)));
    await delay(AROUND * 1000);
    const found = await Promise.all(
      hosts.map((host, index) => read(port, host, PROGRAMS[index] ?? '', blocks[index]?.from ?? 0)),
    );
    for (const program of found) report(program, seconds);
    if (values.plot !== undefined) writeFileSync(values.plot, blockPlot(found, seconds));
  } finally {
    for (const child of [prometheus, ...programs]) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function startPrometheus(command: string, folder: string, port: number, hosts: readonly string[]): ChildProcess {
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: `${TIMEOUT}s` },
    scrape_configs: [{ job_name: 'blocked', static_configs: [{ targets: hosts }] }],
  };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const args = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
  return spawn(command, [...args, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], { stdio: 'inherit' });
}

async function block(program: ChildProcess, seconds: number): Promise<Block> {
  const done = once(program, 'message');
  program.send(seconds);
  return (await done)[0] as Block; // serve() sends it.
}

type Sample = readonly [time: number, value: string];

/** Waits for the first scrapes. */
async function scraped(port: number): Promise<void> {
  for (;;) {
    const samples = await query(port, 'up[1m]').catch(() => []);
    if (samples.length > 0) return;
    await delay(200);
  }
}

/** The samples of the first series of a range vector. */
async function query(port: number, text: string): Promise<readonly Sample[]> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(text)}`);
  // The API of Prometheus.
  const { data } = (await response.json()) as { data: { result: { values: Sample[] }[] } };
  return data.result[0]?.values ?? [];
}

/** Reads what Prometheus has stored about a program. Times are in seconds since the block began. */
async function read(port: number, host: string, name: string, from: number): Promise<ScrapedProgram> {
  const samples = async (metric: string) =>
    (await query(port, `${metric}{instance="${host}"}[5m]`)).map(([time, value]) => ({
      at: time - from,
      value: Number(value),
    }));
  return {
    name,
    up: await samples('up'),
    durations: await samples('scrape_duration_seconds'),
    steps: await samples('steps_total'),
  };
}

function report({ name, up, durations, steps }: ScrapedProgram, seconds: number): void {
  const during = (samples: ScrapedProgram['up']) => samples.filter(({ at }) => at > 0 && at < seconds - TIMEOUT); // Later ones may be answered after the block.
  const scrapes = during(up);
  const answered = scrapes.filter(({ value }) => value === 1).length;
  const slowest = Math.max(...during(durations).map(({ value }) => value * 1000));
  const distinct = new Set(during(steps).map(({ value }) => value)).size;
  console.log(
    `${name}: ${answered} of ${scrapes.length} scrapes answered in a block of ${seconds.toFixed(1)} s, the slowest in ${slowest.toFixed(0)} ms, with ${distinct} values of the counter`,
  );
}
