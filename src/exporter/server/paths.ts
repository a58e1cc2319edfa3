/** Paths of an exporter that are not for metrics. */
export const PATHS = {
  landing: '/',
  icon: '/favicon.ico',
  healthy: '/-/healthy',
  ready: '/-/ready',
  reload: '/-/reload',
  quit: '/-/quit',
} as const;

/** The path of a request in its canonical form. Only the path of a whole URL counts, which is what proxies send. */
export function pathOf(url: string): string {
  // By hand: `new URL()` throws for `//`, and takes `//host/metrics` for a path of another host.
  const local = url.replace(/^https?:\/\/[^/?#]*/i, '');
  const end = local.search(/[?#]/);
  return canonicalPath(end === -1 ? local : local.slice(0, end));
}

/**
 * The same text for all spellings of a path: its escapes decoded, a character for each byte. A `/` that is escaped
 * separates nothing, and stays as it is, and so does `%`.
 */
export function canonicalPath(path: string): string {
  return path.replace(/%([0-9a-f]{2})?/gi, (_, hex: string | undefined) => {
    const code = Number.parseInt(hex ?? '25', 16);
    return code === 0x2f ? '%2F' : code === 0x25 ? '%25' : String.fromCharCode(code);
  });
}

/** Reads the path of metrics, and gives it as clients send it. Throws a RangeError for one that is taken, or none. */
export function parseTelemetryPath(text: string): string {
  const path = sentPath(text);
  if (path === undefined) throw new RangeError(`The path must begin with / and ${RULE}, got ${JSON.stringify(text)}.`);
  if (Object.values<string>(PATHS).includes(canonicalPath(path))) {
    throw new RangeError(`The path must not be one that the exporter itself has, got ${JSON.stringify(text)}.`);
  }
  return path;
}

/**
 * Reads the prefix of all paths: empty, or without a slash at its end. Throws a RangeError for none, also for one that begins
 * like a host: a redirect to it would lead there.
 */
export function parsePrefix(text: string): string {
  const prefix = text === '' ? '' : sentPath(text)?.replace(/\/+$/, '');
  if (prefix !== undefined && !prefix.includes('//')) return prefix;
  throw new RangeError(`A prefix must begin with /, have no // and ${RULE}, got ${JSON.stringify(text)}.`);
}

const RULE = 'have no query, fragment, backslash, space or control character';

/** As clients write it in a request: in ASCII, without dot segments. */
function sentPath(text: string): string | undefined {
  return /^\/[^?#\\\s\p{Cc}]*$/u.test(text) ? new URL(`http://localhost${text}`).pathname : undefined;
}
