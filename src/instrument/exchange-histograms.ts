import { exponentialBuckets } from '../metrics/buckets/buckets.ts';
import { Histogram, type HistogramChild, type HistogramOptions } from '../metrics/histogram.ts';
import type { DirectCollector } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { kindOf } from '../model/printable.ts';
import { methodLabel, OTHER, statusLabel } from './bounded-labels.ts';
import { bucketsOf, type DurationOptions } from './duration-options.ts';
import type { MeasuredRequest } from './measured-request.ts';
import type { RequestLabels } from './request-labels.ts';
import { namesOption, stableDurations, stableMethod, stableStatus } from './semantic-conventions.ts';
import { Traces } from './traces.ts';

const LABELS = ['method', 'route', 'status_code'] as const;
const STABLE_LABELS = ['http.request.method', 'url.scheme', 'http.route', 'http.response.status_code', 'error.type'];
/** From 100 bytes to 100 MB. */
const SIZE_BUCKETS = exponentialBuckets(100, 10, 7);

/** Buckets of a histogram: `buckets` are classic ones, `native` adds or uses native ones. */
export type HistogramShape = Pick<HistogramOptions, 'buckets' | 'native'>;

/** Histograms to keep, by what they measure: `false` for none, or their buckets. */
export interface HistogramChoice {
  /** Durations of requests in seconds; by default with the options `buckets` and `native`. */
  readonly duration?: boolean | HistogramShape;
  /** Sizes of requests in bytes; by default with buckets from 100 bytes to 100 MB. */
  readonly requestSize?: boolean | HistogramShape;
  /** Sizes of responses in bytes; by default with buckets from 100 bytes to 100 MB. */
  readonly responseSize?: boolean | HistogramShape;
}

/** How a request ended. */
export interface ExchangeOutcome {
  readonly method: string | undefined;
  readonly route: string | undefined;
  /** `aborted` if not all of the response was sent. */
  readonly status: number | 'aborted';
  /** Size of the request in bytes; undefined if unknown. */
  readonly received?: number | undefined;
  /** Size of the response in bytes; undefined if unknown. */
  readonly sent?: number | undefined;
  /** Returns the request, for labels that depend on it. Called only if there are any. */
  readonly request?: () => MeasuredRequest;
}

/** The children for one combination of labels. */
interface ExchangeChildren {
  readonly duration: HistogramChild | undefined;
  readonly received: HistogramChild | undefined;
  readonly sent: HistogramChild | undefined;
  readonly stable: HistogramChild | undefined;
}

interface ExchangeOptions extends DurationOptions {
  readonly histograms?: HistogramChoice;
  readonly requestLabels: RequestLabels;
}

/** Histograms of durations and sizes of requests. */
export class ExchangeHistograms {
  /** The histograms, not registered. */
  readonly metrics: readonly DirectCollector[];
  readonly traces: Traces;
  readonly #durations: Histogram<readonly string[]> | undefined;
  readonly #received: Histogram<readonly string[]> | undefined;
  readonly #sent: Histogram<readonly string[]> | undefined;
  readonly #stable: Histogram<readonly string[]> | undefined;
  readonly #requestLabels: RequestLabels;
  /** By route, method and status with further labels, which are all bounded. One lookup serves all histograms. */
  readonly #children = new Map<string, Map<string, Map<number | string, ExchangeChildren>>>();

