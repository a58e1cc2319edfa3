import { AssertionError } from 'node:assert';
import { encodeGathering } from '../exposition/encode.ts';
import { compareLines, type ExpositionLine, expositionLines } from './exposition-lines.ts';
import { gatheringOf, type Source } from './metric-source.ts';

export interface AssertExpositionOptions {
  /** Only families with one of these names, or with a sample that has one, are looked at; all by default. */
  readonly names?: readonly string[];
}

/** What a registry tells of itself. */
const OWN = 'zeroprom_';

/**
 * Throws an AssertionError with the lines that differ where a scrape, as text 0.0.4, does not say what is expected. The
 * order of families, series and labels, and how numbers are written, does not count. HELP lines, and series about the
 * registry itself (`zeroprom_...`), are looked at for families of which `expected` has some.
 */
export async function assertExposition(
  source: Source,
  expected: string,
  { names }: AssertExpositionOptions = {},
): Promise<void> {
  const wanted = expositionLines(expected);
  const shown = encodeGathering(await gatheringOf(source, { names })).toString();
  const actual = expositionLines(shown).filter((line) => isLookedAt(line, wanted));
  const lines = difference(wanted, actual);
  if (lines.every(({ mark }) => mark === ' ')) return;
  const shownLines = lines.map(({ mark, line }) => `${mark} ${line.text}`.trimEnd()).join('\n');
  throw new AssertionError({
    message: `The exposition is not as expected (- expected, + actual):\n\n${shownLines}\n`,
    actual: textOf(actual),
    expected: textOf(wanted),
    operator: 'assertExposition',
    stackStartFn: assertExposition,
  });
}

function isLookedAt({ family, rank }: ExpositionLine, wanted: readonly ExpositionLine[]): boolean {
  if (rank !== 'help' && !family.startsWith(OWN)) return true;
  return wanted.some((line) => line.family === family && (rank !== 'help' || line.rank === rank));
}

/** Both in one list, those that differ marked. */
function difference(expected: readonly ExpositionLine[], actual: readonly ExpositionLine[]): readonly MarkedLine[] {
  const [inExpected, inActual] = [textsOf(expected), textsOf(actual)];
  return [
    ...expected.map((line) => ({ line, mark: inActual.has(line.text) ? ' ' : '-' })),
    ...actual.filter(({ text }) => !inExpected.has(text)).map((line) => ({ line, mark: '+' })),
  ].sort((one, other) => compareLines(one.line, other.line));
}

interface MarkedLine {
  readonly line: ExpositionLine;
  readonly mark: string;
}

function textsOf(lines: readonly ExpositionLine[]): ReadonlySet<string> {
  return new Set(lines.map(({ text }) => text));
}

function textOf(lines: readonly ExpositionLine[]): string {
  return lines.map(({ text }) => `${text}\n`).join('');
}
