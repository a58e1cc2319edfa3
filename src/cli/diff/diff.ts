import { type Paint, printable, type Style } from '../command/colors.ts';
import { defineCommand } from '../command/command.ts';
import { UsageError } from '../command/command-error.ts';
import { plural } from '../command/number-format.ts';
import { switchOption, valueOption } from '../command/options.ts';
import { type Document, readSoundDocument } from '../document/document.ts';
import { inputOptions } from '../input/input-options.ts';
import { modeOption } from '../input/mode-option.ts';
import { inCommonForm } from './common-form.ts';
import { type Difference, differences, isSameValue, parseTolerance } from './differences.ts';

const options = {
  tolerance: valueOption(
    'AMOUNT',
    'Values that are no further apart than this are equal: 0.5, or 5% of the larger one.',
    parseTolerance,
    isSameValue,
  ),
  'ignore-values': switchOption('Compare families, types and series only.'),
  mode: modeOption('prometheus'),
  ...inputOptions,
};

const ERROR = 2;

export const diff = defineCommand({
  name: 'diff',
  operands: 'A B',
  summary: 'Shows the families, types, series and values that differ between two expositions.',
  description: [
    'A and B are files, http(s) URLs, host:port (its /metrics), or - for standard input, in any formats. gzip is unpacked.',
    'Prints a line for each difference: - only in A, + only in B, ~ in both, but not the same. Help texts, units, times, exemplars and the order do not count, and between two formats what one of them cannot hold.',
  ].join('\n'),
  options,
  exitCodes: new Map([
    [0, 'There is no difference.'],
    [1, 'There are differences.'],
    [ERROR, 'An input cannot be read, or the command line is wrong.'],
  ]),
  errorCode: ERROR,
  run: async ({ options, operands: [a, b, ...more] }, console) => {
    if (a === undefined || b === undefined || more.length > 0) throw new UsageError('it takes two inputs, A and B.');
    if (a === '-' && b === '-') throw new UsageError('standard input can be read once only.');
    const read = (input: string): Promise<Document> => readSoundDocument(input, options, console.stdin);
    // Both at once: values of the same moment.
    const [before, after] = await inCommonForm(...(await Promise.all([read(a), read(b)])), options.mode);
    const isEqual = options['ignore-values'] ? undefined : options.tolerance;
    const counts = new Map<Difference['kind'], number>();
    for (const difference of differences(before, after, { isEqual })) {
      counts.set(difference.kind, (counts.get(difference.kind) ?? 0) + 1);
      await console.write(`${line(difference, console.paint)}\n`);
    }
    if (counts.size === 0) return 0;
    await console.write(`${summary(counts)}\n`);
    return 1;
  },
});

function line({ kind, subject, before, after }: Difference, paint: Paint): string {
  const name = printable(subject);
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
