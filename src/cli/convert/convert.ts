import type { Escaping } from '../../exposition/encoding/escaping.ts';
import type { MetricFamily } from '../../model/family.ts';
import { printableLines } from '../command/colors.ts';
import { defineCommand } from '../command/command.ts';
import { UsageError } from '../command/command-error.ts';
import type { Console } from '../command/command-io.ts';
import { plural } from '../command/number-format.ts';
import { oneOf, switchOption, valueOption } from '../command/options.ts';
import { readSoundDocument } from '../document/document.ts';
import { encodedPieces, partsOf } from '../document/encoded-pieces.ts';
import { type ReadBackOptions, readBack } from '../document/read-back.ts';
import { type FormatName, formatNames } from '../input/format-names.ts';
import { inputOptions } from '../input/input-options.ts';
import { modeOption } from '../input/mode-option.ts';
import { Losses } from './losses.ts';
import { Omissions } from './omissions.ts';

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
    if (to === 'protobuf' && console.isTerminal) {
      throw new UsageError('protobuf is binary: send it to a file or another program.');
    }
    const { families } = await readSoundDocument(input, options, console.stdin);
    const escaping: Escaping = options.escaping ?? (to === 'text' ? 'underscores' : 'allow-utf-8');
    const encodeOptions = { escaping, createdLines: options['created-lines'], mode: options.mode };
    const omissions = new Omissions(console);
    let samples = 0;
    const pieces = encodedPieces(families, to, {
      ...encodeOptions,
      onProblem: ({ message }) => omissions.add(message),
      onOmitted: (count) => {
        samples += count;
      },
    });
    for (const piece of shown(pieces, console)) await console.write(piece);
    if (samples > 0) omissions.add(`${plural(samples, 'sample', 'samples')} whose values the format forbids.`);
    for (const loss of await lossesOf(families, to, encodeOptions)) omissions.add(loss);
    return omissions.end() ? INCOMPLETE : 0;
  },
});

/** As they are, but on a terminal, which must not do what is in them. */
function* shown(pieces: Iterable<Uint8Array>, { isTerminal }: Console): Iterable<Uint8Array | string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (const piece of pieces) yield isTerminal ? printableLines(decoder.decode(piece, { stream: true })) : piece;
}

async function lossesOf(
  families: readonly MetricFamily[],
  to: FormatName,
  options: ReadBackOptions,
): Promise<string[]> {
  const losses = new Losses();
  for (const family of families) {
    for (const part of partsOf(family)) losses.add(part, await readBack([part], to, options));
  }
  return losses.messages();
}
