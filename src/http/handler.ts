import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { asError } from '../model/thrown.ts';
import { callUserCode } from '../model/user-code.ts';
import { refuseUnclear } from './ambiguous-requests.ts';
import { cutOff, isGone, onceClosed } from './response/closed.ts';
import { sendFailure, sendText } from './response/short-answer.ts';
import { limitWriting, SHORT_ANSWER } from './response/write-limits.ts';
import type { HandlerOptions } from './scrape/handler-options.ts';
import { BadRequest } from './scrape/query.ts';
import type { Place } from './scrape/request-limit.ts';
import { headersFor, Scraper } from './scrape/scraper.ts';
import { sendPieces } from './scrape/write-body.ts';

const METHODS = 'GET, HEAD, OPTIONS';

/**
 * Answers scrapes in the format that suits the scraper best: a listener for any `node:http` server, or for one path of
 * it. Paths are the caller's matter. `name[]`, `collect[]` and `exclude[]` in the query ask for a part. Scrapes at the same
 * time share one gathering, and one that nobody waits for any more is aborted.
 */
export function metricsHandler(options: HandlerOptions = {}): RequestListener {
  const scraper = new Scraper(options);
  return refuseUnclear((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') refuse(request, response);
    else admit(scraper, request, response);
  });
}

/** Answers what is no scrape. */
function refuse({ method }: IncomingMessage, response: ServerResponse): void {
  limitWriting(response, SHORT_ANSWER);
  response.writeHead(method === 'OPTIONS' ? 204 : 405, { Allow: METHODS }).end();
}

function admit(scraper: Scraper, request: IncomingMessage, response: ServerResponse): void {
  const { limit, metrics } = scraper;
  metrics?.began();
  onceClosed(response, (isWhole) => metrics?.ended(isWhole ? response.statusCode : 499));
  const place = limit.enter(() => cutOff(response));
  if (place === undefined) {
    response.setHeader('Retry-After', '1');
    sendText(request, response, 503, limit.refusal);
    return;
  }
  onceClosed(response, () => place.leave());
  callUserCode(
    () => scrape(scraper, request, response, place),
    (thrown) => fail(scraper, request, response, asError(thrown)),
  );
}

async function scrape(
  scraper: Scraper,
  request: IncomingMessage,
  response: ServerResponse,
  place: Place,
): Promise<void> {
  const gone = new AbortController();
  onceClosed(response, () => gone.abort(new Error('The scraper has gone.')));
  const { headers, url = '', method } = request;
  const header = (name: string) => textOf(headers[name]);
  const wish = scraper.wishOf({ url, header, signal: gone.signal, cut: () => cutOff(response) });
  const scraped = await scraper.scrape(wish);
  try {
    const failure = scraper.failureOf(scraped);
    if (failure !== undefined) return sendText(request, response, 500, failure);
    limitWriting(response, scraper.writeLimits(wish));
    const sent = { response, headers: headersFor(wish.negotiated.contentType), isHead: method === 'HEAD', place };
    await sendPieces(scraped.body, sent);
  } finally {
    scraped.body.leave();
  }
}

function fail(scraper: Scraper, request: IncomingMessage, response: ServerResponse, error: Error): void {
  if (isGone(response)) return;
  if (error instanceof BadRequest) sendText(request, response, 400, `${error.message}\n`);
  else sendFailure(request, response, scraper.failed(error));
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}
