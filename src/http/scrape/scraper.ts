import { chooseOnRequest } from '../../exposition/negotiation.ts';
import { defaultRegistry } from '../../registry/default-registry.ts';
import type { Gatherer } from '../../registry/gathering.ts';
import type { WriteLimits } from '../response/write-limits.ts';
import { codingFor } from './content-coding.ts';
import { GatherCoalescer, type ScrapeRequest, type ScrapeResult } from './gather-coalescer.ts';
import type { HandlerOptions } from './handler-options.ts';
import { BadRequest, parseScrapeQuery, type ScrapeQuery, scrapeTimeoutMs } from './query.ts';
import { type ScrapeReports, textOfFailures } from './scrape-reports.ts';

const WRITE_MS = 30_000;

/** A request for metrics, independent of the kind of server. */
export interface IncomingScrape {
  /** Path and query, or a full URL. */
  readonly url: string;
  /** Returns the value of a header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /** Drops the client. */
  readonly drop: () => void;
  /** Whether the body may be compressed if the options do not say so; true by default. */
  readonly mayCompress?: boolean;
}

/** Answers the scrapes of one handler: reads requests, shares gatherings and decides what is a failure. */
export class Scraper {
  readonly #options: HandlerOptions;
  readonly #registry: Gatherer;
  readonly #coalescer: GatherCoalescer;

  constructor(options: HandlerOptions, reports: ScrapeReports) {
    const { registry = defaultRegistry } = options;
    this.#options = options;
    this.#registry = registry;
    this.#coalescer = new GatherCoalescer({
      ...options,
      registry,
      onFailure: (failure, cause) => reports.partFailed(failure, cause),
      onOmitted: (samples) => reports.metrics?.samplesOmitted(samples),
    });
  }

  /** Throws a BadRequest if the query cannot be answered. */
  parseRequest({ url, header, signal, drop, mayCompress = true }: IncomingScrape): ScrapeRequest {
    const { compress = mayCompress, timeoutMs } = this.#options;
    return {
      query: this.#checkCollectors(parseScrapeQuery(url)),
      negotiated: chooseOnRequest(header('accept')),
      coding: compress ? codingFor(header('accept-encoding')) : undefined,
      timeoutMs: scrapeTimeoutMs(header('x-prometheus-scrape-timeout-seconds'), timeoutMs),
      signal,
      drop,
    };
  }

  /** Rejects if nothing can be gathered, or when the client disconnects. */
  scrape(request: ScrapeRequest): Promise<ScrapeResult> {
    return this.#coalescer.scrape(request);
  }

  /** Returns the body of a response with status 500, or undefined if the result can be exposed. */
  failureText({ failures, isEmpty }: ScrapeResult): string | undefined {
    const isFailure = failures.length > 0 && (isEmpty || this.#options.errorMode === 'http-error');
    return isFailure ? textOfFailures(failures) : undefined;
  }

  writeLimits({ timeoutMs }: ScrapeRequest): WriteLimits {
    const { idleMs = WRITE_MS, totalMs = Math.max(WRITE_MS, 2 * timeoutMs) } = this.#options.writeLimits ?? {};
    return { idleMs, totalMs };
  }

  /** Throws a BadRequest if the query names an unknown collector. */
  #checkCollectors(query: ScrapeQuery): ScrapeQuery {
    const asked = query.collect ?? query.exclude;
    if (asked === undefined) return query;
    const known = new Set(this.#registry.collectorNames);
    const unknown = asked.find((name) => !known.has(name));
    if (unknown === undefined) return query;
    throw new BadRequest(`Unknown or disabled collector ${JSON.stringify(unknown.slice(0, 100))}.`);
  }
}

/** Returns the headers of a response with metrics. */
export function headersFor(contentType: string): Record<string, string> {
  // Read per scrape: Node.js 26 loads a module at the first use of `performance.timeOrigin`. It is 0 if the runtime has no clock
  // when it starts.
  const startSeconds = Math.floor(performance.timeOrigin / 1000);
  return {
    'Content-Type': contentType,
    Vary: 'Accept, Accept-Encoding',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    // Sent by Prometheus' own handlers too, so that scrapers can detect resets.
    ...(startSeconds > 0 && { 'Process-Start-Time-Unix': String(startSeconds) }),
  };
}
