import type { IncomingMessage, ServerResponse } from 'node:http';
import { loadedOnce } from '../model/loaded-once.ts';
import { asError, callUserCode } from '../model/thrown.ts';
import { type NodeListener, nodeListener } from './node-listener.ts';
import { isDisconnected, onceClosed } from './response/response-close.ts';
import { sendAllowed, sendFailure } from './response/short-answer.ts';
import { DISCONNECTED } from './scrape/handler-metrics.ts';
import { checkHandlerOptions, type HandlerOptions } from './scrape/handler-options.ts';
import { RequestLimit, takeSlot } from './scrape/request-limit.ts';
import { ScrapeReports } from './scrape/scrape-reports.ts';

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
  checkHandlerOptions('metricsHandler()', options);
  const limit = new RequestLimit(options.maxRequests);
  const reports = new ScrapeReports(options);
  const answering = loadedOnce(async () => {
    const { NodeScrapes } = await import('./scrape/node-scrapes.ts');
    return new NodeScrapes(options, reports);
  });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    reports.metrics?.scrapeStarted();
    onceClosed(response, (isWhole) => reports.metrics?.scrapeEnded(isWhole ? response.statusCode : DISCONNECTED));
    const slot = takeSlot(limit, request, response);
    if (slot === undefined) return;
    callUserCode(
      async () => (await answering()).answer(request, response, slot),
      (thrown) => {
        if (!isDisconnected(response)) sendFailure(request, response, reports.scrapeFailed(asError(thrown)));
      },
    );
  };
  return nodeListener((request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') return answer(request, response);
    return sendAllowed(request, response, METHODS);
  });
}
