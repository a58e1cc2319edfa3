// The types of prom-client 15.1.3, with what they lack: OpenMetrics registries, labels that are numbers, `aggregators`.
// Written by hand in one file, like the declarations of that package. It shares nothing with prometheus-io-client.d.ts: default type
// parameters, `MetricType` and the types of label values differ.

/** Character encoding of an exposition. */
export type Charset = 'utf-8';

/** Media type of the Prometheus text format. */
export type PrometheusMIME = 'text/plain';
/** Version of the Prometheus text format. */
export type PrometheusMetricsVersion = '0.0.4';

/** Media type of OpenMetrics. */
export type OpenMetricsMIME = 'application/openmetrics-text';
/** Version of OpenMetrics. */
export type OpenMetricsVersion = '1.0.0';

/** Content-Type of the Prometheus text format. */
export type PrometheusContentType = `${PrometheusMIME}; version=${PrometheusMetricsVersion}; charset=${Charset}`;
/** Content-Type of OpenMetrics. */
export type OpenMetricsContentType = `${OpenMetricsMIME}; version=${OpenMetricsVersion}; charset=${Charset}`;
/** Content-Types that a registry supports. */
export type RegistryContentType = PrometheusContentType | OpenMetricsContentType;

/** Any registry of prom-client's API: ours or its own. */
interface RegistryLike {
  /** Returns the text of all metrics. */
  metrics(): Promise<string>;
  /** Removes all metrics. */
  clear(): void;
  /** Resets all metrics. */
  resetMetrics(): void;
  /** Adds a metric. */
  registerMetric<T extends string>(metric: Metric<T>): void;
  /** Returns all metrics with their values. */
  getMetricsAsJSON(): Promise<MetricObjectWithValues<MetricValue<string>>[]>;
  /** Returns all metrics. */
  getMetricsAsArray(): MetricObject[];
  /** Removes the metric of that name. */
  removeSingleMetric(name: string): void;
  /** Returns the metric of that name. */
  getSingleMetric<T extends string>(name: string): Metric<T> | undefined;
  /** Sets labels for all samples that do not have them. */
  setDefaultLabels(labels: object): void;
  /** Returns the text of the metric of that name. */
  getSingleMetricAsString(name: string): Promise<string>;
  /** Content-Type of `metrics()`. */
  readonly contentType: RegistryContentType;
}

/** Metrics in the order of registration, with their default labels and content type. */
export class Registry<C extends RegistryContentType = PrometheusContentType> {
  /**
   * @param contentType The format of `metrics()`; the Prometheus text format by default.
   * @throws TypeError for any other content type.
   */
  constructor(contentType?: C);

  /** Resolves with the text of all metrics. Rejects if a `collect()` rejects. */
  metrics(): Promise<string>;

  /** Drops all metrics, and the default labels. */
  clear(): void;

  /** Resets all metrics. */
  resetMetrics(): void;

  /**
   * Adds a metric, or any object with a name and `get()`.
   * @throws Error if another one has its name.
   */
  registerMetric<T extends string>(metric: Metric<T>): void;

  /** All metrics with their values and default labels. */
  getMetricsAsJSON(): Promise<MetricObjectWithValues<MetricValue<string>>[]>;

  /** The metrics that are registered. */
  getMetricsAsArray(): MetricObject[];

  /** The text of one metric, which need not be registered. */
  getMetricsAsString(metric: Metric | MetricObject): Promise<string>;

  /** Drops the metric of that name. */
  removeSingleMetric(name: string): void;

  /** The metric of that name. */
  getSingleMetric<T extends string>(name: string): Metric<T> | undefined;

  /** Sets labels for all samples that do not have them. The object is kept, so later changes of it have an effect. */
  setDefaultLabels(labels: object): void;

  /** The text of the metric of that name. Rejects if there is none. */
  getSingleMetricAsString(name: string): Promise<string>;

  /** The Content-Type of `metrics()`. */
  readonly contentType: C;

  /**
   * Chooses the format of `metrics()`.
   * @throws Error for an unknown content type.
   */
  setContentType(contentType: RegistryContentType): void;

  /**
   * A registry with all metrics of the others.
   * @throws Error if their content types differ, or if two metrics have one name.
   */
  static merge(registers: RegistryLike[]): Registry;

  /** The registry that metrics use by default. */
  static globalRegistry: Registry;

  /** The Content-Type of the Prometheus text format. */
  static PROMETHEUS_CONTENT_TYPE: PrometheusContentType;

  /** The Content-Type of OpenMetrics. */
  static OPENMETRICS_CONTENT_TYPE: OpenMetricsContentType;
}

/** A function without arguments. No function of the API takes one. */
export type Collector = () => void;

/** The global registry. */
export const register: Registry;

