/**
 * Measures the commands of the command line on expositions of a million series: `npm run build && npx tsx bench/cli.ts`.
 * Prints the seconds, the CPU seconds of all threads and the peak memory (RSS) of each process. Arguments select documents and
 * commands by their names. NODE may be the path of another Node.js, and CLI that of another build of `dist/cli.js`.
 */
import { spawn } from 'node:child_process';
import { closeSync, createReadStream, createWriteStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { builtUrl } from './checkout.ts';
import { textExposition } from './exposition.ts';

const SERIES = 1_000_000;
const BATCH = 10_000;
const NODE = process.env['NODE'] ?? process.execPath;
const CLI = process.env['CLI'] ?? join(fileURLToPath(new URL('.', builtUrl('zeroprom'))), 'cli.js');
/** Writes the use of resources to file descriptor 3 when the process exits. */
const REPORT = `data:text/javascript,import { writeSync } from 'node:fs';
process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));`;

/** Documents by name: each writes its pieces of text. */
const DOCUMENTS: { readonly [name: string]: () => Iterable<string> } = {
  'one counter': () => series((index) => index),
  'metrics of services': () => [textExposition(SERIES * 98)],
};

function* series(indexAt: (position: number) => number, added = 1000): Iterable<string> {
  yield '# HELP http_requests_total Total number of requests.\n# TYPE http_requests_total counter\n';
  for (let start = 0; start < SERIES; start += BATCH) {
    let lines = '';
    for (let position = start; position < start + BATCH; position++) {
      const index = indexAt(position);
      const path = `/api/v1/some/long/path/with/number/${index % 50_000}`;
      lines += `http_requests_total{method="GET",path="${path}",code="${index}"} ${index * 7 + added}\n`;
    }
    yield lines;
  }
}

interface Run {
  readonly name: string;
  readonly args: readonly string[];
  /** File for standard input. */
  readonly stdin?: string;
}

const asked = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
try {
  const others = {
    'another order': write(
      'shuffled',
      series((position) => (position * 7919) % SERIES),
    ),
    'other values': write(
      'changed',
      series((position) => position, 1001),
    ),
  };
  for (const [name, pieces] of Object.entries(DOCUMENTS)) {
    const file = write(name, pieces());
    console.log(name);
    for (const run of runsOf(file, await compressed(file), name === 'one counter' ? others : {})) {
      if (asked.length === 0 || asked.some((word) => `${name}: ${run.name}`.includes(word))) await measure(run);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

function runsOf(file: string, gzip: string, others: { readonly [name: string]: string }): Run[] {
  return [
    { name: 'check', args: ['check', file] },
    { name: 'check, gzip', args: ['check', gzip] },
    { name: 'check, stdin', args: ['check', '-'], stdin: file },
    { name: 'scrape', args: ['scrape', file] },
    { name: 'convert to openmetrics', args: ['convert', '--to', 'openmetrics', file] },
    { name: 'convert to protobuf', args: ['convert', '--to', 'protobuf', file] },
    { name: 'diff, equal', args: ['diff', file, file] },
    ...Object.entries(others).map(([name, other]) => ({ name: `diff, ${name}`, args: ['diff', file, other] })),
  ];
}

function write(name: string, pieces: Iterable<string>): string {
  const path = join(folder, `${name.replaceAll(' ', '-')}.prom`);
  const file = openSync(path, 'w');
  for (const piece of pieces) writeSync(file, piece);
  closeSync(file);
  return path;
}

async function compressed(path: string): Promise<string> {
  await pipeline(createReadStream(path), createGzip(), createWriteStream(`${path}.gz`));
  return `${path}.gz`;
}

async function measure({ name, args, stdin }: Run): Promise<void> {
  const start = performance.now();
  const child = spawn(NODE, ['--import', REPORT, CLI, ...args], {
    stdio: [stdin === undefined ? 'ignore' : openSync(stdin, 'r'), 'ignore', 'inherit', 'pipe'],
  });
  const used = JSON.parse(await text(child.stdio[3] as Readable)); // A pipe for reading.
  const seconds = (performance.now() - start) / 1000;
  const cpuSeconds = (used.userCPUTime + used.systemCPUTime) / 1e6;
  const mebibytes = used.maxRSS / 1024;
  console.log(`  ${name.padEnd(24)} ${time(seconds)} ${time(cpuSeconds)} CPU ${mebibytes.toFixed(0).padStart(5)} MiB`);
}

function time(seconds: number): string {
  return `${seconds.toFixed(2).padStart(6)} s`;
}
