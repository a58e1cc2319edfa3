const HOUR_MS = 3_600_000;
/** What Prometheus waits for where nothing else is configured. */
const DEFAULT_MS = 10_000;
const LONGEST_OFFSET_MS = 500;

/**
 * How long collectors may take, in milliseconds, so that the answer is there before the scraper gives up: what it says in
 * X-Prometheus-Scrape-Timeout-Seconds, less a tenth and at most half a second, and never more than `configuredMs`. A
 * header that is no positive decimal number does not count.
 */
export function scrapeBudgetMs(header: string | undefined, configuredMs?: number): number {
  const limit = scraperTimeoutMs(header);
  if (limit === undefined) return configuredMs ?? DEFAULT_MS;
  const budget = limit - Math.min(LONGEST_OFFSET_MS, limit / 10);
  return Math.min(budget, configuredMs ?? budget);
}

function scraperTimeoutMs(header: string | undefined): number | undefined {
  if (header === undefined || !/^(\d{1,9}(\.\d{0,30})?|\.\d{1,30})$/.test(header)) return undefined;
  const limit = Math.min(Number(header) * 1000, HOUR_MS);
  return limit > 0 ? limit : undefined;
}