/** The Content-Type of the global registry. With `require()`, it can be set. */
export const contentType: RegistryContentType;

/** The Content-Type of the Prometheus text format. */
export const prometheusContentType: PrometheusContentType;

/** The Content-Type of OpenMetrics. */
export const openMetricsContentType: OpenMetricsContentType;

/** A registry that also exposes the aggregated metrics of all cluster workers. Create one in the primary and in each worker. */
export class AggregatorRegistry<C extends RegistryContentType = PrometheusContentType> extends Registry<C> {
  /**
   * Resolves with the aggregated metrics of all workers as text, in the primary. Workers that do not answer within five seconds are
   * left out; rejects if none answers.
   */
  clusterMetrics(): Promise<string>;

  /**
   * Returns a registry with the metrics of several registries, aggregated by their aggregators.
   * @param metrics Results of `getMetricsAsJSON()`.
   * @throws Error for an unknown aggregator.
   */
  static aggregate<C extends RegistryContentType>(metrics: Array<object>, contentType?: C): Registry<C>;

  /**
   * Sets the registries whose metrics a worker sends; the global one by default.
   * @throws TypeError for other values than registries.
   */
  static setRegistries(registries: RegistryLike[] | RegistryLike): void;
}

/** Any of the metric types. */
export type Metric<T extends string = string> = Counter<T> | Gauge<T> | Summary<T> | Histogram<T>;

/** How to aggregate a metric of several processes. */
export type Aggregator = 'omit' | 'sum' | 'first' | 'min' | 'max' | 'average';

/** Functions that aggregate metrics with the same name, by the name that a metric gives as its `aggregator`. */
export const aggregators: Record<
  Aggregator,
  (metrics: MetricObjectWithValues<MetricValue<string>>[]) => MetricObjectWithValues<MetricValue<string>> | undefined
>;

/** A type only: the package exports no such value. */
export enum MetricType {
  Counter,
  Gauge,
  Histogram,
  Summary,
}

/** Called before the values of a metric are read; `this` is the metric. */
type CollectFunction<T> = (this: T) => void | Promise<void>;

/** Name, help text and type of a metric. */
interface MetricObject {
  /** Name of the metric. */
  name: string;
  /** Help text. */
  help: string;
  /** Type of the metric. */
  type: MetricType;
  /** Aggregator for several processes. */
  aggregator: Aggregator;
  /** Called before the values are read. */
  // `any`, as in that package: the type of `this` depends on the metric, and a typed one would reject assignments.
  collect: CollectFunction<any>;
}

/** A metric with its samples, as `getMetricsAsJSON()` returns it. */
interface MetricObjectWithValues<T extends MetricValue<string>> extends MetricObject {
  /** Samples of the metric. */
  values: T[];
}

/** One sample. */
type MetricValue<T extends string> = {
  /** Value of the sample. */
  value: number;
  /** Labels of the sample. */
  labels: LabelValues<T>;
};

/** One sample of a histogram or summary. */
type MetricValueWithName<T extends string> = MetricValue<T> & {
  /** Name of the sample, such as `x_bucket`. */
  metricName?: string;
};

/** Values of labels by their names. */
type LabelValues<T extends string> = Partial<Record<T, string | number>>;

/** Options of all metrics. */
interface MetricConfiguration<T extends string> {
  /** Name of the metric. */
  name: string;
  /** Help text. */
  help: string;
  /** Names of its labels; none by default. */
  labelNames?: T[] | readonly T[];
  /** The global registry by default; an empty list registers the metric nowhere. */
  registers?: RegistryLike[];
  /** `sum` by default. */
  aggregator?: Aggregator;
  /** Called at each scrape, with the metric as `this`, to bring its values up to date. */
  // `any`, as in that package: the function is called on metrics of each type.
  collect?: CollectFunction<any>;
  /** Only for counters and histograms of OpenMetrics registries. False by default. */
  enableExemplars?: boolean;
}

/** Options of a counter. */
export interface CounterConfiguration<T extends string> extends MetricConfiguration<T> {
  /** Called before the values are read; `this` is the counter. */
  collect?: CollectFunction<Counter<T>>;
}

/** An increase of a counter, with its exemplar. */
export interface IncreaseDataWithExemplar<T extends string> {
  /** Amount to add; 1 by default. */
  value?: number;
  /** Labels of the series. */
  labels?: LabelValues<T>;
  /** Labels of the exemplar, such as a trace ID. */
  exemplarLabels?: LabelValues<string>;
}

/** An observation of a histogram, with its exemplar. */
export interface ObserveDataWithExemplar<T extends string> {
  /** Observed value. */
  value: number;
  /** Labels of the series. */
  labels?: LabelValues<T>;
  /** Labels of the exemplar, such as a trace ID. */
  exemplarLabels?: LabelValues<string>;
}

