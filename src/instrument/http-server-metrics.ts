import { registerAll } from '../collectors/collector-group.ts';
import type { HttpRequest, HttpResponse } from '../http/response/http-message.ts';
import { watchClose } from '../http/response/response-close.ts';
import { Gauge, type GaugeChild } from '../metrics/gauge.ts';
import type { Labels } from '../model/labels.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import { BoundedValues, limitOption } from './bounded-labels.ts';
import type { DurationOptions } from './duration-options.ts';
import { ExchangeHistograms, type Outcome } from './exchange-histograms.ts';
import type { MatchedRoute } from './express-mounts.ts';
import { routeName } from './route-name.ts';
import { trafficOf } from './traffic.ts';

const DEFAULT_MAX_ROUTES = 200;

export interface HttpServerOptions extends DurationOptions {
  /** How many routes are told apart; 200 by default. Requests of others are counted as `other`. */
  readonly maxRoutes?: number;
}

/** The template of the route that answers, such as `/users/:id`; undefined where there is none. Never a raw URL. */
export type RouteOf = () => string | undefined;

/** A request that is under way. */
export interface Exchange {
  /** `performance.now()` when it began. */
  readonly began: number;
  readonly trace: Labels | undefined;
}

/** A request of `node:http` that is under way. */
interface TrackedExchange extends Exchange {
  readonly metrics: HttpServerMetrics;
  readonly request: HttpRequest;
  routeOf: RouteOf;
  /** Of Express, which forgets it before the response is over. */
  matched: MatchedRoute | undefined;
  isOver: boolean;
  /** What other metrics measure of it. */
  readonly other: TrackedExchange | undefined;
}

const EXCHANGE = Symbol('zeroprom.exchange');

/** A symbol on the response costs half of what a WeakMap does, and less than a closure for its listener. */
type TrackedResponse = HttpResponse & { [EXCHANGE]?: TrackedExchange };

/**
 * The metrics of an HTTP server, by method, route and status code: `http_request_duration_seconds`,
 * `http_request_size_bytes`, `http_response_size_bytes` and `http_requests_in_flight`. All labels are bounded. One object
 * serves any number of adapters; a request that comes through two of them is counted once.
 */
export class HttpServerMetrics {
  readonly #inFlight: GaugeChild;
  readonly #histograms: ExchangeHistograms;
  readonly #routes: BoundedValues;
  readonly #unregister: () => void;

  constructor(options: HttpServerOptions = {}) {
    const { registry = defaultRegistry, prefix = '', labels = {} } = options;
    this.#routes = new BoundedValues(limitOption('maxRoutes', options.maxRoutes, DEFAULT_MAX_ROUTES));
    this.#histograms = new ExchangeHistograms(options);
    const inFlight = new Gauge({
      name: `${prefix}http_requests_in_flight`,
      help: 'Requests that are being answered.',
      constLabels: labels,
      registry: null,
    });
    this.#inFlight = inFlight.labels();
    this.#unregister = registerAll(registry, [inFlight, ...this.#histograms.metrics]);
  }

  /**
   * Measures a request of `node:http` from now until its response is over, sent or not. Called again for the same
   * request, it only takes the route that is given then: a router knows more than the server around it.
   */
  track(request: HttpRequest, response: HttpResponse, routeOf: RouteOf = noRoute): void {
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

  /** Begins to measure a request of any other kind. */
  begin(): Exchange {
    this.#inFlight.inc();
    return { began: performance.now(), trace: this.#histograms.traces.read() };
  }

  /** Ends what `begin()` began: once for each. */
  end(exchange: Exchange, outcome: Outcome): void {
    this.#inFlight.dec();
    const seconds = (performance.now() - exchange.began) / 1000;
    this.#histograms.observe(seconds, this.#routes.label(outcome.route), outcome, exchange.trace);
  }

  /** Takes the metrics out of the registry. Adapters stay in place, and count for nobody. */
  stop(): void {
    this.#unregister();
  }
}

/** Where the route that answers can be kept; undefined where nobody measures the request. */
export function exchangeOn(response: TrackedResponse): Pick<TrackedExchange, 'matched'> | undefined {
  return response[EXCHANGE];
}

/** What these metrics measure of a request, if they do. */
function exchangeOf(metrics: HttpServerMetrics, first: TrackedExchange): TrackedExchange | undefined {
  for (let exchange: TrackedExchange | undefined = first; exchange !== undefined; exchange = exchange.other) {
    if (exchange.metrics === metrics) return exchange;
  }
  return undefined;
}

/** Ends the exchanges of a response, each of them once. */
function endAll(isWhole: boolean, response: TrackedResponse): void {
  const first = response[EXCHANGE];
  const traffic = first && trafficOf(first.request);
  for (let exchange = first; exchange !== undefined; exchange = exchange.other) {
    if (exchange.isOver) continue;
    exchange.isOver = true;
    const { request } = exchange;
    exchange.metrics.end(exchange, {
      method: request.method,
      route: routeName(exchange.routeOf),
      status: isWhole ? response.statusCode : 'aborted',
      received: traffic?.received,
      sent: traffic?.sent,
    });
  }
}

function noRoute(): undefined {
  return undefined;
}
