import { ByteWriter } from '../exposition/byte-writer.ts';
import { expositionEncoder } from '../exposition/encode.ts';
import type { Escaping } from '../exposition/escaping.ts';
import { snapshotOf } from '../exposition/snapshot.ts';
import { encodeFamily } from '../model/encoder.ts';
import type { MetricFamily } from '../model/family.ts';
import { defineCommand } from './command.ts';
import { UsageError } from './command-error.ts';
import type { Console } from './console.ts';
import { readSoundDocument } from './document.ts';
import { expositionFormats, type FormatName, formatNames } from './format-names.ts';
import { inputOptions } from './input-options.ts';
import { modeOption } from './mode-option.ts';
import { type OptionValues, oneOf, switchOption, valueOption } from './options.ts';
import { printable } from './paint.ts';

const options = {
  to: valueOption('FORMAT', `The format to write: ${formatNames.join(', ')}.`, oneOf(formatNames), undefined),
  escaping: valueOption(
    'SCHEME',
    'What becomes of names that not every server can read: allow-utf-8, underscores, dots or values. By default they stay where the format can hold them (all but text and json), and become underscores in text.',
    oneOf(['allow-utf-8', 'underscores', 'dots', 'values']),
    undefined,
  ),
  'created-lines': switchOption('In openmetrics: write start times, as series of their own.'),
  mode: modeOption('strict'),
  ...inputOptions,
};

type ConvertOptions = OptionValues<typeof options>;

const INCOMPLETE = 3;

export const convert = defineCommand({
  name: 'convert',
  operands: '--to FORMAT [INPUT]',
  summary: 'Writes an exposition in another format to standard output.',
  description: [
    'An input is a file, an http(s) URL, host:port (its /metrics), or - for standard input, the default. gzip is unpacked.',
    'Nothing is written if the input holds a mistake. What the other format cannot hold is left out, and named on standard error.',
  ].join('\n'),
  options,
  exitCodes: new Map([
    [0, 'All of it was written.'],
    [1, 'The input cannot be read, or the command line is wrong; nothing was written.'],
    [INCOMPLETE, 'Something was left out that the other format cannot hold.'],
  ]),
  errorCode: 1,
  run: async ({ options, operands: [input = '-', ...more] }, console) => {
    const { to } = options;
    if (to === undefined) throw new UsageError(`--to is missing: one of ${formatNames.join(', ')}.`);
    if (more.length > 0) throw new UsageError('there is more than one input.');
    const { families } = await readSoundDocument(input, options, console.stdin);
    let isComplete = true;
    const onProblem = (problem: Error) => {
      isComplete = false;
      console.complain(`left out: ${printable(problem.message)}`);
    };
    if (to === 'json') await writeJson(families, console, onProblem);
    else await writeExposition(families, to, { ...options, onProblem }, console);
    return isComplete ? 0 : INCOMPLETE;
  },
});

type OnProblem = (problem: Error) => void;

/** Family by family: the output is never in memory as a whole. */
async function writeExposition(
  families: Iterable<MetricFamily>,
  to: Exclude<FormatName, 'json'>,
  options: ConvertOptions & { readonly onProblem: OnProblem },
  console: Console,
): Promise<void> {
  const escaping: Escaping = options.escaping ?? (to === 'text' ? 'underscores' : 'allow-utf-8');
  const createdLines = options['created-lines'];
  const writer = new ByteWriter();
  const encoder = expositionEncoder(expositionFormats[to], writer, { ...options, escaping, createdLines });
  for (const family of families) {
    encodeFamily(family, encoder);
    await console.write(writer.take());
  }
  encoder.end();
  await console.write(writer.take());
}

async function writeJson(families: Iterable<MetricFamily>, console: Console, onProblem: OnProblem): Promise<void> {
  let before = '[';
  for (const family of families) {
    const snapshots = snapshotOf({ encode: (encoder) => encodeFamily(family, encoder) }, onProblem);
    for (const snapshot of snapshots) {
      await console.write(`${before}\n${JSON.stringify(snapshot, undefined, 2)}`);
      before = ',';
    }
  }
  await console.write(before === '[' ? '[]\n' : '\n]\n');
}
