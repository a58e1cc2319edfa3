import { parseDuration } from '../../model/duration.ts';
import { listOption, type OptionValues, oneOf, valueOption } from '../command/options.ts';
import { parseSize } from '../command/size.ts';
import { formatNames } from './format-names.ts';

/** Options of all commands that read expositions. */
export const inputOptions = {
  from: valueOption(
    'FORMAT',
    `The format of the input, and the one to ask servers for: ${formatNames.join(', ')}. By default what the server says, or what it looks like.`,
    oneOf(formatNames),
    undefined,
  ),
  'max-size': valueOption('SIZE', 'Refuse inputs that are larger, unpacked; 256MiB by default.', parseSize, 2 ** 28),
  timeout: valueOption('DURATION', 'How long to wait for a server; 10s by default.', parseDuration, 10_000),
  header: listOption('"NAME: VALUE"', 'Send a header to the server. May be repeated.', parseHeader),
  user: valueOption('NAME:PASSWORD', 'Authenticate with a name and a password.', parseUser, undefined),
  'bearer-token': valueOption('TOKEN', 'Authenticate with a token.', String, undefined),
  'bearer-token-file': valueOption('FILE', 'Authenticate with the token in a file.', String, undefined),
};

export type InputOptions = OptionValues<typeof inputOptions>;

function parseHeader(text: string): [string, string] {
  const [, name, value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*([\t\x20-\x7e\x80-\xff]*)$/.exec(text) ?? [];
  // Only what should be its name: the rest may be a secret.
  const shown = JSON.stringify(/^[^:\s]*/.exec(text)?.[0]);
  if (name === undefined) throw new RangeError(`${shown} is no header: write "Name: value".`);
  return [name, value.trim()];
}

function parseUser(text: string): string {
  if (!text.includes(':')) throw new RangeError('write the name and the password with a colon between them.');
  return text;
}
