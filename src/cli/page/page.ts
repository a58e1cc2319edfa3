import { type Flags, portFrom } from '../../command-line/flag.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { parseDuration } from '../../model/duration.ts';
import { defineCommand } from '../command/command.ts';
import { SIGNALS } from '../command/command-io.ts';
import { inputFlags, modeFlag } from '../input/input-flags.ts';
import { isServerName } from '../input/server-name.ts';

const flags = {
  port: { help: 'Port of the page on this machine; 0 for any free port.', default: '0', parse: portFrom(0) },
  interval: {
    help: 'Interval of scrapes while a page is open.',
    placeholder: 'DURATION',
    default: '5s',
    parse: (text) => parseDuration(text),
  },
  mode: modeFlag('prometheus'),
  ...inputFlags,
} satisfies Flags;

export const page = defineCommand({
  name: 'page',
  operands: 'INPUT',
  summary: 'Serves a live page about the metrics of any exporter, for a browser on this machine.',
  description: [
    'INPUT is an http(s) URL, host:port, a port or unix:PATH. It is scraped only while a page is open.',
    'The page is served on 127.0.0.1 until a signal ends the command.',
  ],
  flags,
  exitCodes: new Map([
    [1, 'The page cannot be served, or the command line is invalid.'],
    [130, 'Interrupted.'],
  ]),
  errorCode: 1,
  run: async ({ flags, operands: [input, ...more] }, io) => {
    if (input === undefined || more.length > 0) throw new UsageError('one input is required.');
    if (!isServerName(input)) {
      throw new UsageError(`a server is required, such as a URL or host:port, got ${JSON.stringify(input)}.`);
    }
    const { servePage } = await import('./serve-page.ts'); // It loads much that other commands do not need.
    const server = await servePage(input, flags, io);
    try {
      await io.write(`Serving the page at ${server.url}\n`);
      return await nextSignal();
    } finally {
      await server.close();
    }
  },
});

/** Resolves with the exit code for the signal that arrives. */
function nextSignal(): Promise<number> {
  return new Promise((resolve) => {
    for (const [name, code] of Object.entries(SIGNALS)) process.once(name, () => resolve(code));
  });
}
