export { exponentialBuckets, linearBuckets } from '../prom-client/metrics/upper-bounds.ts';
export { aggregators } from '../prom-client/registry/aggregators.ts';
export {
  OPENMETRICS_CONTENT_TYPE as openMetricsContentType,
  PROMETHEUS_CONTENT_TYPE as prometheusContentType,
} from '../prom-client/registry/base-registry.ts';
export { validateMetricName } from '../prom-client/series/label-arguments.ts';
export { ClusterRegistry, ClusterRegistry as AggregatorRegistry } from './cluster-registry.ts';
export { collectDefaultMetrics } from './default-metrics.ts';
export { Counter, Gauge, Histogram, Summary } from './metrics.ts';
export { Pushgateway } from './pushgateway.ts';
export { Registry } from './registry.ts';
export { WorkerRegistry } from './worker-registry.ts';
