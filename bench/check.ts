/**
 * Compares the performance relative to prom-client with the baseline: `npm run bench:check [-- --update]`. Ratios of
 * one run are compared with those of `baseline.json` and may be 30 % worse, because they differ between runs. Worse
 * ones are measured a second time. With `--update`, the ratios of this run become the baseline.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compare, defaultLine, type Row } from './compare.ts';
import { BASE } from './library.ts';
import { loadQuestion } from './questions.ts';
import { ratioText } from './show.ts';

const FILE = join(import.meta.dirname, 'baseline.json');
const TOLERANCE = 0.3;
const ROUNDS = 3;
/** A case for each thing that the documentation promises. */
const WATCHED: readonly (readonly [question: string, caseName: string])[] = [
  ['hot-path', 'counter.inc()'],
  ['hot-path', 'counter child.inc()'],
  ['hot-path', 'histogram, 11 buckets: observe({ 3 labels }, v)'],
  ['hot-path', 'summary, 3 quantiles: observe(v)'],
  ['labels', 'inc({ 3 labels }), 100 children, shared strings'],
  ['labels', 'inc({ 3 labels }), 100 children, fresh strings'],
  ['growth', 'longest call, first 1,000,000 series of a counter with 3 labels'],
  ['scrape', '10,000 counters, text'],
  ['scrape', '1,000 histograms, text'],
  ['scrape', 'an application, OpenMetrics'],
  ['memory', 'a counter, 100,000 of them'],
  ['memory', 'a histogram with 11 buckets, 10,000 of them'],
  ['http', '1,000 counters, identity'],
  ['import', 'import, in a new process'],
];
/** Cases that only this package has, with one that they are compared with instead. */
const WATCHED_ALONE: readonly (readonly [question: string, caseName: string, base: string])[] = [
  ['scrape', '100,000 counters, protobuf', '100,000 counters, text'],
  ['scrape', '10,000 histograms, protobuf', '10,000 histograms, text'],
  ['scrape', '10,000 native histograms, protobuf', '10,000 histograms, text'],
];

const { values } = parseArgs({ options: { update: { type: 'boolean', default: false } } });
const baseline: Record<string, number> = values.update ? {} : JSON.parse(readFileSync(FILE, 'utf8'));
const found: Record<string, number> = {};

for (const [question, caseName, base] of [...WATCHED, ...WATCHED_ALONE]) {
  const name = `${question}: ${caseName}`;
  const expected = baseline[name];
  const measure = () => (base === undefined ? ratioOf(question, caseName) : ratioAlone(question, caseName, base));
  const first = await measure();
  const ratio = isWorse(first, expected) ? Math.max(first, await measure()) : first;
  found[name] = Number(ratio.toPrecision(3));
  const verdict = isWorse(ratio, expected) ? 'WORSE' : 'ok';
  const before = expected === undefined ? '' : `, ${ratioText(expected)} in the baseline`;
  console.log(`${verdict.padEnd(6)} ${name}: ${ratioText(ratio)} times as good as ${base ?? BASE}${before}`);
}

const worse = Object.entries(found).filter(([name, ratio]) => isWorse(ratio, baseline[name]));
if (values.update) writeFileSync(FILE, `${JSON.stringify(found, null, 2)}\n`);
else if (worse.length > 0) {
  console.log(
    `${worse.length} of ${WATCHED.length + WATCHED_ALONE.length} are more than ${TOLERANCE * 100} % worse than the baseline.`,
  );
  process.exitCode = 1;
}

/** By the first figure of the case. */
async function ratioOf(question: string, caseName: string): Promise<number> {
  const [ours] = await measured(question, caseName, ['zeroprom', BASE]);
  return Object.values(ours?.ratios ?? {})[0] ?? Number.NaN;
}

/** How many times the first figure of `base` that of the case is. */
async function ratioAlone(question: string, caseName: string, base: string): Promise<number> {
  const figure = async (name: string) => {
    const [ours] = await measured(question, name, ['zeroprom']);
    return Object.values(ours?.figures ?? {})[0] ?? Number.NaN;
  };
  return (await figure(base)) / (await figure(caseName));
}

async function measured(question: string, caseName: string, libraries: readonly string[]): Promise<Row[]> {
  const one = (await loadQuestion(question)).cases.find(({ name }) => name === caseName);
  if (one === undefined) throw new Error(`There is no ${question} / ${caseName}.`);
  return await compare(question, one, { rounds: ROUNDS, line: defaultLine(), libraries });
}

function isWorse(ratio: number, expected: number | undefined): boolean {
  return expected !== undefined && !(ratio >= expected * (1 - TOLERANCE));
}
