import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkOptionNames } from '../model/option-names.ts';
import { asError, callUserCode } from '../model/thrown.ts';
import { type NodeListener, nodeListener } from './node-listener.ts';
import { closeSignal, dropConnection, isDisconnected, onceClosed } from './response/response-close.ts';
import { sendAllowed, sendFailure, sendText } from './response/short-answer.ts';
import { limitWriting } from './response/write-limits.ts';
import { DISCONNECTED } from './scrape/handler-metrics.ts';
import { HANDLER_OPTIONS, type HandlerOptions } from './scrape/handler-options.ts';
import { BadRequest } from './scrape/query.ts';
import { type RequestSlot, takeSlot } from './scrape/request-limit.ts';
import { headersFor, Scraper } from './scrape/scraper.ts';
import { writeBody } from './scrape/write-body.ts';

const METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Creates a listener that answers scrapes, for a `node:http` server or one of its paths. It does not look at the path
 * of a request. The format is negotiated with the scraper. In the query, `name[]` selects families, and `collect[]` or
 * `exclude[]` selects collectors. Concurrent scrapes share one gathering, which is aborted when all of their clients
 * have disconnected.
 *
 * The listener also takes the request and the reply of Fastify, and those of Express and Nest. It returns a promise that
 * resolves once the response has been sent or its connection has closed, for frameworks that wait for their handlers. It
 * throws a TypeError for other objects.
 *
 * @throws {TypeError} for an unknown option, and if `timeoutMs`, `maxRequests` or a write limit is not a number.
 * @throws {RangeError} if `timeoutMs`, `errorMode`, `maxRequests` or a write limit is invalid.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { Counter, metricsHandler, Registry } from 'zeroprom';
 *
 * const registry = new Registry();
 * const requests = new Counter({ name: 'requests_total', help: 'Total number of requests.', registry });
 * const metrics = metricsHandler({ registry, onError: ({ collector, error }) => console.error(collector, error) });
 *
 * const server = createServer((request, response) => {
 *   if (request.url?.split('?')[0] === '/metrics') return metrics(request, response);
 *   requests.inc();
 *   return response.end('Hello');
 * });
 * server.listen(0, () => server.close());
 * ```
 */
export function metricsHandler(options: HandlerOptions = {}): NodeListener {
  checkOptionNames('metricsHandler()', options, HANDLER_OPTIONS);
  const scraper = new Scraper(options);
  return nodeListener((request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') return admit(scraper, request, response);
    return sendAllowed(request, response, METHODS);
  });
}

function admit(scraper: Scraper, request: IncomingMessage, response: ServerResponse): void {
  const { limit, metrics } = scraper;
  metrics?.scrapeStarted();
  onceClosed(response, (isWhole) => metrics?.scrapeEnded(isWhole ? response.statusCode : DISCONNECTED));
  const slot = takeSlot(limit, request, response);
  if (slot === undefined) return;
  callUserCode(
    () => scrape(scraper, request, response, slot),
    (thrown) => {
      if (isDisconnected(response)) return;
      const error = asError(thrown);
      if (error instanceof BadRequest) sendText(request, response, 400, `${error.message}\n`);
      else sendFailure(request, response, scraper.reportFailure(error));
    },
  );
}

async function scrape(
  scraper: Scraper,
  request: IncomingMessage,
  response: ServerResponse,
  slot: RequestSlot,
): Promise<void> {
  const { headers, url = '', method } = request;
  const parsed = scraper.parseRequest({
    url,
    header: (name) => {
      const value = headers[name];
      return Array.isArray(value) ? value.join(',') : value;
    },
    signal: closeSignal(response),
    drop: () => dropConnection(response),
  });
  const result = await scraper.scrape(parsed);
  try {
    const failure = scraper.failureText(result);
    if (failure !== undefined) return sendText(request, response, 500, failure);
    limitWriting(response, scraper.writeLimits(parsed));
    const target = { response, headers: headersFor(parsed.negotiated.contentType), isHead: method === 'HEAD', slot };
    await writeBody(result.body, target);
  } finally {
    result.body.leave();
  }
}
