import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { HttpServerMetrics } from './http-server-metrics.ts';

/** What `node:http` or `node:http2` calls for each request. */
type Listener<Req extends HttpRequest, Res extends HttpResponse> = (request: Req, response: Res) => unknown;

export interface ListenerOptions<Req extends HttpRequest, Res extends HttpResponse> {
  /** Where requests are counted; metrics of its own in the default registry by default. */
  readonly metrics?: HttpServerMetrics;
  /** Names the route once the response is over, by its template and never by the raw URL. All are `other` by default. */
  readonly route?: (request: Req, response: Res) => string | undefined;
}

/** The listener of a server, with each of its requests measured. */
export function instrumentListener<
  Req extends HttpRequest = IncomingMessage,
  Res extends HttpResponse = ServerResponse,
>(
  listener: Listener<Req, Res>,
  { metrics = new HttpServerMetrics(), route }: ListenerOptions<Req, Res> = {},
): Listener<Req, Res> {
  return (request, response) => {
    metrics.track(request, response, route && (() => route(request, response)));
    return listener(request, response);
  };
}
