import type { FormatOptions } from '../exposition/format.ts';
import type { CollectorFailure, Gatherer } from '../registry/gathering.ts';
import type { Registry } from '../registry/registry.ts';
import type { WriteLimits } from './write-deadline.ts';

export interface HandlerOptions extends FormatOptions {
  /** The default registry by default. */
  readonly registry?: Gatherer;
  /**
   * How long collectors may take at most, in milliseconds. By default as long as the scraper waits, less a tenth and at
   * most half a second; 10,000 where it does not say how long that is.
   */
  readonly timeoutMs?: number;
  /** Told once of each collector or family that failed, and of a registry that did. */
  readonly onError?: (failure: CollectorFailure) => void;
  /** What a scrape becomes whose collectors failed in part: `continue`, the default, without them, or status 500. */
  readonly errorMode?: 'continue' | 'http-error';
  /** Scrapes that are answered at the same time; others get status 503. 40 by default, 0 is any number. */
  readonly maxRequests?: number;
  /** Whether bodies are compressed for clients that accept it; they are by default. */
  readonly compress?: boolean;
  /** Where `metrics_handler_...` are registered; nowhere by default. */
  readonly selfMetrics?: Registry;
  /** How long a scraper may read nothing, 30,000 by default, or take for all of it, twice the time of the collectors. */
  readonly writeLimits?: Partial<WriteLimits>;
}
