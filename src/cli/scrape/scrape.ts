import type { Flags } from '../../command-line/flag.ts';
import { countFrom } from '../../command-line/flag.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { parseDuration } from '../../model/duration.ts';
import { defineCommand } from '../command/command.ts';
import { readDocument, readSoundDocument } from '../document/document.ts';
import { inputDescription, inputFlags, modeFlag } from '../input/input-flags.ts';
import { isServerName } from '../input/server-name.ts';
import { scrapeReport } from './scrape-report.ts';
import { watch } from './watch.ts';

const flags = {
  top: {
    help: 'Show the N families with the most series and the N labels with the most values.',
    placeholder: 'N',
    parse: countFrom(1),
  },
  filter: { help: 'Show only families whose names contain TEXT.', placeholder: 'TEXT', default: '' },
  watch: {
    help: 'Scrape repeatedly, every 2s unless given, and show rates and trends. On a terminal, keys sort, filter and scroll.',
    placeholder: 'DURATION',
    implicitValue: '2s',
    parse: (text) => parseDuration(text),
  },
  count: { help: 'With --watch: exit after N refreshes.', placeholder: 'N', parse: countFrom(1) },
  mode: modeFlag('prometheus'),
  ...inputFlags,
} satisfies Flags;

export const scrape = defineCommand({
  name: 'scrape',
  operands: 'INPUT',
  summary: 'Shows what an exporter exposes: families with their types, series and sizes.',
  description: [
    inputDescription,
    'Counts series as a server does: each bucket of a classic histogram is one. Sizes are those in the format of the response.',
  ],
  flags,
  exitCodes: new Map([
    [0, 'Everything could be read.'],
    [1, 'Something could not be read, or the command line is invalid. With --watch: the last scrape failed.'],
    [130, 'With --watch: interrupted.'],
  ]),
  errorCode: 1,
  run: async ({ flags, operands: [input, ...more] }, io) => {
    if (input === undefined || more.length > 0) {
      throw new UsageError('one input is required; the interval of --watch is written with =, as in --watch=5s.');
    }
    const { top, filter, watch: intervalMs, count } = flags;
    if (count !== undefined && intervalMs === undefined) throw new UsageError('--count requires --watch.');
    if (intervalMs !== undefined) {
      if (!isServerName(input))
        throw new UsageError(`--watch requires a server, such as a URL or host:port, got ${JSON.stringify(input)}.`);
      return watch({ intervalMs, count, top, filter, read: () => readSoundDocument(input, flags, io) }, io);
    }
    const start = performance.now();
    const document = await readDocument(input, flags, io);
    const milliseconds = performance.now() - start;
    io.progress('Counting series');
    const width = io.isTerminal ? io.columns : undefined;
    const lines = scrapeReport(document, { top, filter, milliseconds, paint: io.paint, width });
    await io.write(`${lines.join('\n')}\n`);
    for (const error of document.errors) io.complain(error.message);
    return document.errors.length > 0 ? 1 : 0;
  },
});
