import { LONGEST_DELAY_MS } from '../../model/duration.ts';
import { asError } from '../../model/thrown.ts';
import type { WriteLimits } from '../response/write-limits.ts';
import { textResponse } from './fetch-text.ts';
import { DISCONNECTED } from './handler-metrics.ts';
import type { HandlerOptions } from './handler-options.ts';
import { BadRequest } from './query.ts';
import type { RequestLimit, RequestSlot } from './request-limit.ts';
import type { ScrapeReports } from './scrape-reports.ts';
import { headersFor, Scraper } from './scraper.ts';
import type { BodyChunk, BodyReader } from './shared-body.ts';

interface Parts {
  readonly scraper: Scraper;
  readonly reports: ScrapeReports;
  readonly limit: RequestLimit;
}

/** Answers the scrapes of `metricsFetchHandler()`, which loads it before the first one. */
export class FetchScrapes {
  readonly #parts: Parts;

  constructor(options: HandlerOptions, reports: ScrapeReports, limit: RequestLimit) {
    this.#parts = { scraper: new Scraper(options, reports), reports, limit };
  }

  answer(request: Request): Promise<Response> {
    return new FetchScrape(this.#parts, request).respond();
  }
}

/** A scrape, from its admission until its body has been read or dropped. */
class FetchScrape {
  readonly #parts: Parts;
  readonly #request: Request;
  readonly #disconnected = new AbortController();
  #slot: RequestSlot | undefined;
  #body: BodyReader | undefined;
  #failStream: (error: Error) => void = () => {};
  #isClosed = false;

  constructor(parts: Parts, request: Request) {
    this.#parts = parts;
    this.#request = request;
  }

  async respond(): Promise<Response> {
    this.#parts.reports.metrics?.scrapeStarted();
    const response = await this.#admit();
    if (this.#body === undefined) this.#close(response.status);
    return response;
  }

  async #admit(): Promise<Response> {
    const { limit } = this.#parts;
    this.#slot = limit.acquire(() => this.#drop());
    if (this.#slot === undefined) return textResponse(503, limit.refusal, { 'Retry-After': '1' });
    try {
      return await this.#scrape();
    } catch (thrown) {
      if (this.#disconnected.signal.aborted) return new Response(null, { status: DISCONNECTED });
      const error = asError(thrown);
      return error instanceof BadRequest
        ? textResponse(400, `${error.message}\n`)
        : textResponse(500, this.#parts.reports.scrapeFailed(error));
    }
  }

  async #scrape(): Promise<Response> {
    const { url, headers, signal, method } = this.#request;
    if (signal.aborted) this.#drop();
    signal.addEventListener('abort', () => this.#drop(), { once: true });
    const { scraper } = this.#parts;
    const parsed = scraper.parseRequest({
      url,
      header: (name) => headers.get(name) ?? undefined,
      signal: this.#disconnected.signal,
      drop: () => this.#drop(),
      mayCompress: !isServedByNext(this.#request),
    });
    const result = await scraper.scrape(parsed);
    const failure = scraper.failureText(result);
    const first = failure === undefined ? await result.body.read() : undefined;
    const init = responseInit(parsed.negotiated.contentType, first);
    if (first?.isLast === false && method === 'GET') {
      this.#body = result.body;
      return new Response(this.#stream(first, result.body, scraper.writeLimits(parsed)), init);
    }
    try {
      if (failure !== undefined) return textResponse(500, failure);
      if (first?.isLast) init.headers['Content-Length'] = String(first.bytes.length);
      return new Response(method === 'HEAD' ? null : copyOf(first), init);
    } finally {
      result.body.leave();
    }
  }

  #stream(first: BodyChunk, body: BodyReader, { totalMs }: WriteLimits): ReadableStream<Uint8Array> {
    const timer = setTimeout(() => this.#drop(), Math.min(totalMs, LONGEST_DELAY_MS));
    timer.unref?.(); // Outside Node.js a timer may be a number.
    let next: BodyChunk | undefined = first;
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      this.#setWaitingSince(undefined);
      if (next !== undefined && next.bytes.length > 0) controller.enqueue(copyOf(next));
      next = await body.read();
      this.#setWaitingSince(performance.now());
      if (next !== undefined) return;
      clearTimeout(timer);
      controller.close();
      this.#close(200);
    };
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#setWaitingSince(performance.now());
          this.#failStream = (error) => {
            clearTimeout(timer);
            controller.error(error);
          };
        },
        pull: (controller) =>
          pull(controller).catch((thrown: unknown) => {
            if (this.#disconnected.signal.aborted) return;
            // The body cannot be encoded. It ends with an error, as it must not look complete.
            const error = asError(thrown);
            this.#parts.reports.scrapeFailed(error);
            this.#drop(error);
          }),
        cancel: () => this.#drop(),
      },
      { highWaterMark: 0 },
    );
  }

  #setWaitingSince(since: number | undefined): void {
    if (this.#slot !== undefined) this.#slot.waitingSince = since;
  }

  #drop(error = new Error('The client disconnected or was dropped.')): void {
    if (this.#disconnected.signal.aborted || this.#isClosed) return;
    this.#disconnected.abort(error);
    this.#failStream(error);
    if (this.#body !== undefined) this.#close(DISCONNECTED);
  }

  #close(status: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#slot?.release();
    this.#body?.leave();
    this.#parts.reports.metrics?.scrapeEnded(status);
  }
}

/**
 * Whether Next.js sends the response. It drops the Content-Encoding, because a body may come from fetch(), which has
 * decoded it, and compresses the body itself.
 */
function isServedByNext(request: Request): boolean {
  // `NEXT_RUNTIME` is set in its servers and bundles, but not in a custom server around Next.js.
  return Boolean(process.env.NEXT_RUNTIME) || 'nextUrl' in request || '__NEXT_HTTP_AGENT_OPTIONS' in globalThis;
}

/** Returns status and headers of a response whose body starts with this chunk. */
function responseInit(contentType: string, first: BodyChunk | undefined) {
  const headers = headersFor(contentType);
  if (first?.coding === undefined) return { status: 200, headers };
  headers['Content-Encoding'] = first.coding;
  // Cloudflare's workerd compresses a body that has a Content-Encoding, unless told that it is already compressed.
  return { status: 200, headers, encodeBody: 'manual' };
}

/** Copies the bytes of a chunk, whose buffer will be reused. */
function copyOf(chunk: BodyChunk | undefined): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(chunk?.bytes ?? []);
}
