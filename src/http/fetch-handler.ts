import { LONGEST_DELAY_MS } from '../model/duration.ts';
import { isObject } from '../model/inert.ts';
import { checkOptionNames } from '../model/option-names.ts';
import { kindOf } from '../model/printable.ts';
import { asError } from '../model/thrown.ts';
import { SECURITY_HEADERS } from './response/short-answer.ts';
import type { WriteLimits } from './response/write-limits.ts';
import { DISCONNECTED } from './scrape/handler-metrics.ts';
import { HANDLER_OPTIONS, type HandlerOptions } from './scrape/handler-options.ts';
import { BadRequest } from './scrape/query.ts';
import type { RequestSlot } from './scrape/request-limit.ts';
import { headersFor, Scraper } from './scrape/scraper.ts';
import type { BodyChunk, BodyReader } from './scrape/shared-body.ts';

const ALLOW = { Allow: 'GET, HEAD, OPTIONS' };
const TEXT = { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' };

/**
 * Creates a handler that answers scrapes, for servers and frameworks based on the Fetch standard: takes a `Request` and
 * resolves with a `Response`. Otherwise works like `metricsHandler()`. Bodies are encoded as they are read. A server
 * that gives up a response must cancel its body.
 *
 * @throws {TypeError} for an unknown option, and if `timeoutMs`, `maxRequests` or a write limit is not a number.
 * @throws {RangeError} if `timeoutMs`, `errorMode`, `maxRequests` or a write limit is invalid.
 *
 * @example
 * ```ts
 * import { Gauge, metricsFetchHandler, Registry } from 'zeroprom';
 *
 * const registry = new Registry();
 * new Gauge({ name: 'temperature_celsius', help: 'Temperature of the room.', registry }).set(21.5);
 * const handler = metricsFetchHandler({ registry });
 *
 * // In Next.js, app/metrics/route.ts: export const GET = handler;
 * const response = await handler(new Request('http://localhost/metrics'));
 * console.log(response.status, await response.text());
 * ```
 */
export function metricsFetchHandler(options: HandlerOptions = {}): (request: Request) => Promise<Response> {
  checkOptionNames('metricsFetchHandler()', options, HANDLER_OPTIONS);
  const scraper = new Scraper(options);
  return async (request) => {
    checkRequest(request);
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: ALLOW });
    if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'Method not allowed.\n', ALLOW);
    const scrape = new FetchScrape(scraper, request);
    return await scrape.respond();
  };
}

/** Requests of another realm or of a polyfill are requests, too. */
function checkRequest(request: unknown): void {
  const { headers, signal, url } = (request ?? {}) as Partial<Record<string, unknown>>;
  const isRequest = isObject(headers) && 'get' in headers && isObject(signal) && typeof url === 'string';
  if (isRequest) return;
  throw new TypeError(
    `The handler must get a Request of the Fetch standard, got ${kindOf(request)}; pass the framework's own Request, such ` +
      'as c.req.raw in Hono or context.request. Use metricsHandler() for requests of node:http.',
  );
}

function text(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { ...TEXT, ...headers } });
}

/** A scrape, from its admission until its body has been read or dropped. */
class FetchScrape {
  readonly #scraper: Scraper;
  readonly #request: Request;
  readonly #disconnected = new AbortController();
  #slot: RequestSlot | undefined;
  #body: BodyReader | undefined;
  #failStream: (error: Error) => void = () => {};
  #isClosed = false;

  constructor(scraper: Scraper, request: Request) {
    this.#scraper = scraper;
    this.#request = request;
  }

  async respond(): Promise<Response> {
    this.#scraper.metrics?.scrapeStarted();
    const response = await this.#admit();
    if (this.#body === undefined) this.#close(response.status);
    return response;
  }

  async #admit(): Promise<Response> {
    const { limit } = this.#scraper;
    this.#slot = limit.acquire(() => this.#drop());
    if (this.#slot === undefined) return text(503, limit.refusal, { 'Retry-After': '1' });
    try {
      return await this.#scrape();
    } catch (thrown) {
      if (this.#disconnected.signal.aborted) return new Response(null, { status: DISCONNECTED });
      const error = asError(thrown);
      return error instanceof BadRequest
        ? text(400, `${error.message}\n`)
        : text(500, this.#scraper.reportFailure(error));
    }
  }

  async #scrape(): Promise<Response> {
    const { url, headers, signal, method } = this.#request;
    if (signal.aborted) this.#drop();
    signal.addEventListener('abort', () => this.#drop(), { once: true });
    const parsed = this.#scraper.parseRequest({
      url,
      header: (name) => headers.get(name) ?? undefined,
      signal: this.#disconnected.signal,
      drop: () => this.#drop(),
      mayCompress: !isServedByNext(this.#request),
    });
    const result = await this.#scraper.scrape(parsed);
    const failure = this.#scraper.failureText(result);
    const first = failure === undefined ? await result.body.read() : undefined;
    const init = responseInit(parsed.negotiated.contentType, first);
    if (first?.isLast === false && method === 'GET') {
      this.#body = result.body;
      return new Response(this.#stream(first, result.body, this.#scraper.writeLimits(parsed)), init);
    }
    try {
      if (failure !== undefined) return text(500, failure);
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
            this.#scraper.reportFailure(error);
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
    this.#scraper.metrics?.scrapeEnded(status);
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
