export type {
  CollectContext,
  Collector,
  CollectorRegistry,
  DirectCollector,
  Registrable,
  RegistrableMetric,
  Registrar,
} from './collector.ts';
export { type Encoder, encodeFamily } from './encoder.ts';
export type {
  AcrossWorkers,
  Descriptor,
  Exemplar,
  HistogramValue,
  MetricFamily,
  MetricType,
  NativeBucketCounts,
  NativeHistogramValue,
  Point,
  QuantileValue,
  Sample,
  StateSetValue,
  SummaryValue,
} from './family.ts';
export type { NumberRows } from './label-set.ts';
export { type LabelSet, labelPairs } from './label-set.ts';
export { type EncodedValues, type LabelEncoding, LabelValues, onlyValue } from './label-values.ts';
export type { LabelInput, Labels } from './labels.ts';
export type { Logger, LogMethod } from './logger.ts';
export { checkLabelName, checkMetricName, isLegacyLabelName, isLegacyMetricName } from './naming.ts';
