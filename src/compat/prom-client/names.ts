export { AggregatorRegistry } from './cluster/aggregator-registry.ts';
export { collectDefaultMetrics } from './default-metrics/collect-default-metrics.ts';
export { Counter } from './metrics/counter.ts';
export { Gauge } from './metrics/gauge.ts';
export { Histogram } from './metrics/histogram.ts';
export { Summary } from './metrics/summary.ts';
export { exponentialBuckets, linearBuckets } from './metrics/upper-bounds.ts';
export { Pushgateway } from './push/pushgateway.ts';
export { aggregators } from './registry/aggregators.ts';
export {
  OPENMETRICS_CONTENT_TYPE as openMetricsContentType,
  PROMETHEUS_CONTENT_TYPE as prometheusContentType,
} from './registry/base-registry.ts';
export { Registry } from './registry/registry.ts';
export { validateMetricName } from './series/label-arguments.ts';
