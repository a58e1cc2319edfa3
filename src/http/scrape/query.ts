import type { IncomingMessage } from 'node:http';

/** The part of a scrape query that is used. A member is undefined if the query does not have it. */
export interface ScrapeQuery {
  /** `name[]`: families or samples to expose. */
  readonly names: readonly string[] | undefined;
  /** `collect[]`: collectors to gather. */
  readonly collect: readonly string[] | undefined;
  /** `exclude[]`: collectors not to gather. */
  readonly exclude: readonly string[] | undefined;
}

/** Thrown for a request that is answered with status 400 and the error message. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

const MAX_PARAMETERS = 1000;
const HOUR_MS = 3_600_000;
/** Prometheus' default scrape timeout. */
const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_OFFSET_MS = 500;

/**
 * Reads `name[]`, `collect[]` and `exclude[]` from the query of a URL; other parameters are ignored. Throws a
 * BadRequest for malformed percent-encoding, for more than 1,000 parameters and for `collect[]` together with
 * `exclude[]`.
 */
export function parseScrapeQuery(url: string): ScrapeQuery {
  const parameters = parametersOf(url);
  const all = (key: string) => {
    const values = parameters.filter(([name]) => name === key).map(([, value]) => value);
    return values.length === 0 ? undefined : [...new Set(values)];
  };
  const query = { names: all('name[]'), collect: all('collect[]'), exclude: all('exclude[]') };
  if (query.collect && query.exclude) throw new BadRequest('Combined collect and exclude queries are not allowed.');
  return query;
}

/** Whether a request is a scrape of all families and collectors. */
export function isWholeScrape({ method, url = '' }: IncomingMessage): boolean {
  if (method !== 'GET') return false;
  try {
    return Object.values(parseScrapeQuery(url)).every((part) => part === undefined);
  } catch {
    return false;
  }
}

/** Returns the decoded names and values of a query. Throws a BadRequest if they cannot be decoded or are too many. */
export function parametersOf(url: string): [name: string, value: string][] {
  const start = url.indexOf('?');
  if (start === -1) return [];
  const parts = url.slice(start + 1).split('&', MAX_PARAMETERS + 1);
  if (parts.length > MAX_PARAMETERS) throw new BadRequest(`More than ${MAX_PARAMETERS} parameters in the query.`);
  return parts.map((part) => {
    const equals = part.indexOf('=');
    if (equals === -1) return [decoded(part), ''];
    return [decoded(part.slice(0, equals)), decoded(part.slice(equals + 1))];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new BadRequest('Malformed percent-encoding in the query.');
  }
}

/**
 * Returns how long collectors may take, in milliseconds, so that the scraper has the response before its timeout: the
 * timeout in X-Prometheus-Scrape-Timeout-Seconds, less a tenth and at most half a second, but never more than
 * `configuredMs`. Invalid or non-positive headers are ignored.
 */
export function scrapeTimeoutMs(header: string | undefined, configuredMs?: number): number {
  const isNumber = header !== undefined && /^(\d{1,9}(\.\d{0,30})?|\.\d{1,30})$/.test(header);
  const scraperMs = isNumber ? Math.min(Number(header) * 1000, HOUR_MS) : 0;
  if (scraperMs === 0) return configuredMs ?? DEFAULT_TIMEOUT_MS;
  const timeoutMs = scraperMs - Math.min(MAX_OFFSET_MS, scraperMs / 10);
  return Math.min(timeoutMs, configuredMs ?? timeoutMs);
}
