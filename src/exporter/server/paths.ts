/** Paths that the exporter itself serves. */
export const PATHS = {
  landing: '/',
  icon: '/favicon.ico',
  healthy: '/-/healthy',
  ready: '/-/ready',
  reload: '/-/reload',
  quit: '/-/quit',
} as const;

/** Returns the canonical path of a request, which may also be for an absolute URL, as proxies send it. */
export function pathOf(url: string): string {
  // Not with `new URL()`, which throws for `//` and takes `//host/metrics` for the URL of another host.
  const local = url.replace(/^https?:\/\/[^/?#]*/i, '');
  const end = local.search(/[?#]/);
  return canonicalPath(end === -1 ? local : local.slice(0, end));
}

/**
 * Returns the same text for all spellings of a path: percent escapes are decoded, a character for each byte, except for
 * `/` (which would separate segments) and `%`.
 */
export function canonicalPath(path: string): string {
  return path.replace(/%([0-9a-f]{2})?/gi, (_, hex: string | undefined) => {
    const code = Number.parseInt(hex ?? '25', 16);
    return code === 0x2f ? '%2F' : code === 0x25 ? '%25' : String.fromCharCode(code);
  });
}

/**
 * Parses the path of metrics, and returns it as clients send it.
 *
 * @throws {RangeError} if it is invalid or one of {@link PATHS}.
 */
export function parseTelemetryPath(text: string): string {
  const path = sentPath(text);
  if (path === undefined) throw new RangeError(`must start with / and ${RULE}, got ${JSON.stringify(text)}.`);
  if (Object.values<string>(PATHS).includes(canonicalPath(path))) {
    throw new RangeError(`must not be a path of the exporter itself, got ${JSON.stringify(text)}.`);
  }
  return path;
}

/**
 * Parses the prefix of all paths: empty, or without a slash at its end.
 *
 * @throws {RangeError} if it is invalid; `//host` too, since a redirect to it would lead to another host.
 */
export function parsePrefix(text: string): string {
  const prefix = text === '' ? '' : sentPath(text)?.replace(/\/+$/, '');
  if (prefix !== undefined && !prefix.includes('//')) return prefix;
  throw new RangeError(`must start with /, have no // and ${RULE}, got ${JSON.stringify(text)}.`);
}

const RULE = 'have no query, fragment, backslash, space or control character';

/** Returns the path as clients send it: in ASCII, without dot segments; undefined if it is invalid. */
function sentPath(text: string): string | undefined {
  return /^\/[^?#\\\s\p{Cc}]*$/u.test(text) ? new URL(`http://localhost${text}`).pathname : undefined;
}
