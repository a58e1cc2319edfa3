import { registerAll } from '../collectors/collector-group.ts';
import { sharedHandle } from '../collectors/shared-handle.ts';
import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { watchClose } from '../http/response/response-close.ts';
import { Gauge, type GaugeChild } from '../metrics/gauge.ts';
import type { CollectorRegistry } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import { BoundedValues, limitOption, pathIn, routeName } from './bounded-labels.ts';
import { DURATION_OPTIONS, type DurationOptions } from './duration-options.ts';
import { ExchangeHistograms, type ExchangeOutcome, type HistogramChoice } from './exchange-histograms.ts';
import type { MatchedRoute } from './express-mounts.ts';
import { nodeRequest } from './measured-request.ts';
import { type RequestLabel, RequestLabels } from './request-labels.ts';
import { transferredBytes } from './transferred-bytes.ts';

const DEFAULT_MAX_ROUTES = 200;
const DEFAULT_MAX_LABEL_VALUES = 20;

/** Options of `HttpServerMetrics`. */
export interface HttpServerOptions extends DurationOptions {
  /**
   * Maximum number of distinct routes; requests of all others have the route `other`.
   *
   * @defaultValue `200`
   */
  readonly maxRoutes?: number;
  /**
   * Paths of requests that are not measured, or a function that returns whether a path is not measured. Paths are those
   * of the whole URL, without the query. If the function throws, the request is measured.
   *
   * @defaultValue `['/metrics']`
   */
  readonly skip?: readonly string[] | ((path: string) => boolean);
  /**
   * Histograms to keep, and their buckets: `{ requestSize: false, responseSize: { native: {} } }`.
   *
   * @defaultValue `{}`: all, with classic buckets
   */
  readonly histograms?: HistogramChoice;
  /**
   * Further labels of the histograms by name, with a function that returns the value for a request: `{ tenant: (request) =>
   * request.header('x-tenant') }`. The label is missing if the function returns undefined or throws.
   *
   * @defaultValue `{}`
   */
  readonly requestLabels?: Readonly<Record<string, RequestLabel>>;
  /**
   * Maximum number of distinct values of each of the `requestLabels`; all others, and those of more than 200 characters, become
   * `other`.
   *
   * @defaultValue `20`
   */
  readonly maxLabelValues?: number;
}

const SERVER_OPTIONS: OptionNames<HttpServerOptions> = {
  ...DURATION_OPTIONS,
  maxRoutes: true,
  skip: true,
  histograms: true,
  requestLabels: true,
  maxLabelValues: true,
};

/** Returns the template of the matched route, such as `/users/:id`, or undefined if there is none. Never a raw URL. */
export type RouteOf = () => string | undefined;

/** A request in flight. */
export interface Exchange {
  /** When it started, by `performance.now()`. */
  readonly began: number;
  readonly trace: Labels | undefined;
}

/** A `node:http` request in flight. */
interface TrackedExchange extends Exchange {
  readonly metrics: HttpServerMetrics;
  readonly request: HttpRequest;
  routeOf: RouteOf;
  /** The route matched by Express, which forgets it before the response is closed. */
  matched: MatchedRoute | undefined;
  isOver: boolean;
  /** The same request, as measured by other metrics. */
  readonly other: TrackedExchange | undefined;
}

/** The metrics may come from another copy of the package. */
const EXCHANGE = Symbol.for('zeroprom.exchange.1');

/** A symbol property costs half as much as a WeakMap, and less than a closure for the listener. */
type TrackedResponse = HttpResponse & { [EXCHANGE]?: TrackedExchange };

/**
 * The metrics of an HTTP server by method, route and status code: `http_request_duration_seconds`,
 * `http_request_size_bytes`, `http_response_size_bytes` and `http_requests_in_flight`. All labels are bounded. One
 * instance can be used with any number of adapters and servers; a request that passes through several of them is
 * counted once.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { Registry } from 'zeroprom';
 * import { HttpServerMetrics, instrumentListener } from 'zeroprom/instrument';
 *
 * const registry = new Registry();
 * const metrics = new HttpServerMetrics({ registry, buckets: [0.01, 0.1, 1], labels: { service: 'shop' } });
 * const server = createServer(instrumentListener((_, response) => response.end('Hello'), { metrics }));
 * server.listen(0, () => server.close());
 * ```
 */
export class HttpServerMetrics {
  readonly #inFlight: GaugeChild;
  readonly #histograms: ExchangeHistograms;
  readonly #routes: BoundedValues;
  readonly #skips: (path: string) => boolean;
  readonly #unregister: () => void;

