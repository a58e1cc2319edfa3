import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { defaultServerMetrics, type HttpServerMetrics } from './http-server-metrics.ts';

/** The listener of a `node:http` or `node:http2` server. */
type Listener<Req extends HttpRequest, Res extends HttpResponse> = (request: Req, response: Res) => unknown;

/** Options of `instrumentListener()`. */
export interface ListenerOptions<Req extends HttpRequest, Res extends HttpResponse> {
  /**
   * Metrics to use.
   *
   * @defaultValue a new `HttpServerMetrics` in the default registry
   */
  readonly metrics?: HttpServerMetrics;
  /**
   * Returns the template of the route, such as `/users/:id`; never return a raw URL. Called once the response has
   * closed.
   *
   * @defaultValue the route of all requests is `other`
   */
  readonly route?: (request: Req, response: Res) => string | undefined;
}

const LISTENER_OPTIONS: OptionNames<ListenerOptions<HttpRequest, HttpResponse>> = {
  metrics: true,
  route: true,
};

/**
 * Measures the requests of a listener for `node:http` and `node:http2` servers, until their responses have closed.
 *
 * @throws {Error} if `metrics` is not given and the default registry has other metrics of these names.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { Registry } from 'zeroprom';
 * import { HttpServerMetrics, instrumentListener } from 'zeroprom/instrument';
 *
 * const metrics = new HttpServerMetrics({ registry: new Registry() });
 * const listener = instrumentListener((_, response) => response.end('Hello'), {
 *   metrics,
 *   route: ({ url = '' }) => (url.startsWith('/users/') ? '/users/:id' : undefined),
 * });
 * const server = createServer(listener);
 * server.listen(0, () => server.close());
 * ```
 */
export function instrumentListener<
  Req extends HttpRequest = IncomingMessage,
  Res extends HttpResponse = ServerResponse,
>(listener: Listener<Req, Res>, options: ListenerOptions<Req, Res> = {}): Listener<Req, Res> {
  checkOptionNames('instrumentListener()', options, LISTENER_OPTIONS);
  const { metrics = defaultServerMetrics(), route } = options;
  return (request, response) => {
    metrics.track(request, response, route && (() => route(request, response)));
    return listener(request, response);
  };
}
