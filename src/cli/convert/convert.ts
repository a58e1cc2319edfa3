import type { Flags } from '../../command-line/flag.ts';
import { oneOf } from '../../command-line/flag.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Escaping } from '../../exposition/encoding/escaping.ts';
import type { MetricFamily } from '../../model/family.ts';
import { escapeInvisibleLines } from '../command/colors.ts';
import { defineCommand } from '../command/command.ts';
import { formatSize, plural } from '../command/number-format.ts';
import { readSoundDocument } from '../document/document.ts';
import { encodedPieces, partsOf } from '../document/encoded-pieces.ts';
import { type ReadBackOptions, readBack } from '../document/read-back.ts';
import { type FormatName, formatNames } from '../input/format-names.ts';
import { inputDescription, inputFlags, modeFlag } from '../input/input-flags.ts';
import { LosableFamilies, Losses, Omissions } from './losses.ts';

const flags = {
  to: { help: `Format to write: ${formatNames.join(', ')}.`, placeholder: 'FORMAT', parse: oneOf(formatNames) },
  escaping: {
    help: 'How to escape names that not every server accepts: allow-utf-8, underscores, dots or values. By default they become underscores in text and stay as they are in the other formats.',
    placeholder: 'SCHEME',
    parse: oneOf(['allow-utf-8', 'underscores', 'dots', 'values']),
  },
  'created-lines': { help: 'In openmetrics: write start times as series with the suffix _created.', isSwitch: true },
  mode: modeFlag('strict'),
  ...inputFlags,
} satisfies Flags;

const INCOMPLETE = 3;

export const convert = defineCommand({
  name: 'convert',
  operands: '--to FORMAT [INPUT]',
  summary: 'Writes an exposition in another format to standard output.',
  description: [
    inputDescription,
    'Writes nothing if the input contains an error. What the other format cannot represent is left out and reported on standard error.',
  ],
  flags,
  exitCodes: new Map([
    [0, 'Everything was written.'],
    [1, 'The input cannot be read or the command line is invalid; nothing was written.'],
    [INCOMPLETE, 'Something that the other format cannot represent was left out.'],
  ]),
  errorCode: 1,
  run: async ({ flags, operands: [input = '-', ...more] }, io) => {
    const { to, mode } = flags;
    if (to === undefined) throw new UsageError(`--to is missing; use one of ${formatNames.join(', ')}.`);
    if (more.length > 0) throw new UsageError('only one input can be converted.');
    if (to === 'protobuf' && io.isTerminal) {
      throw new UsageError('protobuf is binary; redirect the output to a file or another program.');
    }
    const { families } = await readSoundDocument(input, flags, io);
    const escaping: Escaping = flags.escaping ?? (to === 'text' ? 'underscores' : 'allow-utf-8');
    const encodeOptions = { escaping, createdLines: flags['created-lines'], mode };
    const omissions = new Omissions(io);
    let samples = 0;
    let written = 0;
    const losable = new LosableFamilies();
    const pieces = encodedPieces(losable.noted(families), to, {
      ...encodeOptions,
      onProblem: ({ message }) => omissions.add(message),
      onOmitted: (count) => {
        samples += count;
      },
    });
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    for (const piece of pieces) {
      written += piece.length;
      io.progress('Writing', () => formatSize(written));
      // Control characters are escaped for a terminal; other readers get every byte.
      await io.write(io.isTerminal ? escapeInvisibleLines(decoder.decode(piece, { stream: true })) : piece);
    }
    if (samples > 0) omissions.add(`${plural(samples, 'sample', 'samples')} whose values the format forbids.`);
    io.progress('Looking for losses');
    for (const loss of await lossesOf(losable.families, to, encodeOptions)) omissions.add(loss);
    return omissions.end() ? INCOMPLETE : 0;
  },
});

async function lossesOf(families: Iterable<MetricFamily>, to: FormatName, options: ReadBackOptions): Promise<string[]> {
  const losses = new Losses();
  for (const family of families) {
    for (const part of partsOf(family)) await losses.add(part, () => readBack([part], to, options));
  }
  return losses.messages();
}
