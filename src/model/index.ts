export type { CollectContext, Collector, DirectCollector, Registrar } from './collector.ts';
export { type Encoder, encodeFamily } from './encoder.ts';
export type {
  Descriptor,
  Exemplar,
  HistogramValue,
  MetricFamily,
  MetricType,
  NativeBucketCounts,
  NativeHistogramValue,
  Point,
  Sample,
  StateSetValue,
  SummaryValue,
} from './family.ts';
export { type Fragment, type LabelInput, type LabelSet, type Labels, LabelValue } from './labels.ts';
export type { Logger, LogMethod } from './logger.ts';
export { checkLabelName, checkMetricName, isLegacyLabelName, isLegacyMetricName } from './naming.ts';
