import type { Outcome } from './exchange-histograms.ts';
import { HttpServerMetrics } from './http-server-metrics.ts';
import { routeName } from './route-name.ts';

/** What is used of a `Request` and of a `Response` of the Fetch standard. */
interface FetchRequest {
  readonly method: string;
  readonly headers: FetchHeaders;
  readonly signal?: FetchSignal;
}

interface FetchSignal {
  readonly aborted: boolean;
  addEventListener?(type: 'abort', listener: () => void): void;
  removeEventListener?(type: 'abort', listener: () => void): void;
}

interface FetchResponse {
  readonly status: number;
  readonly headers: FetchHeaders;
}

interface FetchHeaders {
  get(name: string): string | null;
}

export interface FetchOptions<Req extends FetchRequest, Res extends FetchResponse> {
  /** Where requests are counted; metrics of its own in the default registry by default. */
  readonly metrics?: HttpServerMetrics;
  /** Names the route once there is a response, or undefined where the handler threw. All are `other` by default. */
  readonly route?: (request: Req, response: Res | undefined) => string | undefined;
}

/**
 * A handler that takes a `Request` and gives a `Response`, with each request measured until the response is there: its body
 * belongs to whoever sends it. Sizes are those that `Content-Length` says. A handler that throws counts as 500.
 */
export function instrumentFetch<Req extends FetchRequest, Res extends FetchResponse, Rest extends unknown[]>(
  handler: (request: Req, ...rest: Rest) => Res | Promise<Res>,
  { metrics = new HttpServerMetrics(), route = () => undefined }: FetchOptions<Req, Res> = {},
): (request: Req, ...rest: Rest) => Promise<Res> {
  return (request, ...rest) =>
    measureFetch(
      metrics,
      request,
      async () => handler(request, ...rest),
      (response) => route(request, response),
    );
}

/** Measures one request that `respond` answers, until there is a response or the client has gone. */
export async function measureFetch<Res extends FetchResponse>(
  metrics: HttpServerMetrics,
  request: FetchRequest,
  respond: () => Promise<Res>,
  route: (response: Res | undefined) => string | undefined,
): Promise<Res> {
  const exchange = metrics.begin();
  const { signal } = request;
  let isOver = false;
  const end = (response?: Res) => {
    if (isOver) return;
    isOver = true;
    signal?.removeEventListener?.('abort', aborted);
    metrics.end(exchange, outcomeOf(request, response, route));
  };
  // If the client has gone, the handler may never return.
  const aborted = () => end();
  if (signal?.aborted === true) aborted();
  else signal?.addEventListener?.('abort', aborted);
  try {
    const response = await respond();
    end(response);
    return response;
  } catch (error) {
    end();
    throw error;
  }
}

function outcomeOf<Res extends FetchResponse>(
  request: FetchRequest,
  response: Res | undefined,
  route: (response: Res | undefined) => string | undefined,
): Outcome {
  return {
    method: request.method,
    route: routeName(() => route(response)),
    status: request.signal?.aborted === true ? 'aborted' : (response?.status ?? 500),
    received: lengthIn(request.headers),
    sent: response && lengthIn(response.headers),
  };
}

/** Digits only, as HTTP has it: anything else comes from somebody with other plans. */
function lengthIn(headers: FetchHeaders): number | undefined {
  const text = headers.get('content-length');
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
