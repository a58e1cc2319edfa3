/**
 * Compares parsers on ten megabytes of text exposition, zeroprom and others: `npm run build && npx tsx bench/parse.ts`.
 * Each parser runs in its own process. PYTHON may be the path of a Python with prometheus_client. The figure is the
 * minimum CPU time of several runs, including garbage collector threads; wall-clock time would include other processes.
 * If Go is installed, the parsers of Prometheus and VictoriaMetrics are measured as well; see `reference/go-parsers/`.
 *
 * The other parsers do less: they do not detect repeated labels, names that start with a digit, repeated or late
 * metadata, undefined escapes or invalid UTF-8. Their errors have no column and end the parsing.
 * parse-prometheus-text-format accepts any text as a value and returns strings; prom2javascript fails at NaN, -Inf and
 * names with a colon. zeroprom in strict mode detects all of that, and in `prometheus` mode what a server detects.
 * readText() creates no objects: its figure is the cost of parsing alone. The counterpart is textparse with series as text,
 * which a server does for known series; it neither separates labels nor unescapes them. The counterpart of parseText() is
 * textparse with labels, which has neither families nor histograms. VictoriaMetrics' rows refer to the text.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsers } from './built.ts';
import { textExposition } from './exposition.ts';

const { parseText, readText } = parsers;
const HANDLER = { metadata() {}, sample() {}, end() {} };

const RUNS = 15;
const BYTES = 10_000_000;
/** Result that must be kept until its memory has been measured. */
const kept: unknown[] = [];

interface Result {
  /** Milliseconds. */
  readonly cpu: number;
  /** Bytes that the result keeps. */
  readonly heap: number;
  /** Peak memory of the process in bytes, including 50 MB of its own and the text. */
  readonly peak: number;
}

type Parser = (text: string) => unknown;

const PARSERS: { readonly [name: string]: () => Promise<Parser> } = {
  'zeroprom parseText': async () => (text) => parseText(text),
  'zeroprom parseText, prometheus': async () => (text) => parseText(text, { mode: 'prometheus' }),
  'zeroprom readText': async () => (text) => readText(text, HANDLER),
  'zeroprom readText, prometheus': async () => (text) => readText(text, HANDLER, { mode: 'prometheus' }),
  'parse-prometheus-text-format': async () => {
    const { default: parse } = await import('parse-prometheus-text-format');
    return parse;
  },
  prom2javascript: async () => {
    const { getMetricsFromIterator } = await import('prom2javascript');
    return (text) => getMetricsFromIterator(text.split('\n').values());
  },
};

/** Parsers of `reference/go-parsers/`. */
const GO_PARSERS = ['textparse, series as text', 'textparse, labels', 'VictoriaMetrics'];

const [file, name] = process.argv.slice(2);
if (file !== undefined && name !== undefined) await measure(readFileSync(file, 'utf8'), name);
else compare();

/** Measures a parser in this process and prints the result as JSON. */
async function measure(text: string, parser: string): Promise<void> {
  const parse = await PARSERS[parser]!();
  const cpu = await leastTime(parse, text);
  const heap = await keptBytes(parse, text);
  const peak = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ cpu, heap, peak }));
}

async function leastTime(parse: Parser, text: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const start = process.cpuUsage();
    await parse(text);
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

async function keptBytes(parse: Parser, text: string): Promise<number> {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  kept.push(await parse(text));
  collectGarbage();
  return process.memoryUsage().heapUsed - before;
}

/** Twice, because weakly held objects are freed by the second collection. */
function collectGarbage(): void {
  globalThis.gc?.();
  globalThis.gc?.();
}

function compare(): void {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  const path = join(folder, 'exposition.txt');
  writeFileSync(path, textExposition(BYTES));
  try {
    const measured = Object.keys(PARSERS).map((each): [string, Result | undefined] => [each, spawned(path, each)]);
    print([...measured, ...go(folder, path), ['client_python', python(path)]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function spawned(path: string, parser: string): Result | undefined {
  const { stdout } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', import.meta.filename, path, parser],
    {
      encoding: 'utf8',
    },
  );
  return stdout === '' ? undefined : JSON.parse(stdout);
}

function go(folder: string, path: string): [string, Result | undefined][] {
  const program = join(folder, 'parsers');
  spawnSync('go', ['build', '-o', program, '.'], { cwd: join(import.meta.dirname, 'reference/go-parsers') });
  return GO_PARSERS.map((parser) => {
    const { stdout, status } = spawnSync(program, [path, parser], { encoding: 'utf8' });
    return [`Go: ${parser}`, status === 0 ? JSON.parse(stdout) : undefined];
  });
}

function python(path: string): Result | undefined {
  const program = [
    'import sys, time',
    'from prometheus_client.parser import text_string_to_metric_families as parse',
    'text = open(sys.argv[1]).read()',
    'start = time.process_time(); kept = list(parse(text)); cpu = (time.process_time() - start) * 1000',
    'print(cpu)',
  ].join('\n');
  const { stdout, status } = spawnSync(process.env['PYTHON'] ?? 'python3', ['-c', program, path], { encoding: 'utf8' });
  return status === 0 ? { cpu: Number(stdout), heap: Number.NaN, peak: Number.NaN } : undefined;
}

function print(results: readonly (readonly [string, Result | undefined])[]): void {
  const ours = results[0]?.[1]?.cpu ?? Number.NaN;
  for (const [parser, result] of results) {
    if (result === undefined) console.log(`${parser.padEnd(32)} not installed`);
    else console.log(`${parser.padEnd(32)} ${line(result, ours)}`);
  }
}

function line({ cpu, heap, peak }: Result, ours: number): string {
  const memory = Number.isNaN(heap) ? '' : `${megabytes(heap)} MB kept ${megabytes(peak)} MB peak`;
  const speed = `${(BYTES / 1000 / cpu).toFixed(0).padStart(5)} MB/s`;
  return `${cpu.toFixed(0).padStart(7)} ms ${(cpu / ours).toFixed(1).padStart(6)} times ${speed} ${memory}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1).padStart(8);
}
