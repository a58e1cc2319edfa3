import type { IncomingMessage } from 'node:http';

/** A client that scrapes again and again. */
export interface KnownScraper {
  /** Address and User-Agent. */
  readonly name: string;
}

interface Seen extends KnownScraper {
  /** Time of the last scrape, by the monotonic clock. */
  at: number;
  /** Time between the last two scrapes, at least the scraper's timeout; undefined before the second. */
  intervalMs: number | undefined;
  /** Whether it has told its timeout, as Prometheus and its relatives do. */
  hasTimeout: boolean;
}

/** Scrapers beyond this number replace those that have not been seen for the longest time. */
const MAX_SCRAPERS = 100;
/** Interval of a scraper that has been seen once: Prometheus' default. */
const DEFAULT_INTERVAL_MS = 60_000;
/** A scraper that has come twice within less is waited for this long: it may have retried. */
const MIN_INTERVAL_MS = 5000;
const MAX_USER_AGENT = 200;

/** Keeps the scrapers of an endpoint apart by address and User-Agent, and estimates how often they scrape. */
export class KnownScrapers {
  /** In the order of their last scrapes. */
  readonly #seen = new Map<string, Seen>();

  /** Notes the beginning of a scrape, and returns its scraper. */
  seen({ headers, socket }: IncomingMessage): KnownScraper {
    const name = `${socket.remoteAddress ?? 'local'} ${(headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT)}`.trim();
    const timeoutMs = Number(headers['x-prometheus-scrape-timeout-seconds'] ?? Number.NaN) * 1000;
    const now = performance.now();
    const scraper = this.#seen.get(name) ?? { name, at: now, intervalMs: undefined, hasTimeout: false };
    if (this.#seen.has(name)) scraper.intervalMs = Math.max(now - scraper.at, timeoutMs || 0, MIN_INTERVAL_MS);
    scraper.at = now;
    scraper.hasTimeout ||= timeoutMs > 0;
    this.#seen.delete(name);
    this.#seen.set(name, scraper);
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= MAX_SCRAPERS) break;
      this.#seen.delete(oldest);
    }
    return scraper;
  }

  /** The scrapers that have been seen within their last two intervals. */
  recent(): KnownScraper[] {
    const now = performance.now();
    return [...this.#seen.values()].filter(({ at, intervalMs, hasTimeout }) => {
      const isScraper = hasTimeout || intervalMs !== undefined;
      return isScraper && now - at <= 2 * (intervalMs ?? DEFAULT_INTERVAL_MS);
    });
  }
}
