import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { acceptsGzip } from '../exposition/content-encoding.ts';
import type { FormatOptions } from '../exposition/format.ts';
import { negotiate } from '../exposition/negotiate.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import type { CollectorFailure, Gatherer } from '../registry/gathering.ts';
import type { Registry } from '../registry/registry.ts';
import { cutOff, isGone, onceClosed } from './closed.ts';
import { hasBody, sendText } from './routes.ts';
import { scrapeBudgetMs } from './scrape/budget.ts';
import { GatheringPool, type Scraped, type ScrapeWish } from './scrape/gathering-pool.ts';
import { BadRequest, parseScrapeQuery, type ScrapeQuery } from './scrape/query.ts';
import { type Place, RequestLimit } from './scrape/request-limit.ts';
import { HandlerMetrics } from './scrape/self-metrics.ts';
import { sendPieces } from './scrape/send-pieces.ts';
import { limitWriting, SHORT_ANSWER, type WriteLimits } from './write-deadline.ts';

const METHODS = 'GET, HEAD, OPTIONS';
const MAX_REQUESTS = 40;

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

/**
 * Answers scrapes in the format that suits the scraper best: a listener for any `node:http` server, or for one path of
 * it. Paths are the caller's matter. `name[]`, `collect[]` and `exclude[]` in the query ask for a part. Scrapes at the same
 * time share one gathering, and one that nobody waits for any more is aborted.
 */
export function metricsHandler(options: HandlerOptions = {}): RequestListener {
  const handler = new ScrapeHandler(options);
  return (request, response) => handler.handle(request, response);
}

class ScrapeHandler {
  readonly #options: HandlerOptions;
  readonly #registry: Gatherer;
  readonly #pool: GatheringPool;
  readonly #limit: RequestLimit;
  readonly #metrics: HandlerMetrics | undefined;

  constructor(options: HandlerOptions) {
    const { registry = defaultRegistry, maxRequests = MAX_REQUESTS, selfMetrics } = options;
    this.#options = options;
    this.#registry = registry;
    this.#limit = new RequestLimit(maxRequests);
    this.#metrics = selfMetrics && new HandlerMetrics(selfMetrics);
    this.#pool = new GatheringPool({
      ...options,
      registry,
      onFailure: (failure, cause) => {
        this.#metrics?.failed(cause);
        options.onError?.(failure);
      },
    });
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (hasBody(request)) response.setHeader('Connection', 'close');
    if (request.method !== 'GET' && request.method !== 'HEAD') refuse(request, response);
    else if (hasBody(request)) sendText(request, response, 400, 'A request here has no body.\n');
    else this.#admit(request, response);
  }

  #admit(request: IncomingMessage, response: ServerResponse): void {
    this.#count(response);
    const place = this.#limit.enter(() => cutOff(response));
    if (place === undefined) {
      response.setHeader('Retry-After', '1');
      sendText(request, response, 503, this.#limit.refusal);
      return;
    }
    onceClosed(response, () => place.leave());
    this.#scrape(request, response, place).catch((error: unknown) => this.#fail(request, response, error));
  }

  async #scrape(request: IncomingMessage, response: ServerResponse, place: Place): Promise<void> {
    const wish = this.#wishOf(request, response);
    const scraped = await this.#pool.scrape(wish);
    try {
      if (this.#isFailure(scraped)) return sendText(request, response, 500, failureText(scraped.failures));
      const { budgetMs, negotiated } = wish;
      limitWriting(response, { idleMs: 30_000, totalMs: Math.max(30_000, 2 * budgetMs), ...this.#options.writeLimits });
      const headers = headersFor(negotiated.contentType);
      await sendPieces(scraped.body, { response, headers, isHead: request.method === 'HEAD', place });
    } finally {
      scraped.body.leave();
    }
  }

  #wishOf({ headers, url = '' }: IncomingMessage, response: ServerResponse): ScrapeWish {
    const { compress = true, timeoutMs } = this.#options;
    const query = this.#known(parseScrapeQuery(url));
    const gone = new AbortController();
    onceClosed(response, () => gone.abort(new Error('The scraper has gone.')));
    return {
      query,
      negotiated: negotiate(headers.accept),
      isZipped: compress && acceptsGzip(textOf(headers['accept-encoding'])),
      budgetMs: scrapeBudgetMs(textOf(headers['x-prometheus-scrape-timeout-seconds']), timeoutMs),
      signal: gone.signal,
      cut: () => cutOff(response),
    };
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

  #isFailure({ failures, isEmpty }: Scraped): boolean {
    return failures.length > 0 && (isEmpty || this.#options.errorMode === 'http-error');
  }

  #count(response: ServerResponse): void {
    const metrics = this.#metrics;
    if (metrics === undefined) return;
    metrics.began();
    onceClosed(response, () => metrics.ended(response.writableFinished ? response.statusCode : 499));
  }

  #fail(request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
    if (isGone(response)) return;
    if (thrown instanceof BadRequest) sendText(request, response, 400, `${thrown.message}\n`);
    else this.#failScrape(request, response, thrown);
  }

  #failScrape(request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#metrics?.failed('gathering');
    this.#options.onError?.({ collector: 'registry', error });
    // A body that has begun must not end as if it were whole.
    if (response.headersSent) cutOff(response);
    else sendText(request, response, 500, failureText([{ collector: 'registry', error }]));
  }
}

/** What failed, and not how: a message may hold what is nobody's business but the log's. */
function failureText(failures: readonly CollectorFailure[]): string {
  const names = [...new Set(failures.map(({ collector }) => collector))].slice(0, 20);
  return `An error has occurred while serving metrics:\n\n${names.map((name) => `${name} failed\n`).join('')}`;
}

/** Prometheus' handlers send the start of their process too, so that a scraper can tell resets of counters. */
const PROCESS_START = String(Math.floor(Date.now() / 1000 - process.uptime()));

function headersFor(contentType: string): OutgoingHttpHeaders {
  return {
    'Content-Type': contentType,
    Vary: 'Accept, Accept-Encoding',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Process-Start-Time-Unix': PROCESS_START,
  };
}

/** Answers what is no scrape. */
function refuse({ method }: IncomingMessage, response: ServerResponse): void {
  limitWriting(response, SHORT_ANSWER);
  response.writeHead(method === 'OPTIONS' ? 204 : 405, { Allow: METHODS }).end();
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}
