import { asError } from '../model/thrown.ts';
import type { WriteLimits } from './response/write-limits.ts';
import type { HandlerOptions } from './scrape/handler-options.ts';
import { BadRequest } from './scrape/query.ts';
import type { Place } from './scrape/request-limit.ts';
import { headersFor, Scraper } from './scrape/scraper.ts';
import type { Piece, PieceReader } from './scrape/shared-body.ts';

const ALLOW = { Allow: 'GET, HEAD, OPTIONS' };
/** Nobody sees it. */
const GONE = 499;
const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };

/**
 * As `metricsHandler()`, for servers that speak the Fetch standard: takes a `Request`, gives a `Response`, whose body is
 * made as it is read. Whoever drops the response before its end cancels the body.
 */
export function metricsFetchHandler(options: HandlerOptions = {}): (request: Request) => Promise<Response> {
  const scraper = new Scraper(options);
  return async (request) => {
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: ALLOW });
    if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'Method not allowed.\n', ALLOW);
    const scrape = new FetchScrape(scraper, request);
    return await scrape.answer();
  };
}

function text(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { ...TEXT, ...headers } });
}

/** One scrape, from when it is let in until its body has been read or dropped. */
class FetchScrape {
  readonly #scraper: Scraper;
  readonly #request: Request;
  readonly #gone = new AbortController();
  #place: Place | undefined;
  #body: PieceReader | undefined;
  #end: (error: Error) => void = () => {};
  #status = 0;
  #isOver = false;

  constructor(scraper: Scraper, request: Request) {
    this.#scraper = scraper;
    this.#request = request;
  }

  async answer(): Promise<Response> {
    this.#scraper.metrics?.began();
    const response = await this.#response();
    this.#status = response.status;
    if (this.#body === undefined) this.#close(response.status);
    return response;
  }

  async #response(): Promise<Response> {
    const { limit } = this.#scraper;
    this.#place = limit.enter(() => this.#cut());
    if (this.#place === undefined) return text(503, limit.refusal, { 'Retry-After': '1' });
    try {
      return await this.#scrape();
    } catch (thrown) {
      if (this.#gone.signal.aborted) return new Response(null, { status: GONE });
      const error = asError(thrown);
      return error instanceof BadRequest ? text(400, `${error.message}\n`) : text(500, this.#scraper.failed(error));
    }
  }

  async #scrape(): Promise<Response> {
    const { url, headers, signal, method } = this.#request;
    if (signal.aborted) this.#cut();
    signal.addEventListener('abort', () => this.#cut(), { once: true });
    const wish = this.#scraper.wishOf({
      url,
      header: (name) => headers.get(name) ?? undefined,
      signal: this.#gone.signal,
      cut: () => this.#cut(),
      mayCompress: keepsContentEncoding(this.#request),
    });
    const scraped = await this.#scraper.scrape(wish);
    const failure = this.#scraper.failureOf(scraped);
    const first = failure === undefined ? await scraped.body.read() : undefined;
    const answer = answerOf(wish.negotiated.contentType, first);
    if (first?.isLast === false && method === 'GET') {
      this.#body = scraped.body;
      return new Response(this.#stream(first, scraped.body, this.#scraper.writeLimits(wish)), answer);
    }
    try {
      if (failure !== undefined) return text(500, failure);
      if (first?.isLast) answer.headers['Content-Length'] = String(first.bytes.length);
      return new Response(method === 'HEAD' ? null : copyOf(first), answer);
    } finally {
      scraped.body.leave();
    }
  }

  #stream(first: Piece, body: PieceReader, { totalMs }: WriteLimits): ReadableStream<Uint8Array> {
    const timer = setTimeout(() => this.#cut(), totalMs);
    timer.unref?.(); // Outside Node.js a timer may be a number.
    let next: Piece | undefined = first;
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      this.#waits(undefined);
      if (next !== undefined && next.bytes.length > 0) controller.enqueue(copyOf(next));
      next = await body.read();
      this.#waits(performance.now());
      if (next !== undefined) return;
      clearTimeout(timer);
      controller.close();
      this.#close(this.#status);
    };
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#waits(performance.now());
          this.#end = (error) => {
            clearTimeout(timer);
            controller.error(error);
          };
        },
        pull: (controller) => pull(controller).catch((thrown: unknown) => this.#break(asError(thrown))),
        cancel: () => this.#cut(),
      },
      { highWaterMark: 0 },
    );
  }

  #waits(since: number | undefined): void {
    if (this.#place !== undefined) this.#place.waitingSince = since;
  }

  /** A body that has begun must not end as if it were whole. */
  #break(error: Error): void {
    if (this.#gone.signal.aborted) return;
    this.#scraper.failed(error);
    this.#cut(error);
  }

  #cut(error = new Error('The scraper has gone, or was sent away.')): void {
    if (this.#gone.signal.aborted || this.#isOver) return;
    this.#gone.abort(error);
    this.#end(error);
    if (this.#body !== undefined) this.#close(GONE);
  }

  #close(status: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#place?.leave();
    this.#body?.leave();
    this.#scraper.metrics?.ended(status);
  }
}

/** How the response to a scrape is made, whose body begins with that piece. */
function answerOf(contentType: string, first: Piece | undefined) {
  const headers = headersFor(contentType);
  if (first?.isZipped !== true) return { status: 200, headers };
  headers['Content-Encoding'] = 'gzip';
  // Cloudflare's workerd compresses a body with a Content-Encoding itself, unless it is told that this has been done.
  return { status: 200, headers, encodeBody: 'manual' };
}

/**
 * Whether a Content-Encoding reaches the client. Next.js drops it, as the body might come from fetch(), which has decoded it;
 * then it compresses the body itself. `NEXT_RUNTIME` is a variable of its servers and bundles. Where it is missing, as in a
 * server of one's own around Next.js, its requests or its agents tell.
 */
function keepsContentEncoding(request: Request): boolean {
  const isNext = process.env.NEXT_RUNTIME || 'nextUrl' in request || '__NEXT_HTTP_AGENT_OPTIONS' in globalThis;
  return !isNext;
}

/** The bytes of a piece are written again. */
function copyOf(piece: Piece | undefined): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(piece?.bytes ?? []);
}
