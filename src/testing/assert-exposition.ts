import { AssertionError } from 'node:assert';
import { encodeGathering } from '../exposition/encode.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { compareLines, type ExpositionLine, expositionLines } from './exposition-lines.ts';
import { gatheringOf, type Source } from './metric-source.ts';

/** Options of `assertExposition()`. */
export interface AssertExpositionOptions {
  /**
   * Names of the families, or of samples of the families, to compare.
   *
   * @defaultValue all families are compared
   */
  readonly names?: readonly string[];
}

const ASSERT_OPTIONS: OptionNames<AssertExpositionOptions> = {
  names: true,
};

/** Prefix of the metrics of a registry about itself. */
const SELF_METRICS = 'zeroprom_';

/**
 * Asserts that a scrape in the text format 0.0.4 has exactly the expected lines. The order of families, series and
 * labels and the notation of numbers are ignored. HELP lines are compared only for families whose expected text has
 * one, and the `zeroprom_*` metrics of the registry itself only if they are expected.
 *
 * @throws {AssertionError} if lines differ; the message shows them.
 *
 * @example
 * ```ts
 * import { Gauge } from 'zeroprom';
 * import { assertExposition } from 'zeroprom/testing';
 *
 * const workers = new Gauge({ name: 'workers', help: 'Number of workers.', labelNames: ['pool'], registry: null });
 * workers.set({ pool: 'a' }, 2);
 * await assertExposition(workers, `
 *   # TYPE workers gauge
 *   workers{pool="a"} 2.0
 * `);
 * ```
 */
export async function assertExposition(
  source: Source,
  expected: string,
  options: AssertExpositionOptions = {},
): Promise<void> {
  checkOptionNames('assertExposition()', options, ASSERT_OPTIONS);
  const { names } = options;
  const wanted = expositionLines(expected);
  const shown = encodeGathering(await gatheringOf(source, { names })).toString();
  const actual = expositionLines(shown).filter(({ family, rank }) => {
    if (rank !== 'help' && !family.startsWith(SELF_METRICS)) return true;
    return wanted.some((line) => line.family === family && (rank !== 'help' || line.rank === rank));
  });
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

/** Merges both lists and marks the lines that differ. */
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
