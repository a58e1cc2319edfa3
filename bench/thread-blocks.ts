/**
 * Compares the main event loop of a program with many series while its scrape thread is scraped, and while it is not, in
 * alternating rounds: the longest block, and p99 of the delay of a timer of 1 ms. `npm run build && npx tsx bench/thread-blocks.ts
 * [--series=1000000] [--rounds=3] [--seconds=8] [--apart]`, which takes two to three minutes. With `taskset` and two cores or more, the
 * main thread of the program has the first core, and the scraper the last one. The system chooses where the scrape thread runs; with
 * `--apart`, all threads but the main one stay away from its core, which shows how much of a block is the wait for the core.
 */
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { builtUrl } from './checkout.ts';
import { median } from './compare.ts';
import { manySeries } from './many-series.ts';

const { values } = parseArgs({
  options: {
    series: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    apart: { type: 'boolean', default: false },
  },
});
const TIMER_MS = 1;
const CASES = ['unscraped', 'identity', 'gzip'] as const;

interface Delays {
  readonly longest: number;
  readonly p99: number;
}

if (process.env.THREAD_BLOCKS === undefined) await compare();
else await serve();

/** Serves the series from a thread, and reports the delays of its timer since the last message. */
async function serve(): Promise<void> {
  const registry = manySeries(Number(values.series));
  const { startScrapeThread }: typeof import('../src/workers/index.ts') = await import(builtUrl('zeroprom/workers'));
  const { address } = await startScrapeThread({ listen: '127.0.0.1:0', registry, timeoutMs: 600_000 });
  let delays: number[] = [];
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    delays.push(now - last - TIMER_MS);
    last = now;
  }, TIMER_MS);
  process.on('message', () => {
    const sorted = delays.sort((a, b) => a - b);
    process.send?.({
      longest: sorted.at(-1) ?? 0,
      p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    } satisfies Delays);
    delays = [];
    last = performance.now();
  });
  process.send?.(address.url);
}

async function compare(): Promise<void> {
  const isPinned = availableParallelism() > 1 && hasTaskset();
  const program = fork(import.meta.filename, process.argv.slice(2), {
    execArgv: process.execArgv,
    env: { ...process.env, THREAD_BLOCKS: '1' },
  });
  const [url] = await once(program, 'message');
  if (isPinned) pin(Number(program.pid));
  console.log(
    isPinned ? 'The main thread has the first core, the scraper the last one.' : 'Nothing is pinned to a core.',
  );
  const found = new Map<string, Delays[]>(CASES.map((name) => [name, []]));
  try {
    for (let round = 0; round <= Number(values.rounds); round++) {
      for (const name of CASES) {
        const delays = await measure(program, name, String(url), isPinned);
        if (round > 0) found.get(name)?.push(delays); // The first one compiles the code.
      }
    }
  } finally {
    program.kill('SIGKILL');
  }
  for (const [name, delays] of found) {
    const of = (key: keyof Delays) => median(delays.map((one) => one[key]));
    console.log(`${name.padEnd(10)} longest block ${of('longest').toFixed(2)} ms, p99 ${of('p99').toFixed(3)} ms`);
  }
}

/** Pins the main thread of a process, and its other threads if they must stay apart. */
function pin(pid: number): void {
  execFileSync('taskset', ['-pc', '0', String(pid)], { stdio: 'ignore' });
  if (!values.apart) return;
  const others = readdirSync(`/proc/${pid}/task`).filter((thread) => thread !== String(pid));
  for (const thread of others) {
    execFileSync('taskset', ['-pc', `1-${availableParallelism() - 1}`, thread], { stdio: 'ignore' });
  }
}

async function measure(
  program: ReturnType<typeof fork>,
  name: (typeof CASES)[number],
  url: string,
  isPinned: boolean,
): Promise<Delays> {
  const report = async () => {
    const answer = once(program, 'message');
    program.send('report');
    return (await answer)[0] as Delays; // serve() sends it.
  };
  await report();
  await scrapeFor(Number(values.seconds), name, url, isPinned);
  return report();
}

/** Scrapes without a pause from another process, or only waits. */
async function scrapeFor(seconds: number, name: string, url: string, isPinned: boolean): Promise<void> {
  const code = `
    const [url, encoding, seconds] = process.argv.slice(1);
    const { get } = require('node:http');
    const end = performance.now() + Number(seconds) * 1000;
    const scrape = () => {
      if (encoding === 'unscraped') return setTimeout(() => {}, Number(seconds) * 1000);
      if (performance.now() > end) return;
      get(url + '/metrics', { headers: { 'accept-encoding': encoding } }, (response) => response.resume().on('end', scrape));
    };
    scrape();`;
  const node = [process.execPath, '-e', code, url, name, String(seconds)];
  const [command = '', ...args] = isPinned ? ['taskset', '-c', String(availableParallelism() - 1), ...node] : node;
  await once(spawn(command, args, { stdio: 'inherit' }), 'exit');
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
