import { registerAll } from '../collectors/start-all.ts';
import { Gauge } from '../metrics/gauge.ts';
import { numberOption } from '../metrics/number-option.ts';
import type { Labels } from '../model/labels.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import { BoundedValues } from './bounded-values.ts';
import type { DurationOptions } from './duration-options.ts';
import { ExchangeHistograms, type Outcome } from './exchange-histograms.ts';
import { type HttpRequest, type HttpResponse, isWhole } from './http-message.ts';
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
  readonly metrics: HttpServerMetrics;
  /** `performance.now()` when it began. */
  readonly began: number;
  readonly trace: Labels | undefined;
  routeOf: RouteOf;
}

const EXCHANGE = Symbol('zeroprom.exchange');

/** A symbol on the response costs less than a WeakMap. */
type TrackedResponse = HttpResponse & { [EXCHANGE]?: Exchange };

/**
 * The metrics of an HTTP server, by method, route and status code: `http_request_duration_seconds`,
 * `http_request_size_bytes`, `http_response_size_bytes` and `http_requests_in_flight`. All labels are bounded. One object
 * serves any number of adapters; a request that comes through two of them is counted once.
 */
export class HttpServerMetrics {
  readonly #inFlight: Gauge;
  readonly #histograms: ExchangeHistograms;
  readonly #routes: BoundedValues;
  readonly #unregister: () => void;

  constructor(options: HttpServerOptions = {}) {
    const { registry = defaultRegistry, prefix = '', labels = {} } = options;
    this.#routes = new BoundedValues(maxRoutesOf(options.maxRoutes));
    this.#histograms = new ExchangeHistograms(options);
    this.#inFlight = new Gauge({
      name: `${prefix}http_requests_in_flight`,
      help: 'Requests that are being answered.',
      constLabels: labels,
      registry: null,
    });
    this.#unregister = registerAll(registry, [this.#inFlight, ...this.#histograms.metrics]);
  }

  /**
   * Measures a request of `node:http` from now until its response is over, sent or not. Called again for the same
   * request, it only takes the route that is given then: a router knows more than the server around it.
   */
  track(request: HttpRequest, response: HttpResponse, routeOf?: RouteOf): void {
    const tracked: TrackedResponse = response;
    const known = tracked[EXCHANGE];
    if (known?.metrics === this) {
      if (routeOf !== undefined) known.routeOf = routeOf;
      return;
    }
    const exchange = this.begin(routeOf);
    tracked[EXCHANGE] = exchange;
    // It comes after each response, whole or not; `finish` comes after whole ones only.
    response.on('close', () => {
      const traffic = trafficOf(request);
      this.end(exchange, {
        method: request.method,
        route: routeIn(exchange),
        status: isWhole(request, response) ? response.statusCode : 'aborted',
        received: traffic?.received,
        sent: traffic?.sent,
      });
    });
  }

  /** Begins to measure a request of any other kind. */
  begin(routeOf: RouteOf = noRoute): Exchange {
    this.#inFlight.inc();
    return { metrics: this, began: performance.now(), trace: this.#histograms.traces.read(), routeOf };
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

/** Whose router it is asked of may be anybody's, and the request is over: an error would end the process. */
function routeIn({ routeOf }: Exchange): string | undefined {
  try {
    return routeOf();
  } catch {
    return undefined;
  }
}

function noRoute(): undefined {
  return undefined;
}

function maxRoutesOf(value: number | undefined): number {
  return numberOption(value, {
    name: 'maxRoutes',
    byDefault: DEFAULT_MAX_ROUTES,
    isAllowed: (count) => Number.isSafeInteger(count) && count >= 0,
    rule: 'a whole number from 0',
  });
}
