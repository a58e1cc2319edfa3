/**
 * The part of `@opentelemetry/sdk-metrics`, versions 2 and 3, that is used. Declared here so that neither the package nor
 * its types are needed.
 */

/** Seconds and nanoseconds. */
type HrTime = readonly [number, number];

/** Values by the name of the attribute. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Gives the reader the metrics of a `MeterProvider`. */
export interface SdkProducer {
  /** Calls the callbacks of observable instruments, and returns all metrics. */
  collect(options?: { timeoutMillis?: number }): Promise<SdkCollection>;
}

/** Metrics, and errors of the callbacks of observable instruments. */
export interface SdkCollection {
  /** Metrics with their resource. */
  readonly resourceMetrics: {
    readonly resource: { readonly attributes: Attributes };
    readonly scopeMetrics: readonly SdkScopeMetrics[];
  };
  /** Errors of the callbacks of observable instruments. */
  readonly errors: readonly unknown[];
}

/** Metrics of an instrumentation scope. */
export interface SdkScopeMetrics {
  /** The name, version and schema that `getMeter()` was called with. */
  readonly scope: {
    readonly name: string;
    readonly version?: string | undefined;
    readonly schemaUrl?: string | undefined;
  };
  /** Metrics of the scope. */
  readonly metrics: readonly SdkMetric[];
}

/** A metric. */
export interface SdkMetric {
  /** Name, description and unit. */
  readonly descriptor: { readonly name: string; readonly description: string; readonly unit: string };
  /** One of the numbers of `DataPointType`. */
  readonly dataPointType: number;
  /** Whether a sum only increases. */
  readonly isMonotonic?: boolean;
  /** One for each set of attributes. */
  readonly dataPoints: readonly SdkPoint[];
}

/** A value with its attributes. */
export interface SdkPoint {
  /** When the sum or histogram started. */
  readonly startTime: HrTime;
  /** Attributes of the series. */
  readonly attributes: Attributes;
  /** A number or a histogram, depending on `dataPointType`. */
  readonly value: unknown;
  /** Exemplars, if the SDK provides them. */
  readonly exemplars?: readonly SdkExemplar[];
}

/** An example of an observation. */
export interface SdkExemplar {
  /** Observed value. */
  readonly value: number;
  /** Time of the observation. */
  readonly timestamp: HrTime;
  /** Trace of the observation. */
  readonly traceId?: string;
  /** Span of the observation. */
  readonly spanId?: string;
  /** Attributes that the series does not have. */
  readonly filteredAttributes?: Attributes;
}

/** Value of a point of a histogram. */
export interface SdkHistogram {
  readonly buckets: { readonly boundaries: readonly number[]; readonly counts: readonly number[] };
  readonly sum?: number | undefined;
  readonly count: number;
}

/** Value of a point of an exponential histogram. */
export interface SdkExponentialHistogram {
  readonly count: number;
  readonly sum?: number | undefined;
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: SdkExponentialBuckets;
  readonly negative: SdkExponentialBuckets;
}

/** Buckets with consecutive indexes from `offset`. */
export interface SdkExponentialBuckets {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

/** How observations are aggregated. */
export type SdkAggregation = { type: 0 } | { type: 5; options: { maxSize: number } };

/** Numbers of `DataPointType`. */
export const dataPointTypes = { histogram: 0, exponentialHistogram: 1, gauge: 2, sum: 3 } as const;

/** Numbers of `AggregationType`. */
export const aggregationTypes = { default: 0, exponentialHistogram: 5 } as const;

/** The number of `AggregationTemporality.CUMULATIVE`. */
export const CUMULATIVE = 1;

export function unixSeconds([seconds, nanoseconds]: HrTime): number {
  return seconds + nanoseconds / 1e9;
}
