import { exponentialBuckets } from '../metrics/buckets/buckets.ts';
import { Histogram, type HistogramChild } from '../metrics/histogram.ts';
import type { DirectCollector } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { methodLabel, statusLabel } from './bounded-labels.ts';
import { bucketsOf, type DurationOptions } from './duration-options.ts';
import { Traces } from './traces.ts';

const LABELS = ['method', 'route', 'status_code'] as const;
/** From 100 bytes to 100 MB. */
const SIZE_BUCKETS = exponentialBuckets(100, 10, 7);

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
}

/** The children for one method, route and status. */
interface ExchangeChildren {
  readonly duration: HistogramChild;
  readonly received: HistogramChild;
  readonly sent: HistogramChild;
}

/** Histograms of durations and sizes of requests. */
export class ExchangeHistograms {
  /** The histograms, not registered. */
  readonly metrics: readonly DirectCollector[];
  readonly traces: Traces;
  readonly #durations: Histogram<typeof LABELS>;
  readonly #received: Histogram<typeof LABELS>;
  readonly #sent: Histogram<typeof LABELS>;
  /** By route, method and status, which are all bounded. One lookup serves three histograms. */
  readonly #children = new Map<string, Map<string, Map<number | string, ExchangeChildren>>>();

  constructor(options: DurationOptions) {
    const { prefix = '', labels = {}, exemplarSource } = options;
    const common = { labelNames: LABELS, constLabels: labels, registry: null };
    this.traces = new Traces(exemplarSource);
    this.#durations = new Histogram({
      ...common,
      name: `${prefix}http_request_duration_seconds`,
      unit: 'seconds',
      help: 'Duration of HTTP requests in seconds, until the end of the response.',
      ...bucketsOf(options),
      ...this.traces.option,
    });
    this.#received = new Histogram({
      ...common,
      name: `${prefix}http_request_size_bytes`,
      unit: 'bytes',
      help: 'Size of HTTP requests in bytes, head and body.',
      buckets: SIZE_BUCKETS,
    });
    this.#sent = new Histogram({
      ...common,
      name: `${prefix}http_response_size_bytes`,
      unit: 'bytes',
      help: 'Size of HTTP responses in bytes, head and body.',
      buckets: SIZE_BUCKETS,
    });
    this.metrics = [this.#durations, this.#received, this.#sent];
  }

  /** Called for each request. Allocates nothing if the children are known. */
  observe(seconds: number, route: string, outcome: ExchangeOutcome, trace: Labels | undefined): void {
    const { received, sent } = outcome;
    const method = methodLabel(outcome.method);
    const status = outcome.status === 'aborted' ? outcome.status : statusLabel(outcome.status);
    const children = this.#children.get(route)?.get(method)?.get(status) ?? this.#addChildren(route, method, status);
    this.traces.set(trace);
    children.duration.observe(seconds);
    if (received !== undefined) children.received.observe(received);
    if (sent !== undefined) children.sent.observe(sent);
  }

  #addChildren(route: string, method: string, status: number | string): ExchangeChildren {
    const children = {
      duration: this.#durations.labels(method, route, status),
      received: this.#received.labels(method, route, status),
      sent: this.#sent.labels(method, route, status),
    };
    const byMethod = this.#children.get(route) ?? new Map<string, Map<number | string, ExchangeChildren>>();
    const byStatus = byMethod.get(method) ?? new Map<number | string, ExchangeChildren>();
    this.#children.set(route, byMethod.set(method, byStatus.set(status, children)));
    return children;
  }
}