  /**
   * Registers the metrics.
   *
   * @throws {Error} if a metric with one of the names is already registered.
   * @throws {TypeError} if an option has the wrong type.
   * @throws {RangeError} if an option has an invalid value.
   */
  constructor(options: HttpServerOptions = {}) {
    checkOptionNames('new HttpServerMetrics()', options, SERVER_OPTIONS);
    const { registry = defaultRegistry, prefix = '', labels = {} } = options;
    this.#routes = new BoundedValues(limitOption('maxRoutes', options.maxRoutes, DEFAULT_MAX_ROUTES));
    this.#skips = skipOption(options.skip);
    const maxValues = limitOption('maxLabelValues', options.maxLabelValues, DEFAULT_MAX_LABEL_VALUES);
    const requestLabels = new RequestLabels(options.requestLabels ?? {}, maxValues);
    this.#histograms = new ExchangeHistograms({ ...options, requestLabels });
    const inFlight = new Gauge({
      name: `${prefix}http_requests_in_flight`,
      help: 'Number of HTTP requests in flight.',
      constLabels: labels,
      registry: null,
    });
    this.#inFlight = inFlight.labels();
    this.#unregister = registerAll(registry, [inFlight, ...this.#histograms.metrics]);
  }

  /**
   * Measures a `node:http` or `node:http2` request from now until its response has closed. Called again for the same
   * request, it only replaces `routeOf`: a router knows more than the server around it. Use it to write an adapter for
   * another framework.
   *
   * @param routeOf Returns the template of the route; called once, when the response has closed. If it throws, the
   * route is `other`.
   */
  track(request: HttpRequest, response: HttpResponse, routeOf: RouteOf = noRoute): void {
    const { url, originalUrl = url } = request;
    if (originalUrl !== undefined && this.skips(originalUrl)) return;
    const tracked: TrackedResponse = response;
    const first = tracked[EXCHANGE];
    const known = first && exchangeOf(this, first);
    if (known !== undefined) {
      if (routeOf !== noRoute) known.routeOf = routeOf;
      return;
    }
    const { began, trace } = this.begin();
    const matched = first?.matched;
    tracked[EXCHANGE] = { began, trace, metrics: this, request, routeOf, matched, isOver: false, other: first };
    if (first === undefined || first.isOver) watchClose(request, response, endAll);
  }

  /** Returns whether requests of this URL are not measured. For adapters that call `begin()`. */
  skips(url: string): boolean {
    try {
      return this.#skips(pathIn(url)) === true;
    } catch {
      return false; // An error of the user's function must not break the request.
    }
  }

  /** Starts measuring a request of a server that has no `node:http` messages. Pass the result to `end()`. */
  begin(): Exchange {
    this.#inFlight.inc();
    return { began: performance.now(), trace: this.#histograms.traces.read() };
  }

  /** Ends what `begin()` has started. Call it exactly once per exchange. */
  end(exchange: Exchange, outcome: ExchangeOutcome): void {
    this.#inFlight.dec();
    const seconds = (performance.now() - exchange.began) / 1000;
    this.#histograms.observe(seconds, this.#routes.label(outcome.route), outcome, exchange.trace);
  }

  /** Unregisters the metrics. Adapters that use them may stay in place. */
  stop(): void {
    this.#unregister();
  }
}

/**
 * Returns the metrics in the default registry, for adapters that are given none: always the same ones, because code may
 * run twice.
 */
export function defaultServerMetrics(): HttpServerMetrics {
  return sharedServerMetrics({ registry: defaultRegistry });
}

/**
 * Returns the metrics with this key in a registry, and creates them on the first call. Their `stop()` unregisters them
 * when it was called as often as this function.
 */
export function sharedServerMetrics(
  options: HttpServerOptions & { readonly registry: CollectorRegistry },
  key = 'default',
): HttpServerMetrics {
  const create = (registry: CollectorRegistry) => new HttpServerMetrics({ ...options, registry });
  return sharedHandle(options.registry, `HttpServerMetrics ${key}`, create);
}

/** Returns the object that keeps the matched route of a request, or undefined if the request is not measured. */
export function exchangeOn(response: TrackedResponse): Pick<TrackedExchange, 'matched'> | undefined {
  return response[EXCHANGE];
}

/** Returns the exchange that these metrics measure, if any. */
function exchangeOf(metrics: HttpServerMetrics, first: TrackedExchange): TrackedExchange | undefined {
  for (let exchange: TrackedExchange | undefined = first; exchange !== undefined; exchange = exchange.other) {
    if (exchange.metrics === metrics) return exchange;
  }
  return undefined;
}

/** Ends each exchange of a response once. */
function endAll(isWhole: boolean, response: TrackedResponse): void {
  const first = response[EXCHANGE];
  const transferred = first && transferredBytes(first.request);
  for (let exchange = first; exchange !== undefined; exchange = exchange.other) {
    if (exchange.isOver) continue;
    exchange.isOver = true;
    const { request } = exchange;
    exchange.metrics.end(exchange, {
      method: request.method,
      route: routeName(exchange.routeOf),
      status: isWhole ? response.statusCode : 'aborted',
      received: transferred?.received,
      sent: transferred?.sent,
      request: () => nodeRequest(request),
    });
  }
}

function skipOption(skip: HttpServerOptions['skip'] = ['/metrics']): (path: string) => boolean {
  if (typeof skip === 'function') return skip;
  if (!Array.isArray(skip)) throw new TypeError('skip must be an array of paths or a function.');
  const paths = new Set(skip);
  return (path) => paths.has(path);
}

function noRoute(): undefined {
  return undefined;
}
