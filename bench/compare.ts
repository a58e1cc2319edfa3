import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { nodeLine } from '../scripts/node-line.ts';
import { BASE, librariesIn } from './library.ts';
import type { Case, Figures, Measured } from './question.ts';

/** The line that all peers run on. */
const NODE_LINE = 24;
/** From here on Node reads TypeScript itself, and faster than a tool that is put before it. */
const READS_TYPESCRIPT = 24;

/** What one library has shown in one case. */
export interface Row {
  readonly question: string;
  readonly case: string;
  readonly library: string;
  /** The medians of the rounds. */
  readonly figures: Figures;
  /** How many times better than the base, for each figure. */
  readonly ratios?: Figures;
}

export interface CompareOptions {
  readonly rounds: number;
  /** The Node line that everything runs on. */
  readonly line: number;
  /** All by default. */
  readonly libraries?: readonly string[];
}

/** This Node's line, if all peers run on it, or else the one that they do run on. */
export function defaultLine(): number {
  return Math.max(Number.parseInt(process.versions.node, 10), NODE_LINE);
}

/** Libraries take turns within a round, each time in a process of its own, so that all meet the same noise. */
export async function compare(question: string, one: Case, options: CompareOptions): Promise<Row[]> {
  const { line, rounds, libraries = await librariesIn(question, line) } = options;
  const measured = new Map<string, Measured[]>(libraries.map((library) => [library, []]));
  for (let round = 0; round < (one.rounds ?? rounds); round++) {
    for (const [library, found] of measured) {
      const result = measureInChild(nodeOf(line), line, [question, one.name, library]);
      if (result !== null) found.push(result);
      else measured.delete(library);
    }
  }
  checkSame(`${question} / ${one.name}`, measured);
  const medians = new Map([...measured].map(([library, found]) => [library, medianFigures(found)]));
  const base = medians.get(BASE);
  return [...medians].map(([library, figures]) => ({
    question,
    case: one.name,
    library,
    figures,
    ...(base === undefined ? {} : { ratios: ratiosOf(figures, base) }),
  }));
}

export function nodeOf(line: number): string {
  return process.version.startsWith(`v${line}.`) ? process.execPath : join(nodeLine(String(line)), 'node');
}

/** Measures one case with one library in a new process; null for what the library cannot do. */
export function measureInChild(
  node: string,
  line: number,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Measured | null {
  const script = join(import.meta.dirname, 'measure.ts');
  const typeScript = line < READS_TYPESCRIPT ? ['--import', 'tsx'] : [];
  const options = [...typeScript, '--expose-gc', '--max-old-space-size=8192', script, ...args];
  const { status, stdout, stderr } = spawnSync(node, options, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${args.join(' / ')} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

/** A comparison means something only where all have done the same. */
function checkSame(name: string, measured: ReadonlyMap<string, readonly Measured[]>): void {
  const made = [...measured].flatMap(([library, found]) => found.flatMap((one) => [[library, one.made] as const]));
  const told = made.filter(([, what]) => what !== undefined);
  if (new Set(told.map(([, what]) => what)).size > 1) {
    throw new Error(`${name}: not all have made the same.\n${told.map((one) => one.join(': ')).join('\n')}`);
  }
}

function medianFigures(found: readonly Measured[]): Figures {
  const names = Object.keys(found[0]?.figures ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(found.map(({ figures }) => figures[name] ?? Number.NaN))]),
  );
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [lower = Number.NaN, upper = Number.NaN] = [(sorted.length - 1) / 2, sorted.length / 2].map(
    (at) => sorted[Math.floor(at)],
  );
  return (lower + upper) / 2;
}

export function ratiosOf(figures: Figures, base: Figures): Figures {
  const ratio = ([name, value]: [string, number]) => {
    const other = base[name] ?? Number.NaN;
    return [name, name.endsWith('/s') ? value / other : other / value] as const;
  };
  return Object.fromEntries(Object.entries(figures).map(ratio));
}
