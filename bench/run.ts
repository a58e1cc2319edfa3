/**
 * Runs the questions of this folder: `npm run bench -- [question ...] [--rounds=5] [--json]`. Each case and library runs in
 * a process of its own; libraries take turns within a round; the median of the rounds counts, and ratios are those within
 * one run. Absolute times differ from machine to machine and from day to day.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Case, Question, Work } from './question.ts';

const WARM_UP_MS = 200;
const BATCH_MS = 60;
const BATCHES = 7;
/** However long a call takes: engines optimise what was called often. */
const WARM_UP_CALLS = 12;
/** What the others are compared with. */
const BASE = 'prom-client';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    measure: { type: 'boolean', default: false },
  },
});

if (values.measure) {
  const [question = '', caseName = '', library = ''] = positionals;
  process.stdout.write(String(await measure(question, caseName, library)));
} else {
  await compare(positionals.length > 0 ? positionals : questions(), Number(values.rounds));
}

function questions(): string[] {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.bench.ts'));
  return files.map((name) => basename(name, '.bench.ts'));
}

async function load(question: string): Promise<Question> {
  return (await import(join(import.meta.dirname, `${question}.bench.ts`))).default;
}

interface Row {
  readonly question: string;
  readonly case: string;
  readonly library: string;
  /** The median of the rounds. */
  readonly nanoseconds: number;
  /** How many times faster than the base. */
  readonly ratio: number | undefined;
}

async function compare(names: readonly string[], rounds: number): Promise<void> {
  const rows: Row[] = [];
  for (const name of names) {
    const { title, cases } = await load(name);
    if (!values.json) console.log(`\n${title}`);
    for (const one of cases) {
      const found = compareCase(name, one, rounds);
      rows.push(...found);
      if (!values.json) for (const row of found) console.log(lineOf(row));
    }
  }
  if (values.json) console.log(JSON.stringify(rows, null, 2));
}

function compareCase(question: string, { name, libraries }: Case, rounds: number): Row[] {
  const times = new Map<string, number[]>(Object.keys(libraries).map((library) => [library, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [library, found] of times) found.push(measureInChild(question, name, library));
  }
  const base = times.has(BASE) ? median(times.get(BASE) ?? []) : undefined;
  return [...times].map(([library, found]) => {
    const nanoseconds = median(found);
    return { question, case: name, library, nanoseconds, ratio: base === undefined ? undefined : base / nanoseconds };
  });
}

function measureInChild(...args: [question: string, caseName: string, library: string]): number {
  const script = join(import.meta.dirname, 'run.ts');
  const options = ['--import', 'tsx', '--expose-gc', script, '--measure', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' / ')} failed:\n${stderr}`);
  return Number(stdout);
}

/** Nanoseconds for a unit of work: the best of some batches, after a warm-up. */
async function measure(question: string, caseName: string, library: string): Promise<number> {
  const found = (await load(question)).cases.find(({ name }) => name === caseName);
  const setUp = found?.libraries[library];
  if (found === undefined || setUp === undefined)
    throw new Error(`There is no ${question} / ${caseName} / ${library}.`);
  const work = await setUp();
  await batch(work, WARM_UP_MS, WARM_UP_CALLS);
  let best = Number.POSITIVE_INFINITY;
  for (let index = 0; index < BATCHES; index++) {
    globalThis.gc?.();
    best = Math.min(best, await batch(work, BATCH_MS));
  }
  return (best * 1e6) / found.units;
}

/** Milliseconds for a call, over calls of some milliseconds together, and of some number at least. */
async function batch(work: Work, milliseconds: number, atLeast = 1): Promise<number> {
  const began = performance.now();
  let calls = 0;
  let consumed: unknown;
  do {
    const result = work();
    consumed = result instanceof Promise ? await result : result;
    calls++;
  } while (calls < atLeast || performance.now() - began < milliseconds);
  const elapsed = performance.now() - began;
  if (consumed === undefined) throw new Error('A case returns what it did.');
  return elapsed / calls;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function lineOf({ case: name, library, nanoseconds, ratio }: Row): string {
  const time = nanoseconds < 1e5 ? `${nanoseconds.toFixed(1)} ns` : `${(nanoseconds / 1e6).toFixed(2)} ms`;
  const times = ratio === undefined ? '' : `${ratio.toFixed(1)} x`;
  return `  ${name.padEnd(36)} ${library.padEnd(14)} ${time.padStart(12)} ${times.padStart(9)}`;
}
