import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { routeName } from './bounded-labels.ts';
import type { ExchangeOutcome } from './exchange-histograms.ts';
import { defaultServerMetrics, type HttpServerMetrics } from './http-server-metrics.ts';
import { fetchedRequest } from './measured-request.ts';

/** The part of a Fetch `Request` that is used. */
export interface FetchRequest {
  readonly method: string;
  readonly url?: string;
  readonly headers: FetchHeaders;
  readonly signal?: FetchSignal;
}

interface FetchSignal {
  readonly aborted: boolean;
  addEventListener?(type: 'abort', listener: () => void): void;
  removeEventListener?(type: 'abort', listener: () => void): void;
}

/** The part of a Fetch `Response` that is used. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: FetchHeaders;
}

interface FetchHeaders {
  get(name: string): string | null;
}

/** Options of `instrumentFetch()`. */
export interface FetchOptions<Req extends FetchRequest, Res extends FetchResponse> {
  /**
   * Metrics to use.
   *
   * @defaultValue a new `HttpServerMetrics` in the default registry
   */
  readonly metrics?: HttpServerMetrics;
  /**
   * Returns the template of the route, such as `/users/:id`; never return a raw URL. Called once there is a response,
   * or without one if the handler threw.
   *
   * @defaultValue the route of all requests is `other`
   */
  readonly route?: (request: Req, response: Res | undefined) => string | undefined;
}

const FETCH_OPTIONS: OptionNames<FetchOptions<FetchRequest, FetchResponse>> = {
  metrics: true,
  route: true,
};

/**
 * Measures the requests of a handler that takes a Fetch `Request` and returns a `Response`. A request is measured until
 * the handler returns the response, since the server sends its body. Sizes are taken from `Content-Length`. A handler
 * that throws is counted with status 500.
 *
 * @throws {Error} if `metrics` is not given and the default registry has other metrics of these names.
 *
 * @example
 * ```ts
 * import { Registry } from 'zeroprom';
 * import { HttpServerMetrics, instrumentFetch } from 'zeroprom/instrument';
 *
 * const metrics = new HttpServerMetrics({ registry: new Registry() });
 * const handler = instrumentFetch(async (_request: Request) => new Response('Hello'), {
 *   metrics,
 *   route: (request) => (new URL(request.url).pathname === '/' ? '/' : undefined),
 * });
 * console.log((await handler(new Request('http://localhost/'))).status);
 * ```
 */
export function instrumentFetch<Req extends FetchRequest, Res extends FetchResponse, Rest extends unknown[]>(
  handler: (request: Req, ...rest: Rest) => Res | Promise<Res>,
  options: FetchOptions<Req, Res> = {},
): (request: Req, ...rest: Rest) => Promise<Res> {
  checkOptionNames('instrumentFetch()', options, FETCH_OPTIONS);
  const { metrics = defaultServerMetrics(), route = () => undefined } = options;
  return (request, ...rest) =>
    measureFetch(
      metrics,
      request,
      async () => handler(request, ...rest),
      (response) => route(request, response),
    );
}

/** Measures a request until `respond` returns the response or the client has disconnected. */
export async function measureFetch<Res extends FetchResponse>(
  metrics: HttpServerMetrics,
  request: FetchRequest,
  respond: () => Promise<Res>,
  route: (response: Res | undefined) => string | undefined,
): Promise<Res> {
  const end = startFetch(metrics, request, route);
  try {
    const response = await respond();
    end(response);
    return response;
  } catch (error) {
    end();
    throw error;
  }
}

/** Measures a request until the returned function is called or the client has disconnected. */
export function startFetch<Res extends FetchResponse>(
  metrics: HttpServerMetrics,
  request: FetchRequest,
  route: (response: Res | undefined) => string | undefined,
): (response?: Res) => void {
  if (request.url !== undefined && metrics.skips(request.url)) return () => {};
  const exchange = metrics.begin();
  const { signal } = request;
  let isOver = false;
  const end = (response?: Res) => {
    if (isOver) return;
    isOver = true;
    signal?.removeEventListener?.('abort', aborted);
    metrics.end(exchange, outcomeOf(request, response, route));
  };
  // If the client has disconnected, the handler may never return.
  const aborted = () => end();
  if (signal?.aborted === true) aborted();
  else signal?.addEventListener?.('abort', aborted);
  return end;
}

function outcomeOf<Res extends FetchResponse>(
  request: FetchRequest,
  response: Res | undefined,
  route: (response: Res | undefined) => string | undefined,
): ExchangeOutcome {
  return {
    method: request.method,
    route: routeName(() => route(response)),
    status: request.signal?.aborted === true ? 'aborted' : (response?.status ?? 500),
    received: lengthIn(request.headers),
    sent: response && lengthIn(response.headers),
    request: () => fetchedRequest(request),
  };
}

/** Accepts only digits, as HTTP does: the header may come from a hostile client. */
function lengthIn(headers: FetchHeaders): number | undefined {
  const text = headers.get('content-length');
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