/** A number that only goes up. */
export class Counter<T extends string = string> {
  constructor(configuration: CounterConfiguration<T>);

  /**
   * Adds a number, 1 by default, to the series with these labels.
   * @throws Error for negative numbers.
   */
  inc(labels: LabelValues<T>, value?: number): void;
  inc(value?: number): void;
  /** With exemplars enabled: adds a value and records an exemplar for it. */
  inc(incData: IncreaseDataWithExemplar<T>): void;

  /** The metric with its values. */
  get(): Promise<MetricObjectWithValues<MetricValue<T>>>;

  /** The series with these labels. Keep it: using it is far cheaper than finding it. */
  labels(...values: (string | number)[]): Counter.Internal;
  labels(labels: LabelValues<T>): Counter.Internal;

  /** Drops all series; without labels, the counter is 0 again. */
  reset(): void;

  /** Drops the series with these labels. */
  remove(...values: (string | number)[]): void;
  remove(labels: LabelValues<T>): void;
}

export namespace Counter {
  interface Internal {
    inc(value?: number): void;
  }
}

/** Options of a gauge. */
export interface GaugeConfiguration<T extends string> extends MetricConfiguration<T> {
  /** Called before the values are read; `this` is the gauge. */
  collect?: CollectFunction<Gauge<T>>;
}

/** A number that goes up and down. */
export class Gauge<T extends string = string> {
  constructor(configuration: GaugeConfiguration<T>);

  /** Adds a number, 1 by default. */
  inc(labels: LabelValues<T>, value?: number): void;
  inc(value?: number): void;

  /** Subtracts a number, 1 by default. */
  dec(labels: LabelValues<T>, value?: number): void;
  dec(value?: number): void;

  set(labels: LabelValues<T>, value: number): void;
  set(value: number): void;

  /** The metric with its values. */
  get(): Promise<MetricObjectWithValues<MetricValue<T>>>;

  /** Sets the value to the current Unix time in seconds. */
  setToCurrentTime(labels?: LabelValues<T>): void;

  /** Starts a timer. The function it returns sets the gauge to the seconds since then, and returns them. */
  startTimer(labels?: LabelValues<T>): (labels?: LabelValues<T>) => number;

  /** The series with these labels. Keep it: using it is far cheaper than finding it. */
  labels(...values: (string | number)[]): Gauge.Internal<T>;
  labels(labels: LabelValues<T>): Gauge.Internal<T>;

  /** Drops all series; without labels, the gauge is 0 again. */
  reset(): void;

  /** Drops the series with these labels. */
  remove(...values: (string | number)[]): void;
  remove(labels: LabelValues<T>): void;
}

export namespace Gauge {
  interface Internal<T extends string> {
    inc(value?: number): void;
    dec(value?: number): void;
    set(value: number): void;
    /** Sets the value to the current Unix time in seconds. */
    setToCurrentTime(): void;
    startTimer(): (labels?: LabelValues<T>) => number;
  }
}

/** Options of a histogram. */
export interface HistogramConfiguration<T extends string> extends MetricConfiguration<T> {
  /** Upper bounds, inclusive; by default, suitable for the duration of requests in seconds. */
  buckets?: number[];
  /** Called before the values are read; `this` is the histogram. */
  collect?: CollectFunction<Histogram<T>>;
}

/** Counts observations in buckets. */
export class Histogram<T extends string = string> {
  constructor(configuration: HistogramConfiguration<T>);

  /**
   * Counts a value.
   * @throws TypeError unless it is a finite number.
   */
  observe(value: number): void;
  observe(labels: LabelValues<T>, value: number): void;
  /** With exemplars enabled: observes a value and records an exemplar for it. */
  observe(observeData: ObserveDataWithExemplar<T>): void;

  /** The metric with its values. */
  get(): Promise<MetricObjectWithValues<MetricValueWithName<T>>>;

  /** Starts a timer. The function it returns observes the seconds since then, and returns them. */
  startTimer(labels?: LabelValues<T>): (labels?: LabelValues<T>) => number;
  startTimer(
    labels?: LabelValues<T>,
    exemplarLabels?: LabelValues<string>,
  ): (labels?: LabelValues<T>, exemplarLabels?: LabelValues<string>) => number;

  /** Drops all series. */
  reset(): void;

  /** Creates the series with these labels, or sets it back to zero. */
  zero(labels: LabelValues<T>): void;

  /** The series with these labels. Keep it: using it is far cheaper than finding it. */
  labels(...values: (string | number)[]): Histogram.Internal<T>;
  labels(labels: LabelValues<T>): Histogram.Internal<T>;

