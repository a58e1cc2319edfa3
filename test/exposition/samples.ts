/** Converts families to the samples that a server stores, from any format. */
import type { HistogramValue, MetricFamily, Sample, StateSetValue, SummaryValue } from '../../src/model/family.ts';
import type { Decoded } from './metrics-schema.ts';
import type { ReadSample } from './text-reader.ts';

/** A string of `name`, sorted labels, value and milliseconds: `NaN` equals itself, and the bounds `1` and `1.0` are equal. */
export type StoredSample = string;

export function samplesOfFamilies(families: readonly MetricFamily[]): StoredSample[] {
  return families.flatMap((family) => [...family.points].flatMap((point) => samplesOfPoint(family, point))).sort();
}

export function samplesOfLines(samples: readonly ReadSample[], millisecondsIn: number): StoredSample[] {
  return samples
    .map(({ name, labels, value, timestamp }) =>
      stored(name, labels, value, timestamp === undefined ? undefined : Math.round(Number(timestamp) * millisecondsIn)),
    )
    .sort();
}

export function samplesOfMessages(families: readonly Decoded[]): StoredSample[] {
  return families
    .flatMap((family) => list(family['metric']).flatMap((metric) => samplesOfMetric(family, metric)))
    .sort();
}

function samplesOfPoint({ name, type }: MetricFamily, point: Sample): StoredSample[] {
  const labels = Object.fromEntries(Object.entries(point.labels ?? {}).map(([key, value]) => [key, String(value)]));
  const time = point.timestamp === undefined ? undefined : Math.round(point.timestamp * 1000);
  // The type determines the value.
  const { value } = point;
  switch (type) {
    case 'histogram':
    case 'gaugehistogram':
      return histogramSamples(name, labels, value as HistogramValue, time);
    case 'summary': {
      const { count, sum, quantiles } = value as SummaryValue;
      return [
        ...quantiles.map((one) => stored(name, { ...labels, quantile: String(one.quantile) }, one.value, time)),
        stored(`${name}_sum`, labels, sum, time),
        stored(`${name}_count`, labels, count, time),
      ];
    }
    case 'stateset': {
      const { states, enabled } = value as StateSetValue;
      return states.map((state, index) => stored(name, { ...labels, [name]: state }, Number(enabled[index]), time));
    }
    case 'info':
      return [stored(name, labels, 1, time)];
    default:
      return [stored(name, labels, value as number, time)];
  }
}

function histogramSamples(
  name: string,
  labels: { readonly [name: string]: string },
  { upperBounds, bucketCounts, count, sum }: HistogramValue,
  time: number | undefined,
): StoredSample[] {
  const cumulative = upperBounds.map((_, index) =>
    Array.from(bucketCounts)
      .slice(0, index + 1)
      .reduce((a, b) => a + b, 0),
  );
  return [
    ...upperBounds.map((bound, index) =>
      stored(`${name}_bucket`, { ...labels, le: `${bound}` }, cumulative[index] ?? 0, time),
    ),
    stored(`${name}_bucket`, { ...labels, le: '+Inf' }, count, time),
    stored(`${name}_sum`, labels, sum, time),
    stored(`${name}_count`, labels, count, time),
  ];
}

function samplesOfMetric({ name: family }: Decoded, metric: Decoded): StoredSample[] {
  const name = String(family);
  const labels = Object.fromEntries(list(metric['label']).map((pair) => [String(pair['name']), String(pair['value'])]));
  const milliseconds = metric['timestamp_ms'];
  const time = milliseconds === undefined ? undefined : Number(milliseconds);
  const summary = message(metric['summary']);
  const histogram = message(metric['histogram']);
  if (summary !== undefined) {
    return [
      ...list(summary['quantile']).map((one) =>
        stored(name, { ...labels, quantile: String(one['quantile']) }, Number(one['value']), time),
      ),
      stored(`${name}_sum`, labels, Number(summary['sample_sum']), time),
      stored(`${name}_count`, labels, Number(summary['sample_count']), time),
    ];
  }
  if (histogram !== undefined) {
    const buckets = list(histogram['bucket']).filter((bucket) => bucket['upper_bound'] !== Number.POSITIVE_INFINITY);
    return [
      ...buckets.map((bucket) =>
        stored(
          `${name}_bucket`,
          { ...labels, le: String(bucket['upper_bound']) },
          Number(bucket['cumulative_count']),
          time,
        ),
      ),
      stored(`${name}_bucket`, { ...labels, le: '+Inf' }, Number(histogram['sample_count']), time),
      stored(`${name}_sum`, labels, Number(histogram['sample_sum']), time),
      stored(`${name}_count`, labels, Number(histogram['sample_count']), time),
    ];
  }
  const value = message(metric['counter'] ?? metric['gauge'] ?? metric['untyped']);
  return [stored(name, labels, Number(value?.['value']), time)];
}

function stored(
  name: string,
  labels: { readonly [name: string]: string },
  value: number,
  milliseconds: number | undefined,
): StoredSample {
  const pairs = Object.entries(labels)
    .map(([key, text]) => [
      key,
      key === 'le' || key === 'quantile' ? String(Number(text.replace('Inf', 'Infinity'))) : text,
    ])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return `${name} ${JSON.stringify(pairs)} ${value + 0} ${milliseconds ?? ''}`;
}

function list(value: unknown): Decoded[] {
  return Array.isArray(value) ? value : [];
}

function message(value: unknown): Decoded | undefined {
  // Fields that are messages are decoded as objects.
  return value === undefined ? undefined : (value as Decoded);
}
