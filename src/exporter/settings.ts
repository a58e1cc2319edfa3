import { defaultTexts, type Flag, type Flags } from '../command-line/flag.ts';
import { formatDuration } from '../model/duration.ts';
import type { Setting } from '../status-page/protocol.ts';
import { SERVER_LIMITS } from './server/server-limits.ts';

const MASKED = '(masked)';

/** Names of flags and parameters that probably have secrets as their values. */
const SECRET =
  /pass(?:w(?:or)?d|phrase|code)?|pwd|secret|token|credential|auth|bearer|api[-_.]?key|private|signature|cookie|header|dsn/i;
/** A path of a file is not a secret. */
const FILE = /[-._](?:file|path)$/i;

/** Returns the flags in force, without secrets, and the limits of the server. */
export function settingsOf(flags: Flags, given: ReadonlyMap<string, readonly string[]>): readonly Setting[] {
  const settings = Object.entries(flags).map(([name, flag]) => {
    const texts = given.get(name);
    const value = (texts ?? defaultTexts(flag)).map((text) => shown(name, flag, text)).join(', ');
    return { group: 'Flags', name: `--${name}`, value, isDefault: texts === undefined, help: flag.help };
  });
  return [...settings, ...LIMITS];
}

function shown(name: string, { isSecret, isSwitch }: Flag, text: string): string {
  if (text === '' || isSwitch) return text;
  return isSecret || (SECRET.test(name) && !FILE.test(name)) ? MASKED : withoutSecrets(text);
}

/** Masks passwords in URLs and in connection strings, and parameters with the name of a secret. */
function withoutSecrets(text: string): string {
  return text
    .replace(/(:\/\/)[^/?#\s]*@/g, `$1${MASKED}@`)
    .replace(/([\w.-]+)(\s*=\s*)([^&;,\s]+)/g, (whole, key: string, equals: string) =>
      SECRET.test(key) || /^(?:key|sig)$/i.test(key) ? `${key}${equals}${MASKED}` : whole,
    )
    .replace(/\b(Bearer|Basic)\s+\S+/gi, `$1 ${MASKED}`);
}

const LIMITS: readonly Setting[] = [
  limit('headers', formatDuration(SERVER_LIMITS.headersTimeout), 'Maximum time for the headers of a request.'),
  limit('request', formatDuration(SERVER_LIMITS.requestTimeout), 'Maximum time for a request.'),
  limit('idle connection', formatDuration(SERVER_LIMITS.betweenRequests), 'Maximum time between two requests.'),
  limit('TLS handshake', formatDuration(SERVER_LIMITS.handshakeTimeout), 'Maximum time for a TLS handshake.'),
  limit('connections', String(SERVER_LIMITS.maxConnections), 'Maximum number of connections.'),
];

function limit(name: string, value: string, help: string): Setting {
  return { group: 'Limits', name, value, isDefault: true, help };
}
