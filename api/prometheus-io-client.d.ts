export type Charset = "utf-8";
export type PrometheusMIME = "text/plain";
export type PrometheusMetricsVersion = "0.0.4";
export type OpenMetricsMIME = "application/openmetrics-text";
export type OpenMetricsVersion = "1.0.0";
export type PrometheusContentType = `${PrometheusMIME}; version=${PrometheusMetricsVersion}; charset=${Charset}`;
export type OpenMetricsContentType = `${OpenMetricsMIME}; version=${OpenMetricsVersion}; charset=${Charset}`;
export type RegistryContentType = PrometheusContentType | OpenMetricsContentType;
interface RegistryLike {
    metrics(): Promise<string>;
    clear(): void;
    resetMetrics(): void;
    registerMetric<T extends string>(metric: Metric<T>): void;
    getMetricsAsJSON(): Promise<MetricObjectWithValues<MetricValue<string>>[]>;
    getMetricsAsArray(): MetricObject[];
    removeSingleMetric(name: string): void;
    getSingleMetric<T extends string>(name: string): Metric<T> | undefined;
    setDefaultLabels(labels: object): void;
    getSingleMetricAsString(name: string): Promise<string>;
    readonly contentType: RegistryContentType;
}
export class Registry<C extends RegistryContentType = RegistryContentType> {
    constructor(contentType?: RegistryContentType);
    metrics(): Promise<string>;
    clear(): void;
    resetMetrics(): void;
    registerMetric<T extends string>(metric: Metric<T>): void;
    getMetricsAsJSON(aggregator?: string): Promise<MetricObjectWithValues<MetricValue<string>>[]>;
    getMetricsAsArray(aggregator?: string): MetricObject[];
    getMetricsAsString<T extends string>(metric: Metric<T>): Promise<string>;
    removeSingleMetric(name: string): void;
    getSingleMetric<T extends string>(name: string): Metric<T> | undefined;
    setDefaultLabels(labels: object): void;
    getSingleMetricAsString(name: string): Promise<string>;
    readonly contentType: PrometheusContentType | OpenMetricsContentType;
    setContentType(contentType: RegistryContentType): void;
    static merge(registers: RegistryLike[]): Registry;
    static aggregate<C extends RegistryContentType>(metrics: Array<object>, contentType?: C): Registry<C>;
    static globalRegistry: Registry;
    static PROMETHEUS_CONTENT_TYPE: PrometheusContentType;
    static OPENMETRICS_CONTENT_TYPE: OpenMetricsContentType;
}
export type Collector = () => void;
export const register: Registry;
export const contentType: RegistryContentType;
export const prometheusContentType: PrometheusContentType;
export const openMetricsContentType: OpenMetricsContentType;
export class ClusterRegistry<C extends RegistryContentType = RegistryContentType> extends Registry<C> {
    clusterMetrics(): Promise<string>;
    shutdown(timeout?: number): Promise<void>;
    static setRegistries(registries: RegistryLike[] | RegistryLike): void;
}
export class WorkerRegistry<C extends RegistryContentType = RegistryContentType> extends Registry<C> {
    constructor(contentType?: RegistryContentType, primary?: boolean);
    workerMetrics(): Promise<string>;
    shutdown(timeout?: number): Promise<void>;
    static workerCount(): number;
    static setRegistries(registries: RegistryLike[] | RegistryLike): void;
}
export class AggregatorRegistry<C extends RegistryContentType = RegistryContentType> extends ClusterRegistry<C> {
}
type NoLabelNameType = never;
export type Metric<T extends string = NoLabelNameType> = Counter<T> | Gauge<T> | Summary<T> | Histogram<T>;
export type Aggregator = "omit" | "sum" | "first" | "min" | "max" | "average";
export const aggregators: Record<Aggregator, (metrics: MetricObjectWithValues<MetricValue<string>>[]) => MetricObjectWithValues<MetricValue<string>> | undefined>;
export type MetricType = "counter" | "gauge" | "histogram" | "summary";
type CollectFunction<T> = (this: T) => void | Promise<void>;
export interface MetricObject {
    name: string;
    help: string;
    type: MetricType;
    aggregator: Aggregator;
    collect: CollectFunction<any>;
}
export interface MetricObjectWithValues<T extends MetricValue<string>> extends MetricObject {
    values: T[];
}
export type MetricValue<T extends string> = {
    value: number;
    labels: LabelValues<T>;
};
export type MetricValueWithName<T extends string> = MetricValue<T> & {
    metricName?: string;
};
type LabelValues<T extends string> = T extends NoLabelNameType ? Partial<Record<string, never>> : Partial<Record<T, string | number>>;
interface MetricConfiguration<T extends string> {
    name: string;
    help: string;
    labelNames?: T[] | readonly T[];
    registers?: RegistryLike[];
    aggregator?: Aggregator;
    collect?: CollectFunction<any>;
    enableExemplars?: boolean;
}
export interface CounterConfiguration<T extends string> extends MetricConfiguration<T> {
    collect?: CollectFunction<Counter<T>>;
}
export interface IncreaseDataWithExemplar<T extends string> {
    value?: number;
    labels?: LabelValues<T>;
    exemplarLabels?: LabelValues<string>;
}
export interface ObserveDataWithExemplar<T extends string> {
    value: number;
    labels?: LabelValues<T>;
    exemplarLabels?: LabelValues<string>;
}
export class Counter<T extends string = NoLabelNameType> {
    constructor(configuration: CounterConfiguration<T>);
    inc(labels: LabelValues<T>, value?: number): void;
    inc(value?: number): void;
    inc(incData: IncreaseDataWithExemplar<T>): void;
    get(): Promise<MetricObjectWithValues<MetricValue<T>>>;
    labels(...values: (string | number)[]): Counter.Internal;
    labels(labels: LabelValues<T>): Counter.Internal;
    reset(): void;
    remove(...values: (string | number)[]): void;
    remove(labels: LabelValues<T>): void;
}
export namespace Counter {
    interface Internal {
        inc(value?: number): void;
    }
}
export interface GaugeConfiguration<T extends string> extends MetricConfiguration<T> {
    collect?: CollectFunction<Gauge<T>>;
}
export class Gauge<T extends string = NoLabelNameType> {
    constructor(configuration: GaugeConfiguration<T>);
    inc(labels: LabelValues<T>, value?: number): void;
    inc(value?: number): void;
    dec(labels: LabelValues<T>, value?: number): void;
    dec(value?: number): void;
    set(labels: LabelValues<T>, value: number): void;
    set(value: number): void;
    get(): Promise<MetricObjectWithValues<MetricValue<T>>>;
    setToCurrentTime(labels?: LabelValues<T>): void;
    startTimer(labels?: LabelValues<T>): (labels?: LabelValues<T>) => number;
    labels(...values: (string | number)[]): Gauge.Internal<T>;
    labels(labels: LabelValues<T>): Gauge.Internal<T>;
    reset(): void;
    remove(...values: (string | number)[]): void;
    remove(labels: LabelValues<T>): void;
}
export namespace Gauge {
    interface Internal<T extends string> {
        inc(value?: number): void;
        dec(value?: number): void;
        set(value: number): void;
        setToCurrentTime(): void;
        startTimer(): (labels?: LabelValues<T>) => number;
    }
}
export interface HistogramConfiguration<T extends string> extends MetricConfiguration<T> {
    buckets?: number[];
    collect?: CollectFunction<Histogram<T>>;
}
export class Histogram<T extends string = NoLabelNameType> {
    constructor(configuration: HistogramConfiguration<T>);
    observe(value: number): void;
    observe(labels: LabelValues<T>, value: number): void;
    observe(observeData: ObserveDataWithExemplar<T>): void;
    get(): Promise<MetricObjectWithValues<MetricValueWithName<T>>>;
    startTimer(labels?: LabelValues<T>): (labels?: LabelValues<T>) => number;
    startTimer(labels?: LabelValues<T>, exemplarLabels?: LabelValues<string>): (labels?: LabelValues<T>, exemplarLabels?: LabelValues<string>) => number;
    reset(): void;
    zero(labels: LabelValues<T>): void;
    labels(...values: (string | number)[]): Histogram.Internal<T>;
    labels(labels: LabelValues<T>): Histogram.Internal<T>;
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
export interface SummaryConfiguration<T extends string> extends MetricConfiguration<T> {
    percentiles?: number[];
    maxAgeSeconds?: number;
    ageBuckets?: number;
    pruneAgedBuckets?: boolean;
    compressCount?: number;
    collect?: CollectFunction<Summary<T>>;
}
export class Summary<T extends string = NoLabelNameType> {
    constructor(configuration: SummaryConfiguration<T>);
    observe(value: number): void;
    observe(labels: LabelValues<T>, value: number): void;
    get(): Promise<MetricObjectWithValues<MetricValueWithName<T>>>;
    startTimer(labels?: LabelValues<T>): (labels?: LabelValues<T>) => number;
    reset(): void;
    labels(...values: (string | number)[]): Summary.Internal<T>;
    labels(labels: LabelValues<T>): Summary.Internal<T>;
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
export class Pushgateway<C extends RegistryContentType = RegistryContentType> {
    constructor(url: string, registry: Registry<C>);
    constructor(url: string, options?: Pushgateway.Options | null, registry?: Registry<C>);
    pushAdd(params: Pushgateway.Parameters): Promise<{
        resp?: unknown;
        body?: unknown;
    }>;
    push(params: Pushgateway.Parameters): Promise<{
        resp?: unknown;
        body?: unknown;
    }>;
    delete(params: Pushgateway.Parameters): Promise<{
        resp?: unknown;
        body?: unknown;
    }>;
}
export namespace Pushgateway {
    interface Options {
        requireJobName?: boolean;
        [key: string]: unknown;
    }
    interface Parameters {
        jobName: string;
        groupings?: {
            [key: string]: string;
        };
    }
}
export function linearBuckets(start: number, width: number, count: number): number[];
export function exponentialBuckets(start: number, factor: number, count: number): number[];
export interface DefaultMetricsCollectorConfiguration<C extends RegistryContentType = RegistryContentType> {
    register?: RegistryLike & {
        readonly contentType: C;
    };
    prefix?: string;
    gcDurationBuckets?: number[];
    eventLoopMonitoringPrecision?: number;
    eventLoopUtilizationTimeout?: number;
    eventLoopUtilizationBuckets?: number[];
    eventLoopUtilizationPercentiles?: number[];
    eventLoopUtilizationAgeBuckets?: number;
    eventLoopUtilizationMaxAgeSeconds?: number;
    labels?: object;
    enableExemplars?: boolean;
}
export const collectDefaultMetrics: {
    <C extends RegistryContentType>(config?: DefaultMetricsCollectorConfiguration<C>): void;
    metricsList: string[];
};
export function validateMetricName(name: string): boolean;
