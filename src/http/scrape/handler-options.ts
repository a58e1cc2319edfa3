import type { FormatOptions } from '../../exposition/encoding/format.ts';
import type { CollectorFailure, Gatherer } from '../../registry/gathering.ts';
import type { Registry } from '../../registry/registry.ts';
import type { WriteLimits } from '../response/write-limits.ts';

/** How scrapes are answered: what `metricsHandler()` and `runExporter()` have in common. */
export interface ScrapeOptions extends FormatOptions {
  /**
   * How long collectors may take at most, in milliseconds. By default as long as the scraper waits, less a tenth and at
   * most half a second; 10,000 where it does not say how long that is.
   */
  readonly timeoutMs?: number | undefined;
  /** What a scrape becomes whose collectors failed in part: `continue`, the default, without them, or status 500. */
  readonly errorMode?: 'continue' | 'http-error' | undefined;
  /**
   * Whether bodies are compressed for clients that accept it. They are by default, except in `metricsFetchHandler()` under
   * Next.js, which drops the `Content-Encoding` of responses and compresses them itself.
   */
  readonly compress?: boolean | undefined;
}

export interface HandlerOptions extends ScrapeOptions {
  /** The default registry by default. */
  readonly registry?: Gatherer;
  /**
   * Told once of each collector or family that failed, and of a registry that did. What it throws, or rejects with, is
   * ignored.
   */
  readonly onError?: (failure: CollectorFailure) => void;
  /** Scrapes that are answered at the same time; others get status 503. 40 by default, 0 is any number. */
  readonly maxRequests?: number;
  /** Where `metrics_handler_...` are registered; nowhere by default. */
  readonly selfMetrics?: Registry;
  /** How long a scraper may read nothing, 30,000 by default, or take for all of it, twice the time of the collectors. */
  readonly writeLimits?: Partial<WriteLimits>;
}
