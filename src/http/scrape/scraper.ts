import { acceptsGzip } from '../../exposition/content-encoding.ts';
import { negotiate } from '../../exposition/negotiate.ts';
import { callUserCode } from '../../model/user-code.ts';
import { defaultRegistry } from '../../registry/default-registry.ts';
import type { CollectorFailure, Gatherer } from '../../registry/gathering.ts';
import type { WriteLimits } from '../response/write-limits.ts';
import { scrapeBudgetMs } from './budget.ts';
import { GatheringPool, type Scraped, type ScrapeWish } from './gather-coalescer.ts';
import { HandlerMetrics } from './handler-metrics.ts';
import type { HandlerOptions, ScrapeOptions } from './handler-options.ts';
import { BadRequest, parseScrapeQuery, type ScrapeQuery } from './query.ts';
import { RequestLimit } from './request-limit.ts';

const MAX_REQUESTS = 40;
const WRITE_MS = 30_000;

/** A request for metrics, whatever it came by. */
export interface Asked {
  /** The path and the query, or a whole URL. */
  readonly url: string;
  /** The value of a header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** Aborts when the scraper has gone. */
  readonly signal: AbortSignal;
  /** Sends it away. */
  readonly cut: () => void;
  /** Whether the body may be compressed where the options do not say so; it may by default. */
  readonly mayCompress?: boolean;
}

/** What handlers of metrics have in common: options, limits, queries, failures and metrics of their own. */
export class Scraper {
  readonly limit: RequestLimit;
  readonly metrics: HandlerMetrics | undefined;
  readonly #options: HandlerOptions;
  readonly #registry: Gatherer;
  readonly #pool: GatheringPool;

  constructor(options: HandlerOptions) {
    const { registry = defaultRegistry, maxRequests = MAX_REQUESTS, selfMetrics } = options;
    checkScrapeOptions(options);
    this.#options = options;
    this.#registry = registry;
    this.limit = new RequestLimit(maxRequests);
    this.metrics = selfMetrics && new HandlerMetrics(selfMetrics);
    this.#pool = new GatheringPool({
      ...options,
      registry,
      onFailure: (failure, cause) => {
        this.metrics?.failed(cause);
        this.#tell(failure);
      },
      onOmitted: (samples) => this.metrics?.omitted(samples),
    });
  }

  /** Throws a BadRequest where the query cannot be answered. */
  wishOf({ url, header, signal, cut, mayCompress = true }: Asked): ScrapeWish {
    const { compress = mayCompress, timeoutMs } = this.#options;
    return {
      query: this.#known(parseScrapeQuery(url)),
      negotiated: negotiate(header('accept')),
      isZipped: compress && acceptsGzip(header('accept-encoding')),
      budgetMs: scrapeBudgetMs(header('x-prometheus-scrape-timeout-seconds'), timeoutMs),
      signal,
      cut,
    };
  }

  /** Rejects where nothing can be gathered, or when the scraper goes. */
  scrape(wish: ScrapeWish): Promise<Scraped> {
    return this.#pool.scrape(wish);
  }

  /** What is said instead of what was scraped, with status 500; undefined where it can be shown. */
  failureOf({ failures, isEmpty }: Scraped): string | undefined {
    const isFailure = failures.length > 0 && (isEmpty || this.#options.errorMode === 'http-error');
    return isFailure ? failureText(failures) : undefined;
  }

  /** Tells of a scrape that failed as a whole, and gives what is said of it. */
  failed(error: Error): string {
    const failure = { collector: 'registry', error };
    this.metrics?.failed('gathering');
    this.#tell(failure);
    return failureText([failure]);
  }

  /** There is nowhere to tell of a listener that fails itself. */
  #tell(failure: CollectorFailure): void {
    callUserCode(() => this.#options.onError?.(failure));
  }

  writeLimits({ budgetMs }: ScrapeWish): WriteLimits {
    return { idleMs: WRITE_MS, totalMs: Math.max(WRITE_MS, 2 * budgetMs), ...this.#options.writeLimits };
  }

  /** Throws a BadRequest where a collector is asked for that there is not. */
  #known(query: ScrapeQuery): ScrapeQuery {
    const asked = query.collect ?? query.exclude;
    if (asked === undefined) return query;
    const known = new Set(this.#registry.collectorNames);
    const unknown = asked.find((name) => !known.has(name));
    if (unknown === undefined) return query;
    throw new BadRequest(`There is no collector ${JSON.stringify(unknown.slice(0, 100))}, or it is disabled.`);
  }
}

/** Throws where a mistake would show at the first scrape only. */
function checkScrapeOptions({ timeoutMs, errorMode = 'continue' }: ScrapeOptions): void {
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw new RangeError(`timeoutMs must be a number of milliseconds above 0, got ${String(timeoutMs)}.`);
  }
  if (errorMode !== 'continue' && errorMode !== 'http-error') {
    throw new RangeError(`errorMode must be continue or http-error, got ${String(errorMode)}.`);
  }
}

/** What failed, and not how: a message may hold what is nobody's business but the log's. */
function failureText(failures: readonly CollectorFailure[]): string {
  const names = [...new Set(failures.map(({ collector }) => collector))].slice(0, 20);
  return `An error has occurred while serving metrics:\n\n${names.map((name) => `${name} failed\n`).join('')}`;
}

/** The headers of a response with metrics. */
export function headersFor(contentType: string): Record<string, string> {
  return {
    'Content-Type': contentType,
    Vary: 'Accept, Accept-Encoding',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    // As Prometheus' own handlers, so that scrapers can detect resets. Read here: Node 26 loads a module at first use.
    'Process-Start-Time-Unix': String(Math.floor(performance.timeOrigin / 1000)),
  };
}
