import { negotiate } from '../../exposition/negotiate.ts';
import { checkMilliseconds } from '../../model/number-option.ts';
import { callUserCode } from '../../model/thrown.ts';
import { defaultRegistry } from '../../registry/default-registry.ts';
import type { CollectorFailure, Gatherer } from '../../registry/gathering.ts';
import type { WriteLimits } from '../response/write-limits.ts';
import { codingFor } from './content-coding.ts';
import { GatherCoalescer, type ScrapeRequest, type ScrapeResult } from './gather-coalescer.ts';
import { HandlerMetrics } from './handler-metrics.ts';
import type { HandlerOptions } from './handler-options.ts';
import { BadRequest, parseScrapeQuery, type ScrapeQuery, scrapeTimeoutMs } from './query.ts';
import { RequestLimit } from './request-limit.ts';

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

/** The common part of all metrics handlers: options, limits, queries, failures and their own metrics. */
export class Scraper {
  readonly limit: RequestLimit;
  readonly metrics: HandlerMetrics | undefined;
  readonly #options: HandlerOptions;
  readonly #registry: Gatherer;
  readonly #coalescer: GatherCoalescer;

  /** Throws a TypeError or RangeError for invalid options. */
  constructor(options: HandlerOptions) {
    const { registry = defaultRegistry, maxRequests, selfMetrics } = options;
    checkOptions(options);
    this.#options = options;
    this.#registry = registry;
    this.limit = new RequestLimit(maxRequests);
    this.metrics = selfMetrics && new HandlerMetrics(selfMetrics);
    this.#coalescer = new GatherCoalescer({
      ...options,
      registry,
      onFailure: (failure, cause) => {
        this.metrics?.partFailed(cause);
        this.#report(failure);
      },
      onOmitted: (samples) => this.metrics?.samplesOmitted(samples),
    });
  }

  /** Throws a BadRequest if the query cannot be answered. */
  parseRequest({ url, header, signal, drop, mayCompress = true }: IncomingScrape): ScrapeRequest {
    const { compress = mayCompress, timeoutMs } = this.#options;
    return {
      query: this.#checkCollectors(parseScrapeQuery(url)),
      negotiated: negotiate(header('accept')),
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

  /** Reports a scrape that failed as a whole. Returns the body of the response with status 500. */
  reportFailure(error: Error): string {
    const failure = { collector: 'registry', error };
    this.metrics?.partFailed('gathering');
    this.#report(failure);
    return textOfFailures([failure]);
  }

  writeLimits({ timeoutMs }: ScrapeRequest): WriteLimits {
    const { idleMs = WRITE_MS, totalMs = Math.max(WRITE_MS, 2 * timeoutMs) } = this.#options.writeLimits ?? {};
    return { idleMs, totalMs };
  }

  /** Ignores errors of the listener: there is nowhere to report them. */
  #report(failure: CollectorFailure): void {
    callUserCode(() => this.#options.onError?.(failure));
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

/** Throws if an option is invalid, rather than failing at the first scrape. */
function checkOptions({
  timeoutMs,
  errorMode = 'continue',
  writeLimits: { idleMs, totalMs } = {},
}: HandlerOptions): void {
  checkMilliseconds('timeoutMs', timeoutMs);
  checkMilliseconds('writeLimits.idleMs', idleMs);
  checkMilliseconds('writeLimits.totalMs', totalMs);
  if (errorMode !== 'continue' && errorMode !== 'http-error') {
    throw new RangeError(`errorMode must be continue or http-error, got ${String(errorMode)}.`);
  }
}

/** Names what failed but not why: an error message may contain secrets. Those belong in the log. */
function textOfFailures(failures: readonly CollectorFailure[]): string {
  const names = [...new Set(failures.map(({ collector }) => collector))].slice(0, 20);
  return `An error has occurred while serving metrics:\n\n${names.map((name) => `${name} failed\n`).join('')}`;
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
