import type { Flag, Flags, FlagValues } from '../../command-line/flag.ts';
import { oneOf } from '../../command-line/flag.ts';
import { parseDuration } from '../../model/duration.ts';
import type { ParseMode } from '../../parse/input/options.ts';
import { parseSize } from '../command/number-format.ts';
import { formatNames } from './format-names.ts';

/** Describes the operand INPUT in the help of a command. */
export const inputDescription =
  'An input is a file, an http(s) URL, host:port, a port of this machine, unix:/run/x.sock, or - for standard input. Servers without a path are asked for /metrics. gzip is decompressed.';

/** Flags of all commands that read expositions. */
export const inputFlags = {
  from: {
    help: `Format of the input, also requested from servers: ${formatNames.join(', ')}. By default the format that the server declares, or else the one that is detected.`,
    placeholder: 'FORMAT',
    parse: oneOf(formatNames),
  },
  'max-size': {
    help: 'Maximum size of an input after decompression.',
    placeholder: 'SIZE',
    default: '256MiB',
    parse: parseSize,
  },
  timeout: {
    help: 'Maximum time to wait for the whole response of a server.',
    placeholder: 'DURATION',
    default: '10s',
    parse: (text) => parseDuration(text),
  },
  header: {
    help: 'Send a header to the server.',
    placeholder: '"NAME: VALUE"',
    isRepeatable: true,
    parse: parseHeader,
  },
  user: {
    help: 'Authenticate with a name and a password.',
    placeholder: 'NAME:PASSWORD',
    // The error does not quote the text, which may be a password.
    parse: (text: string) => {
      if (!text.includes(':')) throw new RangeError('must be a name and a password, separated by a colon.');
      return text;
    },
  },
  'bearer-token': { help: 'Authenticate with a token.', placeholder: 'TOKEN' },
  'bearer-token-file': { help: 'Authenticate with the token in a file.', placeholder: 'FILE' },
  'ca-file': {
    help: 'Trust servers that the certificate authorities in a PEM file have signed, and no others.',
    placeholder: 'FILE',
  },
  'cert-file': { help: 'Authenticate with the client certificate in a PEM file.', placeholder: 'FILE' },
  'key-file': { help: 'Private key of --cert-file, if it is in another file.', placeholder: 'FILE' },
  insecure: { help: 'Accept any certificate of the server. Use it in tests only.', isSwitch: true, default: 'false' },
} satisfies Flags;

export type InputFlagValues = FlagValues<typeof inputFlags>;

/** Returns the flag for how strictly documents are read. */
export function modeFlag<const D extends ParseMode>(byDefault: D) {
  return {
    help: 'strict accepts what the specification of the format allows, prometheus what a Prometheus server accepts.',
    placeholder: 'MODE',
    default: byDefault,
    parse: oneOf(['strict', 'prometheus']),
  } satisfies Flag<ParseMode>;
}

function parseHeader(text: string): [string, string] {
  const [, name, value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*([\t\x20-\x7e\x80-\xff]*)$/.exec(text) ?? [];
  // Shows only the name: the rest may be a secret.
  const shown = JSON.stringify(/^[^:\s]*/.exec(text)?.[0]);
  if (name === undefined) throw new RangeError(`must be written as "Name: value", got ${shown}.`);
  return [name, value.trim()];
}
