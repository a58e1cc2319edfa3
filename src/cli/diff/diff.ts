import type { Flags } from '../../command-line/flag.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { MetricFamily } from '../../model/family.ts';
import { isLegacyLabelName, isLegacyMetricName } from '../../model/naming.ts';
import type { ParseMode } from '../../parse/input/options.ts';
import { escapeInvisible, type Paint, type Style } from '../command/colors.ts';
import { defineCommand } from '../command/command.ts';
import { plural } from '../command/number-format.ts';
import { type Document, readSoundDocument } from '../document/document.ts';
import { type ReadBackOptions, readBack } from '../document/read-back.ts';
import type { FormatName } from '../input/format-names.ts';
import { inputDescription, inputFlags, modeFlag } from '../input/input-flags.ts';
import { type Difference, differences, isSameValue, parseTolerance } from './differences.ts';

const flags = {
  tolerance: {
    help: 'Largest difference of values that count as equal: 0.5, or 5% of the larger value. By default values must be equal.',
    placeholder: 'AMOUNT',
    parse: parseTolerance,
  },
  'ignore-values': { help: 'Compare only families, types and series.', isSwitch: true },
  mode: modeFlag('prometheus'),
  ...inputFlags,
} satisfies Flags;

const ERROR = 2;
/** Number of characters to write at a time. */
const LINES_LENGTH = 16_384;

export const diff = defineCommand({
  name: 'diff',
  operands: 'A B',
  summary: 'Shows the families, types, series and values that differ between two expositions.',
  description: [
    `${inputDescription} The formats of A and B may differ.`,
    'Prints a line for each difference: - only in A, + only in B, ~ in both, but different. Ignores help texts, units, times, exemplars and the order, and what one of two different formats cannot represent.',
  ],
  flags,
  exitCodes: new Map([
    [0, 'The inputs do not differ.'],
    [1, 'The inputs differ.'],
    [ERROR, 'An input cannot be read or the command line is invalid.'],
  ]),
  errorCode: ERROR,
  run: async ({ flags, operands: [a, b, ...more] }, io) => {
    if (a === undefined || b === undefined || more.length > 0)
      throw new UsageError('two inputs are required, A and B.');
    if (a === '-' && b === '-') throw new UsageError('standard input can only be read once.');
    const read = (input: string): Promise<Document> => readSoundDocument(input, flags, io);
    // Reads both at the same time, so that values are of the same moment.
    const documents = await Promise.all([read(a), read(b)]);
    io.progress('Comparing');
    const [before, after] = await inCommonForm(...documents, flags.mode);
    const isEqual = flags['ignore-values'] ? undefined : (flags.tolerance ?? isSameValue);
    const counts = new Map<Difference['kind'], number>();
    let lines = '';
    for (const difference of differences(before, after, { isEqual })) {
      counts.set(difference.kind, (counts.get(difference.kind) ?? 0) + 1);
      lines += `${line(difference, io.paint)}\n`;
      if (lines.length < LINES_LENGTH) continue;
      await io.write(lines);
      lines = '';
    }
    if (counts.size === 0) return 0;
    await io.write(`${lines}${summary(counts)}\n`);
    return 1;
  },
});

type Families = MetricFamily[];

/**
 * Reduces the families of two documents to what both of their formats can represent: a type or a native histogram that
 * one format does not have is not a difference. Empties the lists of the documents: five versions of the same families
 * would take more memory than reading them.
 */
async function inCommonForm(one: Document, other: Document, mode: ParseMode): Promise<[Families, Families]> {
  if (one.format === other.format) return [one.families, other.families];
  const [form, otherForm] = [formOf(one, mode), formOf(other, mode)];
  // A format may also require something that the other does not have, so both go through both formats in the same order.
  return [await inForm(await inForm(one.families, otherForm), form), await inForm(other.families, form)];
}

/** The parts of families that a document can represent. */
interface Form extends ReadBackOptions {
  readonly format: FormatName;
}

function formOf({ format, families }: Document, mode: ParseMode): Form {
  // Text format 0.0.4 only has names of letters, digits and underscores, but a server may send others.
  const escaping = format === 'text' && families.every(hasLegacyNames) ? 'underscores' : 'allow-utf-8';
  return { format, escaping, mode };
}

/** Reduces families to what the form can represent, and empties their list. */
async function inForm(families: Families, { format, ...options }: Form): Promise<Families> {
  return Array.from(await readBack(drain(families), format, options));
}

/** Yields the items in order and removes them, so that their memory can be used again while the rest is read. */
function* drain<T>(items: T[]): Iterable<T> {
  items.reverse();
  for (let item = items.pop(); item !== undefined; item = items.pop()) yield item;
}

function hasLegacyNames({ name, points }: MetricFamily): boolean {
  if (!isLegacyMetricName(name)) return false;
  for (const { labels = {} } of points) if (!Object.keys(labels).every(isLegacyLabelName)) return false;
  return true;
}

function line({ kind, subject, before, after }: Difference, paint: Paint): string {
  const name = escapeInvisible(subject);
  if (before !== undefined && after !== undefined) {
    return paint('yellow', `~ ${kind} ${name}: ${before} -> ${after}`);
  }
  const [sign, style, detail]: [string, Style, string | undefined] =
    after === undefined ? ['-', 'red', before] : ['+', 'green', after];
  return paint(style, `${sign} ${kind} ${name}${kind === 'family' ? ` (${detail})` : ` ${detail}`}`);
}

function summary(counts: ReadonlyMap<Difference['kind'], number>): string {
  const nouns = {
    family: ['family', 'families'],
    type: ['type', 'types'],
    series: ['series', 'series'],
    value: ['value', 'values'],
  } as const;
  const parts = [...counts].map(([kind, count]) => plural(count, nouns[kind][0], nouns[kind][1]));
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return `${parts.join(', ')} ${total === 1 ? 'differs' : 'differ'}.`;
}
