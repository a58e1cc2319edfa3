/** A field of a message: its name in JSON and its number in protobuf. */
export interface Field {
  readonly name: string;
  readonly number: number;
}

type Numbers = Readonly<Record<string, number>>;

/** Fields by short names; the name in JSON is the key itself unless `names` has another one. */
function fields<const N extends Numbers>(
  numbers: N,
  names: { readonly [K in keyof N]?: string } = {},
): { readonly [K in keyof N]: Field } {
  const entries = Object.entries(numbers).map(([key, number]) => [key, { name: names[key] ?? key, number }]);
  return Object.fromEntries(entries); // With the same keys.
}

// The messages of opentelemetry/proto/{collector/metrics/v1/metrics_service,metrics/v1/metrics,common/v1/common}.proto.

export const REQUEST = fields({ resourceMetrics: 1 });
export const RESOURCE_METRICS = fields({ resource: 1, scopeMetrics: 2 });
export const RESOURCE = fields({ attributes: 1 });
export const SCOPE_METRICS = fields({ scope: 1, metrics: 2, schemaUrl: 3 });
export const SCOPE = fields({ name: 1, version: 2, attributes: 3 });
export const METRIC = fields({
  name: 1,
  description: 2,
  unit: 3,
  gauge: 5,
  sum: 7,
  histogram: 9,
  exponentialHistogram: 10,
  summary: 11,
  metadata: 12,
});
/** Gauge, Sum, Histogram, ExponentialHistogram and Summary. */
export const DATA = fields({ dataPoints: 1, aggregationTemporality: 2, isMonotonic: 3 });
const TIMES = { startTimeUnixNano: 2, timeUnixNano: 3 };
const TOTALS = { ...TIMES, count: 4, sum: 5 };
export const NUMBER_POINT = fields({ ...TIMES, asDouble: 4, exemplars: 5, attributes: 7, flags: 8 });
export const HISTOGRAM_POINT = fields({
  ...TOTALS,
  bucketCounts: 6,
  explicitBounds: 7,
  exemplars: 8,
  attributes: 9,
  flags: 10,
});
export const EXPONENTIAL_POINT = fields({
  ...TOTALS,
  attributes: 1,
  scale: 6,
  zeroCount: 7,
  positive: 8,
  negative: 9,
  flags: 10,
  exemplars: 11,
  zeroThreshold: 14,
});
export const SUMMARY_POINT = fields({ ...TOTALS, quantileValues: 6, attributes: 7, flags: 8 });
export const BUCKETS = fields({ offset: 1, bucketCounts: 2 });
export const QUANTILE = fields({ quantile: 1, value: 2 });
export const EXEMPLAR = fields({ timeUnixNano: 2, asDouble: 3, spanId: 4, traceId: 5, filteredAttributes: 7 });
export const KEY_VALUE = fields({ key: 1, value: 2 });
export const ANY_VALUE = fields(
  { string: 1, bool: 2, int: 3, double: 4 },
  { string: 'stringValue', bool: 'boolValue', int: 'intValue', double: 'doubleValue' },
);
