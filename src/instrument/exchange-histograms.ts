import { exponentialBuckets } from '../metrics/buckets/buckets.ts';
import { Histogram, type HistogramChild } from '../metrics/histogram.ts';
import type { DirectCollector } from '../model/collector.ts';
import type { Labels } from '../model/labels.ts';
import { methodLabel, statusLabel } from './bounded-labels.ts';
import { bucketsOf, type DurationOptions } from './duration-options.ts';
import { Traces } from './traces.ts';

const LABELS = ['method', 'route', 'status_code'] as const;
/** 100 bytes to 100 MB. */
const SIZES = exponentialBuckets(100, 10, 7);

/** What is known of a request once it is over. */
export interface Outcome {
  readonly method: string | undefined;
  readonly route: string | undefined;
  /** `aborted` where the response did not come to its end. */
  readonly status: number | 'aborted';
  /** Bytes; undefined where nobody knows. */
  readonly received?: number | undefined;
  readonly sent?: number | undefined;
}

/** What there is for one method, route and status. */
interface Series {
  readonly duration: HistogramChild;
  readonly received: HistogramChild;
  readonly sent: HistogramChild;
}

/** How long requests took and how large they were. */
export class ExchangeHistograms {
  /** Not registered. */
  readonly metrics: readonly DirectCollector[];
  readonly traces: Traces;
  readonly #durations: Histogram<typeof LABELS>;
  readonly #received: Histogram<typeof LABELS>;
  readonly #sent: Histogram<typeof LABELS>;
  /** By route, method and status, all of them bounded: looked up once for three histograms. */
  readonly #series = new Map<string, Map<string, Map<number | string, Series>>>();

  constructor(options: DurationOptions) {
    const { prefix = '', labels = {}, exemplarSource } = options;
    const common = { labelNames: LABELS, constLabels: labels, registry: null };
    this.traces = new Traces(exemplarSource);
    this.#durations = new Histogram({
      ...common,
      name: `${prefix}http_request_duration_seconds`,
      unit: 'seconds',
      help: 'Time from the begin of a request to the end of its response.',
      ...bucketsOf(options),
      ...this.traces.option,
    });
    this.#received = new Histogram({
      ...common,
      name: `${prefix}http_request_size_bytes`,
      unit: 'bytes',
      help: 'Size of a request, head and body.',
      buckets: SIZES,
    });
    this.#sent = new Histogram({
      ...common,
      name: `${prefix}http_response_size_bytes`,
      unit: 'bytes',
      help: 'Size of a response, head and body.',
      buckets: SIZES,
    });
    this.metrics = [this.#durations, this.#received, this.#sent];
  }

  /** Called for each request: nothing is allocated where the series are known. */
  observe(seconds: number, route: string, outcome: Outcome, trace: Labels | undefined): void {
    const { received, sent } = outcome;
    const series = this.#seriesOf(route, methodLabel(outcome.method), outcome.status);
    this.traces.set(trace);
    series.duration.observe(seconds);
    if (received !== undefined) series.received.observe(received);
    if (sent !== undefined) series.sent.observe(sent);
  }

  #seriesOf(route: string, method: string, status: Outcome['status']): Series {
    const label = status === 'aborted' ? status : statusLabel(status);
    return this.#series.get(route)?.get(method)?.get(label) ?? this.#add(route, method, label);
  }

  #add(route: string, method: string, status: number | string): Series {
    const series = {
      duration: this.#durations.labels(method, route, status),
      received: this.#received.labels(method, route, status),
      sent: this.#sent.labels(method, route, status),
    };
    const byMethod = this.#series.get(route) ?? new Map<string, Map<number | string, Series>>();
    const byStatus = byMethod.get(method) ?? new Map<number | string, Series>();
    this.#series.set(route, byMethod.set(method, byStatus.set(status, series)));
    return series;
  }
}
