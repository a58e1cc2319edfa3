import { isObject } from '../model/inert.ts';
import { loadedOnce } from '../model/loaded-once.ts';
import { kindOf } from '../model/printable.ts';
import { asError } from '../model/thrown.ts';
import { textResponse } from './scrape/fetch-text.ts';
import { checkHandlerOptions, type HandlerOptions } from './scrape/handler-options.ts';
import { RequestLimit } from './scrape/request-limit.ts';
import { ScrapeReports } from './scrape/scrape-reports.ts';

const ALLOW = { Allow: 'GET, HEAD, OPTIONS' };

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
  checkHandlerOptions('metricsFetchHandler()', options);
  const reports = new ScrapeReports(options);
  const limit = new RequestLimit(options.maxRequests);
  const answering = loadedOnce(async () => {
    const { FetchScrapes } = await import('./scrape/fetch-scrapes.ts');
    return new FetchScrapes(options, reports, limit);
  });
  return async (request) => {
    checkRequest(request);
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: ALLOW });
    if (request.method !== 'GET' && request.method !== 'HEAD') return textResponse(405, 'Method not allowed.\n', ALLOW);
    try {
      const answers = await answering();
      return await answers.answer(request);
    } catch (thrown) {
      return textResponse(500, reports.scrapeFailed(asError(thrown)));
    }
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