  constructor(options: ExchangeOptions) {
    const { prefix = '', labels = {}, exemplarSource, histograms = {}, requestLabels } = options;
    checkChoice(histograms);
    const { duration = true, requestSize = true, responseSize = true } = histograms;
    const { isClassic, isStable } = namesOption(options.names);
    const labelNames: readonly string[] = [...LABELS, ...requestLabels.names];
    const create = (isKept: boolean, definition: { name: string; unit: string; help: string } & HistogramShape) =>
      isKept ? new Histogram({ ...definition, labelNames, constLabels: labels, registry: null }) : undefined;
    const size = (choice: boolean | HistogramShape) =>
      typeof choice === 'object' ? bucketsOf(choice) : { buckets: SIZE_BUCKETS };
    this.traces = new Traces(exemplarSource);
    this.#requestLabels = requestLabels;
    const durationShape = { ...bucketsOf(typeof duration === 'object' ? duration : options), ...this.traces.option };
    this.#durations = create(isClassic && duration !== false, {
      name: `${prefix}http_request_duration_seconds`,
      unit: 'seconds',
      help: 'Duration of HTTP requests in seconds, until the end of the response.',
      ...durationShape,
    });
    this.#received = create(requestSize !== false, {
      name: `${prefix}http_request_size_bytes`,
      unit: 'bytes',
      help: 'Size of HTTP requests in bytes, head and body.',
      ...size(requestSize),
    });
    this.#sent = create(responseSize !== false, {
      name: `${prefix}http_response_size_bytes`,
      unit: 'bytes',
      help: 'Size of HTTP responses in bytes, head and body.',
      ...size(responseSize),
    });
    const stableNames = [...STABLE_LABELS, ...requestLabels.names];
    const stableOptions = { ...durationShape, labels };
    this.#stable = isStable && duration !== false ? stableDurations('server', stableNames, stableOptions) : undefined;
    this.metrics = [this.#durations, this.#received, this.#sent, this.#stable].filter((metric) => metric !== undefined);
  }

  /** Called for each request. Allocates nothing once the children exist, unless histograms have labels of the request. */
  observe(seconds: number, route: string, outcome: ExchangeOutcome, trace: Labels | undefined): void {
    const { received, sent } = outcome;
    const method = methodLabel(outcome.method);
    const status = outcome.status === 'aborted' ? outcome.status : statusLabel(outcome.status);
    const further = this.#furtherLabels(outcome);
    const key = further === undefined ? status : JSON.stringify([status, ...further]);
    const children =
      this.#children.get(route)?.get(method)?.get(key) ?? this.#addChildren({ route, method, status, further }, key);
    this.traces.set(trace);
    children.duration?.observe(seconds);
    children.stable?.observe(seconds);
    if (received !== undefined) children.received?.observe(received);
    if (sent !== undefined) children.sent?.observe(sent);
  }

  /** The scheme and the labels of the request; undefined if no histogram has them. */
  #furtherLabels({ request }: ExchangeOutcome): readonly string[] | undefined {
    if (this.#stable === undefined && this.#requestLabels.names.length === 0) return undefined;
    const measured = request?.();
    return [measured?.scheme ?? '', ...this.#requestLabels.valuesOf(measured)];
  }

  #addChildren({ route, method, status, further = [''] }: ChildLabels, key: number | string): ExchangeChildren {
    const [scheme = '', ...own] = further;
    const classic = [method, route, status, ...own] as const;
    const stable = stableStatus(status);
    const stableRoute = route === OTHER ? '' : route;
    const children = {
      duration: this.#durations?.labels(...classic),
      received: this.#received?.labels(...classic),
      sent: this.#sent?.labels(...classic),
      stable: this.#stable?.labels(stableMethod(method), scheme, stableRoute, stable.status, stable.error, ...own),
    };
    const byMethod = this.#children.get(route) ?? new Map<string, Map<number | string, ExchangeChildren>>();
    const byStatus = byMethod.get(method) ?? new Map<number | string, ExchangeChildren>();
    this.#children.set(route, byMethod.set(method, byStatus.set(key, children)));
    return children;
  }
}

const CHOICES: OptionNames<HistogramChoice> = { duration: true, requestSize: true, responseSize: true };
const SHAPE: OptionNames<HistogramShape> = { buckets: true, native: true };

function checkChoice(histograms: HistogramChoice): void {
  checkOptionNames('histograms', histograms, CHOICES);
  for (const [name, choice] of Object.entries(histograms)) {
    if (choice === undefined || typeof choice === 'boolean') continue;
    if (typeof choice !== 'object' || choice === null) {
      throw new TypeError(`histograms.${name} must be true, false or an object, got ${kindOf(choice)}.`);
    }
    checkOptionNames(`histograms.${name}`, choice, SHAPE);
  }
}

interface ChildLabels {
  readonly route: string;
  readonly method: string;
  readonly status: number | string;
  readonly further: readonly string[] | undefined;
}
