/** Converts MetricFamily messages in protojson to families; throws where expfmt returns an error. */
import type {
  Exemplar,
  HistogramValue,
  MetricFamily,
  MetricType,
  Sample,
  SummaryValue,
} from '../../src/model/family.ts';
import type { Labels } from '../../src/model/labels.ts';

/** JSON of a message: missing fields have the zero value, 64-bit integers are strings. */
export interface Message {
  readonly [field: string]: unknown;
}

const TYPES: { readonly [type: string]: MetricType } = {
  COUNTER: 'counter',
  GAUGE: 'gauge',
  SUMMARY: 'summary',
  UNTYPED: 'unknown',
  HISTOGRAM: 'histogram',
  GAUGE_HISTOGRAM: 'gaugehistogram',
};

/** The field of a Metric that holds its value. */
const VALUE_FIELDS: { readonly [T in MetricType]?: string } = {
  counter: 'counter',
  gauge: 'gauge',
  summary: 'summary',
  unknown: 'untyped',
  histogram: 'histogram',
  gaugehistogram: 'histogram',
};

export function familyOf(message: Message): MetricFamily {
  const { name, help = '', unit, type: typeName = 'COUNTER' } = message;
  const type = TYPES[String(typeName)];
  if (type === undefined) throw new Error(`unknown metric type ${String(typeName)}`);
  if (typeof name !== 'string' || name === '') throw new Error('MetricFamily has no name');
  const points = messages(message['metric']).map((metric) => sampleOf(metric, type));
  // The value of each point was read according to the type.
  return {
    name,
    help: String(help),
    type,
    points,
    ...(unit === undefined ? {} : { unit: String(unit) }),
  } as MetricFamily;
}

/**
 * Whether expfmt writes this family differently on purpose: histograms whose last bucket is not the count, which the model
 * cannot represent, and `_created` of gauge histograms, which OpenMetrics does not define.
 */
export function isDisputed({ type, metric }: Message, createdLines: boolean): boolean {
  return messages(metric).some(({ histogram }) => {
    if (!isMessage(histogram)) return false;
    if (createdLines && type === 'GAUGE_HISTOGRAM' && 'created_timestamp' in histogram) return true;
    const last = messages(histogram['bucket']).find(
      ({ upper_bound }) => number(upper_bound) === Number.POSITIVE_INFINITY,
    );
    const count = number(histogram['sample_count_float'] ?? histogram['sample_count']);
    return last !== undefined && number(last['cumulative_count_float'] ?? last['cumulative_count']) !== count;
  });
}

/** Fails where expfmt does in OpenMetrics 1.0: on histograms with counts of type double, even if they are whole numbers. */
export function refuseFloatHistograms(families: readonly (Message | null)[]): void {
  for (const histogram of families
    .flatMap((family) => messages(family?.['metric']))
    .map((metric) => metric['histogram'])) {
    if (!isMessage(histogram)) continue;
    const isFloat = [histogram, ...messages(histogram['bucket'])].some(
      (counts) => 'sample_count_float' in counts || 'cumulative_count_float' in counts,
    );
    if (isFloat) throw new Error('OpenMetrics v1.0 does not support float histogram');
  }
}

function sampleOf(metric: Message, type: MetricType): Sample {
  const value = metric[VALUE_FIELDS[type] ?? ''];
  if (!isMessage(value)) throw new Error(`expected ${type}`);
  const milliseconds = metric['timestamp_ms'];
  return {
    labels: labelsOf(metric['label']),
    value: readValue(value, type),
    timestamp: milliseconds === undefined ? undefined : number(milliseconds) / 1000,
    startTimestamp: secondsOf(value['created_timestamp']),
    exemplar: isMessage(value['exemplar']) ? exemplarOf(value['exemplar']) : undefined,
  };
}

function readValue(value: Message, type: MetricType): Sample['value'] {
  if (type === 'summary') return summaryOf(value);
  if (type === 'histogram' || type === 'gaugehistogram') return histogramOf(value);
  return number(value['value']);
}

function summaryOf(summary: Message): SummaryValue {
  return {
    count: number(summary['sample_count']),
    sum: number(summary['sample_sum']),
    quantiles: messages(summary['quantile']).map(({ quantile, value }) => ({
      quantile: number(quantile),
      value: number(value),
    })),
  };
}

function histogramOf(histogram: Message): HistogramValue {
  const all = messages(histogram['bucket']);
  const buckets = all.filter((bucket) => number(bucket['upper_bound']) !== Number.POSITIVE_INFINITY);
  const last = all.find((bucket) => number(bucket['upper_bound']) === Number.POSITIVE_INFINITY);
  const count = number(histogram['sample_count_float'] ?? histogram['sample_count']);
  const cumulative = buckets.map((bucket) => number(bucket['cumulative_count_float'] ?? bucket['cumulative_count']));
  cumulative.push(count);
  return {
    upperBounds: buckets.map((bucket) => number(bucket['upper_bound'])),
    bucketCounts: cumulative.map((value, index) => value - (cumulative[index - 1] ?? 0)),
    count,
    sum: number(histogram['sample_sum']),
    exemplars: [...buckets, last].map((bucket) => {
      const exemplar = bucket?.['exemplar'];
      return isMessage(exemplar) ? exemplarOf(exemplar) : undefined;
    }),
  };
}

function exemplarOf({ label, value, timestamp }: Message): Exemplar {
  return { labels: labelsOf(label), value: number(value), timestamp: secondsOf(timestamp) };
}

function labelsOf(label: unknown): Labels {
  return Object.fromEntries(messages(label).map(({ name = '', value = '' }) => [String(name), String(value)]));
}

/** `2009-02-13T23:31:30.5Z`, with up to nine decimals, as Unix seconds. */
function secondsOf(timestamp: unknown): number | undefined {
  if (timestamp === undefined) return undefined;
  const [, whole = '', decimals = ''] = /^([^.Z]*)\.?(\d*)Z$/.exec(String(timestamp)) ?? [];
  const nanoseconds = BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(decimals.padEnd(9, '0'));
  return Number(nanoseconds) / 1e9; // Two roundings, as in Go.
}

function number(value: unknown): number {
  return Number(value ?? 0);
}

function messages(value: unknown): Message[] {
  return Array.isArray(value) ? value.filter(isMessage) : [];
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null;
}
