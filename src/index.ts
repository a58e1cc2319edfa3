export type { ExporterOptions, RunningExporter } from './exporter/exporter-options.ts';
export { runExporter } from './exporter/run-exporter.ts';
export { metricsFetchHandler } from './http/fetch-handler.ts';
export { metricsHandler } from './http/handler.ts';
export type { NodeListener, NodeRequest, NodeResponse } from './http/node-listener.ts';
export type { HandlerOptions, ScrapeOptions } from './http/scrape/handler-options.ts';
export {
  defaultBuckets,
  exponentialBuckets,
  exponentialBucketsRange,
  linearBuckets,
} from './metrics/buckets/buckets.ts';
export type { NativeOptions } from './metrics/buckets/native-options.ts';
export { Counter, CounterChild, type CounterOptions, type ErrorFilter } from './metrics/counter.ts';
export type { ExemplarSource } from './metrics/exemplars/exemplars.ts';
export { openTelemetryExemplars } from './metrics/exemplars/open-telemetry.ts';
export { Gauge, GaugeChild, type GaugeOptions } from './metrics/gauge.ts';
export { Histogram, HistogramChild, type HistogramOptions } from './metrics/histogram.ts';
export { Info, InfoChild, type InfoOptions } from './metrics/info.ts';
export type { MetricOptions } from './metrics/metric-options.ts';
export { PeakGauge, PeakGaugeChild, type PeakGaugeOptions } from './metrics/peak-gauge.ts';
export type { QuantileOptions } from './metrics/quantiles/quantile-window.ts';
export type { WindowOptions } from './metrics/quantiles/sliding-window.ts';
export type { LabelSchema, LabelsOf } from './metrics/series/label-schema.ts';
export type { NormalizeLabel } from './metrics/series/series-finder.ts';
export type { LabeledChild } from './metrics/series/series-table.ts';
export { StateSet, StateSetChild, type StateSetOptions } from './metrics/state-set.ts';
export { Summary, SummaryChild, type SummaryOptions } from './metrics/summary.ts';
export type { LateTimer, Timer } from './metrics/timer.ts';
export type { CollectContext, Collector } from './model/collector.ts';
export { type Duration, formatDuration, parseDuration } from './model/duration.ts';
export type { Exemplar, MetricFamily, MetricType } from './model/family.ts';
export type { LabelInput, Labels } from './model/labels.ts';
export type { Logger } from './model/logger.ts';
export { version } from './model/version.ts';
export { defaultRegistry } from './registry/default-registry.ts';
export { type CollectorFailure, type Gatherer, Gathering, type GatherOptions } from './registry/gathering.ts';
export type { Merged } from './registry/merged.ts';
export { Registry } from './registry/registry.ts';
export type { RegistryOptions, ReuseOptions } from './registry/registry-options.ts';
export type { RegistryView } from './registry/registry-view.ts';
export { Scheduler, type SchedulerOptions, type StopOptions } from './scheduler/scheduler.ts';
export type { Task, TaskState, TaskStatus } from './scheduler/task.ts';
export type { TaskOptions } from './scheduler/task-options.ts';
