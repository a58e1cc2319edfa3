import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { nodeLine } from '../scripts/node-line.ts';
import { BASE, librariesIn } from './library.ts';
import type { Case, Figures, Measured } from './question.ts';

/** Node.js version that all libraries support. */
const NODE_LINE = 24;
/** First Node.js version that runs TypeScript itself, which starts faster than tsx. */
const READS_TYPESCRIPT = 24;

/** Result of a library in a case. */
export interface Row {
  readonly question: string;
  readonly case: string;
  readonly library: string;
  /** Medians of the rounds. */
  readonly figures: Figures;
  /** How many times better than the base, for each figure. */
  readonly ratios?: Figures;
}

export interface CompareOptions {
  readonly rounds: number;
  /** Node.js version to use. */
  readonly line: number;
  /** All by default. */
  readonly libraries?: readonly string[];
}

/** Returns the major version of this Node.js, or of the oldest that all libraries support. */
export function defaultLine(): number {
  return Math.max(Number.parseInt(process.versions.node, 10), NODE_LINE);
}

/** Measures libraries. They take turns within a round, each in a new process, so that noise affects all alike. */
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

/** Measures one case with one library in a new process; null if the library does not support it. */
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

/** Throws unless all libraries have produced the same output. */
function checkSame(name: string, measured: ReadonlyMap<string, readonly Measured[]>): void {
  const made = [...measured].flatMap(([library, found]) => found.flatMap((one) => [[library, one.made] as const]));
  const told = made.filter(([, what]) => what !== undefined);
  if (new Set(told.map(([, what]) => what)).size > 1) {
    throw new Error(`${name}: the outputs differ.\n${told.map((one) => one.join(': ')).join('\n')}`);
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
