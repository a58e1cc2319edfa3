/**
 * The messages of OTLP metrics, for a parser that is independent of our encoder. More fields than in the original are optional, so
 * that zeros are visible.
 */
import protobuf from 'protobufjs';

const SCHEMA = `
syntax = "proto3";
message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
message ExportMetricsServiceResponse { ExportMetricsPartialSuccess partial_success = 1; }
message ExportMetricsPartialSuccess { int64 rejected_data_points = 1; string error_message = 2; }
message Status { int32 code = 1; string message = 2; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message ScopeMetrics { InstrumentationScope scope = 1; repeated Metric metrics = 2; string schema_url = 3; }
message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
enum AggregationTemporality { UNSPECIFIED = 0; DELTA = 1; CUMULATIVE = 2; }
message Metric {
  string name = 1; string description = 2; string unit = 3; repeated KeyValue metadata = 12;
  oneof data {
    Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; ExponentialHistogram exponential_histogram = 10; Summary summary = 11;
  }
}
message Gauge { repeated NumberDataPoint data_points = 1; }
message Sum {
  repeated NumberDataPoint data_points = 1; AggregationTemporality aggregation_temporality = 2; bool is_monotonic = 3;
}
message Histogram { repeated HistogramDataPoint data_points = 1; AggregationTemporality aggregation_temporality = 2; }
message ExponentialHistogram {
  repeated ExponentialHistogramDataPoint data_points = 1; AggregationTemporality aggregation_temporality = 2;
}
message Summary { repeated SummaryDataPoint data_points = 1; }
message NumberDataPoint {
  optional fixed64 start_time_unix_nano = 2; optional fixed64 time_unix_nano = 3; oneof value { double as_double = 4; sfixed64 as_int = 6; }
  repeated Exemplar exemplars = 5; repeated KeyValue attributes = 7; uint32 flags = 8;
}
message HistogramDataPoint {
  optional fixed64 start_time_unix_nano = 2; optional fixed64 time_unix_nano = 3; optional fixed64 count = 4; optional double sum = 5;
  repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7; repeated Exemplar exemplars = 8;
  repeated KeyValue attributes = 9; uint32 flags = 10;
}
message Buckets { optional sint32 offset = 1; repeated uint64 bucket_counts = 2; }
message ExponentialHistogramDataPoint {
  repeated KeyValue attributes = 1; optional fixed64 start_time_unix_nano = 2; optional fixed64 time_unix_nano = 3; optional fixed64 count = 4;
  optional double sum = 5; optional sint32 scale = 6; optional fixed64 zero_count = 7; Buckets positive = 8; Buckets negative = 9;
  uint32 flags = 10; repeated Exemplar exemplars = 11; optional double zero_threshold = 14;
}
message SummaryDataPoint {
  optional fixed64 start_time_unix_nano = 2; optional fixed64 time_unix_nano = 3; optional fixed64 count = 4; optional double sum = 5;
  repeated ValueAtQuantile quantile_values = 6; repeated KeyValue attributes = 7; uint32 flags = 8;
}
message ValueAtQuantile { optional double quantile = 1; optional double value = 2; }
message Exemplar {
  optional fixed64 time_unix_nano = 2; oneof value { double as_double = 3; sfixed64 as_int = 6; } bytes span_id = 4; bytes trace_id = 5;
  repeated KeyValue filtered_attributes = 7;
}`;

const { root } = protobuf.parse(SCHEMA);
const Request = root.lookupType('ExportMetricsServiceRequest');

export interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface Buckets {
  readonly offset: number;
  readonly bucketCounts: readonly string[];
}

/** A point of any kind, in the JSON encoding. */
export interface DataPoint {
  readonly attributes?: readonly Attribute[];
  readonly startTimeUnixNano?: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number | string;
  readonly count?: string;
  readonly sum?: number | string;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
  readonly scale?: number;
  readonly zeroCount?: string;
  readonly zeroThreshold?: number;
  readonly positive?: Buckets;
  readonly negative?: Buckets;
  readonly flags?: number;
  readonly exemplars?: readonly Readonly<Record<string, unknown>>[];
}

export interface Data {
  readonly dataPoints: readonly DataPoint[];
  readonly aggregationTemporality?: number;
  readonly isMonotonic?: boolean;
}

export interface OtlpMetric {
  readonly name: string;
  readonly description?: string;
  readonly unit?: string;
  readonly gauge?: Data;
  readonly sum?: Data;
  readonly histogram?: Data;
  readonly exponentialHistogram?: Data;
  readonly summary?: Data;
}

export interface ScopeMetrics {
  readonly scope: { readonly name?: string; readonly version?: string; readonly attributes?: readonly Attribute[] };
  readonly metrics: readonly OtlpMetric[];
  readonly schemaUrl?: string;
}

export interface DecodedRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeMetrics: readonly ScopeMetrics[];
  }[];
}

/** Decodes a request of either encoding to the JSON encoding, without empty lists. */
export function decodeOtlp(contentType: string | undefined, body: Uint8Array): DecodedRequest {
  if (contentType === 'application/json') return JSON.parse(Buffer.from(body).toString(), withoutEmptyLists);
  const options = { longs: String, enums: Number, bytes: String, json: true };
  const message = Request.toObject(Request.decode(body), options);
  return JSON.parse(JSON.stringify(message), (key, value) => {
    // The JSON encoding of OTLP has hexadecimal digits instead of base64.
    if (key === 'traceId' || key === 'spanId') return Buffer.from(value, 'base64').toString('hex');
    return withoutEmptyLists(key, value);
  });
}

/** Encodes a response of a receiver. */
export function encodeMessage(type: 'ExportMetricsServiceResponse' | 'Status', fields: object): Buffer {
  const message = root.lookupType(type);
  return Buffer.from(message.encode(message.fromObject(fields)).finish());
}

function withoutEmptyLists(_key: string, value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}

/** Returns the resource, and each scope with its metrics, one per line, with fields in alphabetical order. */
export function linesOf(requests: readonly DecodedRequest[]): string {
  const lines = requests.flatMap(({ resourceMetrics }) =>
    resourceMetrics.flatMap(({ resource, scopeMetrics }) => [
      resource,
      ...scopeMetrics.flatMap(({ metrics, ...scope }) => [scope, ...metrics]),
    ]),
  );
  return lines.map((line) => `${JSON.stringify(line, inOrder)}\n`).join('');
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function metricsOf({ resourceMetrics }: DecodedRequest): OtlpMetric[] {
  return resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
}

export function dataOf({ gauge, sum, histogram, exponentialHistogram, summary }: OtlpMetric): Data {
  const data = gauge ?? sum ?? histogram ?? exponentialHistogram ?? summary;
  if (data === undefined) throw new Error('A metric must have data.');
  return data;
}

export function attributesOf(list: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}
