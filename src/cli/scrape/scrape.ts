import { parseDuration } from '../../model/duration.ts';
import { defineCommand } from '../command/command.ts';
import { UsageError } from '../command/command-error.ts';
import { optionalValueOption, valueOption } from '../command/options.ts';
import { readDocument, readSoundDocument } from '../document/document.ts';
import { isHttp } from '../input/input.ts';
import { inputOptions } from '../input/input-options.ts';
import { modeOption } from '../input/mode-option.ts';
import { scrapeReport } from './scrape-report.ts';
import { watch } from './watch.ts';

const options = {
  top: valueOption(
    'N',
    'Show the N families with the most series, and the N labels with the most values.',
    parseCount,
    undefined,
  ),
  watch: optionalValueOption(
    'DURATION',
    'Scrape again and again, every 2s by default, and show rates and curves.',
    readDuration,
    2000,
  ),
  count: valueOption('N', 'With --watch: end after N refreshes.', parseCount, undefined),
  mode: modeOption('prometheus'),
  ...inputOptions,
};

export const scrape = defineCommand({
  name: 'scrape',
  operands: 'INPUT',
  summary: 'Shows what an exporter exposes: families with their types, series and sizes.',
  description: [
    'An input is an http(s) URL, host:port (its /metrics), a file, or - for standard input. gzip is unpacked.',
    'Series are counted as a server counts them: each bucket of a classic histogram is one. Sizes are those in the format that the server answered in.',
  ].join('\n'),
  options,
  exitCodes: new Map([
    [0, 'All of it could be read.'],
    [1, 'Something could not be read, or the command line is wrong. With --watch: the last scrape failed.'],
    [130, 'With --watch: it was interrupted.'],
  ]),
  errorCode: 1,
  run: async ({ options, operands: [input, ...more] }, console) => {
    if (input === undefined || more.length > 0) {
      throw new UsageError('it takes one input, and the interval of --watch stands behind =: --watch=5s.');
    }
    if (options.count !== undefined && options.watch === undefined) throw new UsageError('--count goes with --watch.');
    const { top, watch: intervalMs, count = Number.POSITIVE_INFINITY } = options;
    if (intervalMs !== undefined) {
      if (!isHttp(input)) throw new UsageError('--watch needs a URL.');
      return watch({ intervalMs, count, top, read: () => readSoundDocument(input, options, console.stdin) }, console);
    }
    const start = performance.now();
    const document = await readDocument(input, options, console.stdin);
    const milliseconds = performance.now() - start;
    const width = console.isTerminal ? console.columns : undefined;
    const lines = scrapeReport(document, { top, milliseconds, paint: console.paint, width });
    await console.write(`${lines.join('\n')}\n`);
    for (const error of document.errors) console.complain(error.message);
    return document.errors.length > 0 ? 1 : 0;
  },
});

function readDuration(text: string): number {
  return parseDuration(text);
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new RangeError(`${JSON.stringify(text)} is no number of 1 or more.`);
}