  /** Drops the series with these labels. */
  remove(...values: (string | number)[]): void;
  remove(labels: LabelValues<T>): void;
}

export namespace Histogram {
  interface Internal<T extends string> {
    observe(value: number): void;
    startTimer(): (labels?: LabelValues<T>) => number;
  }

  interface Config {
    buckets?: number[];
  }
}

/** Options of a summary. */
export interface SummaryConfiguration<T extends string> extends MetricConfiguration<T> {
  /** Quantiles between 0 and 1. */
  percentiles?: number[];
  /** With `ageBuckets`: length of the time window of the quantiles. */
  maxAgeSeconds?: number;
  /** Number of steps in which the window of `maxAgeSeconds` slides, at most 100. */
  ageBuckets?: number;
  /** Drops series without observations in this time. False by default. */
  pruneAgedBuckets?: boolean;
  /** Number of observations between compressions of the digest; 1000 by default. */
  compressCount?: number;
  /** Called before the values are read; `this` is the summary. */
  collect?: CollectFunction<Summary<T>>;
}

/** Shows quantiles of observations. */
export class Summary<T extends string = string> {
  constructor(configuration: SummaryConfiguration<T>);

  /**
   * Observes a value.
   * @throws TypeError unless it is a finite number.
   */
  observe(value: number): void;
  observe(labels: LabelValues<T>, value: number): void;

  /** The metric with its values. */
  get(): Promise<MetricObjectWithValues<MetricValueWithName<T>>>;

  /** Starts a timer. The function it returns observes the seconds since then, and returns them. */
  startTimer(labels?: LabelValues<T>): (labels?: LabelValues<T>) => number;

  /** Sets all series back to zero. */
  reset(): void;

  /** The series with these labels. Keep it: using it is far cheaper than finding it. */
  labels(...values: (string | number)[]): Summary.Internal<T>;
  labels(labels: LabelValues<T>): Summary.Internal<T>;

  /** Drops the series with these labels. */
  remove(...values: (string | number)[]): void;
  remove(labels: LabelValues<T>): void;
}

export namespace Summary {
  interface Internal<T extends string> {
    observe(value: number): void;
    startTimer(): (labels?: LabelValues<T>) => number;
  }

  interface Config {
    percentiles?: number[];
  }
}

/** Pushes metrics to a Pushgateway. */
export class Pushgateway<C extends RegistryContentType = RegistryContentType> {
  /**
   * @param url The address of the Pushgateway, with its port.
   * @param options Options of `http.request()`, and `requireJobName`, true by default.
   * @param registry The global registry by default.
   */
  // `any`, as in that package, so that options of any version of Node.js and of `requireJobName` are accepted.
  constructor(url: string, options?: any, registry?: RegistryLike & { readonly contentType: C });

  /** Replaces metrics of the group that have the same names. */
  pushAdd(params: Pushgateway.Parameters): Promise<{ resp?: unknown; body?: unknown }>;

  /** Replaces all metrics of the group. */
  push(params: Pushgateway.Parameters): Promise<{ resp?: unknown; body?: unknown }>;

  /** Deletes all metrics of the group. */
  delete(params: Pushgateway.Parameters): Promise<{ resp?: unknown; body?: unknown }>;
}

export namespace Pushgateway {
  interface Parameters {
    jobName: string;
    /** Further labels of the group. */
    groupings?: {
      [key: string]: string;
    };
  }
}

/** `count` upper bounds, `width` apart. */
export function linearBuckets(start: number, width: number, count: number): number[];

/** `count` upper bounds, each `factor` times the one before. */
export function exponentialBuckets(start: number, factor: number, count: number): number[];

/** Options of `collectDefaultMetrics()`. */
export interface DefaultMetricsCollectorConfiguration<C extends RegistryContentType = RegistryContentType> {
  /** Registry for the metrics; the global one by default. */
  register?: RegistryLike & { readonly contentType: C };
  /** Prefix of all metric names. */
  prefix?: string;
  /** Upper bounds of the garbage collection histogram, in seconds. */
  gcDurationBuckets?: number[];
  /** Milliseconds between two measurements of the event loop's delay; 10 by default. */
  eventLoopMonitoringPrecision?: number;
  /** Labels that all default metrics have. */
  labels?: object;
  /** Gives the CPU counters exemplars of the active OpenTelemetry trace. */
  enableExemplars?: boolean;
}

/** Registers metrics of the process and of Node.js. */
export const collectDefaultMetrics: {
  <C extends RegistryContentType>(config?: DefaultMetricsCollectorConfiguration<C>): void;
  /** The names of the groups of default metrics. */
  metricsList: string[];
};

/** Whether the text is a legal metric name. */
export function validateMetricName(name: string): boolean;
