/**
 * Measures the cost of scrapes of a large exposition in the serving process: their duration, the longest time that the
 * event loop was blocked, and the peak memory. `npm run build && npx tsx bench/http-block.ts [--series=1000000]
 * [--rounds=5] [--format=protobuf] [--kind=histogram]`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { zeroprom } from './built.ts';
import { manySeries } from './many-series.ts';

const { values } = parseArgs({
  options: {
    series: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    format: { type: 'string', default: 'text' },
    kind: { type: 'string', default: 'counter' },
  },
});

/** Interval at which the event loop is checked; a longer time between two checks is a block. */
const RESOLUTION_MS = 1;
const ACCEPT: Readonly<Record<string, string>> = {
  text: 'text/plain',
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
};

interface Usage {
  readonly rssMb: number;
  readonly peakMb: number;
  readonly blockMs: number;
}

if (process.send === undefined) await drive();
else await serve(process.send.bind(process));

/** Serves a counter with many series of about a hundred bytes, and reports the usage since the last report. */
async function serve(send: NonNullable<typeof process.send>): Promise<void> {
  const registry = manySeries(Number(values.series), values.kind);
  process.argv.splice(2);
  const { url } = await zeroprom.runExporter({ name: 'x', defaultPort: 0, registry });
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  process.on('message', () => {
    send({
      rssMb: statusMb('VmRSS'),
      peakMb: statusMb('VmHWM'),
      blockMs: delay.max / 1e6 - RESOLUTION_MS,
    } satisfies Usage);
    globalThis.gc?.();
    writeFileSync('/proc/self/clear_refs', '5'); // Resets the peak.
    setTimeout(() => delay.reset(), 20);
  });
  send(url);
}

function statusMb(key: string): number {
  const [, kilobytes] = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

async function drive(): Promise<void> {
  const [child, url] = await started();
  const rounds = Number(values.rounds);
  const { rssMb } = await used(child); // Not before each scrape: the allocator keeps what an earlier one has freed.
  for (const scrapers of [1, 10]) {
    for (const isZipped of [false, true]) {
      const results: Result[] = [];
      for (let round = 0; round <= rounds; round++) results.push(await measured(child, url, rssMb, scrapers, isZipped));
      results.shift(); // The first result includes compilation.
      report(`${scrapers} at once${isZipped ? ', gzip' : ''}`, results);
    }
  }
  child.kill();
}

interface Result {
  readonly seconds: number;
  readonly blockMs: number;
  readonly moreMb: number;
  readonly sentMb: number;
}

async function measured(
  child: ChildProcess,
  url: URL,
  rssMb: number,
  scrapers: number,
  isZipped: boolean,
): Promise<Result> {
  await used(child);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const began = performance.now();
  const [bytes = 0] = await Promise.all(Array.from({ length: scrapers }, () => scrape(url, isZipped)));
  const seconds = (performance.now() - began) / 1000;
  const { peakMb, blockMs } = await used(child);
  return { seconds, blockMs, moreMb: peakMb - rssMb, sentMb: bytes / 1e6 };
}

/** Shows the minimum and median of times, which noise can only lengthen, and the maximum of memory. */
function report(what: string, results: readonly Result[]): void {
  const of = (key: keyof Result) => results.map((result) => result[key]).sort((a, b) => a - b);
  const range = (key: keyof Result, digits: number) =>
    `${of(key)[0]!.toFixed(digits)} (median ${of(key)[results.length >> 1]!.toFixed(digits)})`; // There is at least one round.
  process.stdout.write(
    `${what.padEnd(14)} ${of('sentMb')[0]!.toFixed(1)} MB each, ${range('seconds', 2)} s, ` +
      `longest block ${range('blockMs', 1)} ms, ${of('moreMb').at(-1)!.toFixed(0)} MB more memory at the peak\n`,
  );
}

async function started(): Promise<[ChildProcess, URL]> {
  const execArgv = ['--import', 'tsx', '--expose-gc'];
  const child = fork(import.meta.filename, process.argv.slice(2), {
    execArgv,
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
  });
  const [url] = await once(child, 'message');
  return [child, new URL(url)];
}

async function used(child: ChildProcess): Promise<Usage> {
  child.send('usage');
  const [usage] = await once(child, 'message');
  return usage;
}

/** Returns the number of bytes received. */
function scrape({ port, hostname }: URL, isZipped: boolean): Promise<number> {
  const socket = connect(Number(port), hostname);
  const encoding = isZipped ? 'Accept-Encoding: gzip\r\n' : '';
  const accept = `Accept: ${ACCEPT[values.format]}\r\n`;
  socket.write(`GET /metrics HTTP/1.1\r\nHost: x\r\n${accept}${encoding}Connection: close\r\n\r\n`);
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  return new Promise((resolve, reject) => socket.once('close', () => resolve(bytes)).once('error', reject));
}
