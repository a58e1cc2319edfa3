/**
 * Compares the hot paths and scrapes of this checkout with those of another commit:
 * `npm run bench:against -- COMMIT [QUESTION[/CASE] ...] [--rounds=9]`. Both take turns, each time in a new process, so
 * that they meet the same noise. Prints the median of the ratios of the rounds: 1.03 means 3 % slower than COMMIT.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultLine, measureInChild, median, nodeOf, ratiosOf } from './compare.ts';
import type { Figures } from './question.ts';
import { loadQuestion } from './questions.ts';
import { figureText } from './show.ts';

const DEFAULTS = [
  'hot-path/counter',
  'hot-path/gauge',
  'hot-path/histogram, 11',
  'hot-path/native',
  'hot-path/summary',
  'scrape/10,000 counters',
  'scrape/1,000 histograms',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '9' }, node: { type: 'string', default: String(defaultLine()) } },
});
const [commit, ...asked] = positionals;
if (commit === undefined) throw new Error('Name the commit to compare with: npm run bench:against -- COMMIT.');
const line = Number(values.node);
const here = resolve('.');
const there = mkdtempSync(join(tmpdir(), 'zeroprom-against-'));

try {
  run('git', 'worktree', 'add', '--detach', '--force', there, commit);
  console.error(`Building ${commit}.`);
  run('npm', '--prefix', there, 'ci', '--no-audit', '--no-fund', '--silent');
  run('npm', '--prefix', there, 'run', '--silent', 'build');
  for (const name of asked.length > 0 ? asked : DEFAULTS) await compareQuestion(name);
} finally {
  run('git', 'worktree', 'remove', '--force', there);
  rmSync(there, { recursive: true, force: true });
}

async function compareQuestion(name: string): Promise<void> {
  const [question = '', ...part] = name.split('/');
  const { cases } = await loadQuestion(question);
  for (const { name: caseName } of cases.filter((one) => one.name.includes(part.join('/')))) {
    const rounds = Array.from({ length: Number(values.rounds) }, (_, round) => measureBoth(question, caseName, round));
    for (const unit of Object.keys(rounds[0]?.before ?? {})) {
      const before = rounds.map((round) => round.before[unit] ?? Number.NaN);
      const after = rounds.map((round) => round.after[unit] ?? Number.NaN);
      const ratios = rounds.map((round) => ratiosOf(round.before, round.after)[unit] ?? Number.NaN);
      const [ratio, low, high] = [median(ratios), Math.min(...ratios), Math.max(...ratios)].map((one) =>
        one.toFixed(3),
      );
      const change = `${figureText(unit, median(before))} -> ${figureText(unit, median(after))}`;
      console.log(`${ratio} (${low} to ${high})  ${change.padEnd(24)}  ${question}: ${caseName}`);
    }
  }
}

/** Measures a case in both checkouts. They start in turn. */
function measureBoth(question: string, caseName: string, round: number): { before: Figures; after: Figures } {
  const figures = new Map<string, Figures>();
  for (const checkout of round % 2 === 0 ? [here, there] : [there, here]) {
    const environment = { ...process.env, ZEROPROM_CHECKOUT: checkout };
    const measured = measureInChild(nodeOf(line), line, [question, caseName, 'zeroprom'], environment);
    figures.set(checkout, measured?.figures ?? {});
  }
  return { before: figures.get(there) ?? {}, after: figures.get(here) ?? {} };
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
