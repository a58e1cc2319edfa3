import type { HistogramValue, MetricFamily, NativeHistogramValue, SummaryValue } from '../../model/family.ts';
import type { Labels } from '../../model/labels.ts';
import type { SampleLine } from '../../parse/lines/line-handler.ts';

/** A series as a server stores it: a name, labels, a value. */
export interface FlatSeries {
  readonly name: string;
  /** Sorted by name; values as text. */
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
}

/** Yields all series of a family. A native histogram, which is one series in a server, yields one for each of its parts. */
export function* flatSeries(family: MetricFamily): Iterable<FlatSeries> {
  const { name } = family;
  switch (family.type) {
    case 'counter':
    case 'gauge':
    case 'unknown':
    case 'info':
      for (const { labels, value } of family.points) yield seriesOf(name, labels, value);
      return;
    case 'histogram':
    case 'gaugehistogram':
      for (const { labels, value } of family.points) yield* histogramSeries(name, labels, value);
      return;
    case 'summary':
      for (const { labels, value } of family.points) yield* summarySeries(name, labels, value);
      return;
    case 'stateset':
      for (const { labels, value } of family.points) {
        for (const [index, state] of value.states.entries()) {
          yield seriesOf(name, labels, Number(value.enabled[index] ?? 0), [name, state]);
        }
      }
      return;
  }
  family satisfies never; // A type is missing above.
}

/** Counts the series of a family as a server does: a histogram with only native buckets is one. */
export function seriesCount(family: MetricFamily): number {
  let count = 0;
  switch (family.type) {
    case 'histogram':
    case 'gaugehistogram':
      for (const { value } of family.points)
        count += isOnlyNative(value) ? 1 : value.upperBounds.length + 1 + totalCount(value);
      return count;
    case 'summary':
      for (const { value } of family.points) count += value.quantiles.length + totalCount(value);
      return count;
    case 'stateset':
      for (const { value } of family.points) count += value.states.length;
      return count;
    default:
      for (const _ of family.points) count++;
      return count;
  }
}

/** Formats a series as `name{a="b"}`: equal series have equal texts. */
export function seriesText({ name, labels }: FlatSeries): string {
  const pairs = labels.map(([label, value]) => {
    const escaped = value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
    return `${label}="${escaped}"`;
  });
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

/** Maximum length of a series in a message. */
const MAX_TEXT_LENGTH = 200;

/** Formats the series of a line as `name{a="b"}`, truncated if it is long. */
export function lineText({ name, labelNames, labelValues }: SampleLine): string {
  const labels = labelNames.map(
    (label, index) => [label, (labelValues[index] ?? '').slice(0, MAX_TEXT_LENGTH)] as const,
  );
  const text = seriesText({ name, labels: labels.slice(0, MAX_TEXT_LENGTH), value: 0 });
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
}

function seriesOf(name: string, labels: Labels = {}, value: number, part?: readonly [string, string]): FlatSeries {
  const pairs = Object.entries(labels).map(([label, text]) => [label, String(text)] as const);
  if (part !== undefined) pairs.push(part);
  // Servers ignore labels with an empty value.
  const shown = pairs.filter(([, text]) => text !== '');
  return { name, labels: shown.sort(([one], [other]) => (one < other ? -1 : 1)), value };
}

function* histogramSeries(name: string, labels: Labels | undefined, value: HistogramValue): Iterable<FlatSeries> {
  if (!isOnlyNative(value)) {
    let total = 0;
    for (const [index, bound] of [...value.upperBounds, Number.POSITIVE_INFINITY].entries()) {
      total += value.bucketCounts[index] ?? 0;
      yield seriesOf(`${name}_bucket`, labels, total, [
        'le',
        bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound),
      ]);
    }
  }
  if (value.native !== undefined) yield* nativeSeries(name, labels, value.native);
  yield* totalSeries(name, labels, value);
}

function* nativeSeries(name: string, labels: Labels | undefined, native: NativeHistogramValue): Iterable<FlatSeries> {
  yield seriesOf(`${name}(schema)`, labels, native.schema);
  yield seriesOf(`${name}(zero)`, labels, native.zeroCount, ['threshold', String(native.zeroThreshold)]);
  for (const sign of ['positive', 'negative'] as const) {
    const { indexes, counts } = native[sign];
    for (let at = 0; at < indexes.length; at++) {
      yield seriesOf(`${name}(${sign})`, labels, counts[at] ?? 0, ['index', String(indexes[at])]);
    }
  }
}

function* summarySeries(name: string, labels: Labels | undefined, value: SummaryValue): Iterable<FlatSeries> {
  for (const { quantile, value: estimate } of value.quantiles) {
    yield seriesOf(name, labels, estimate, ['quantile', String(quantile)]);
  }
  yield* totalSeries(name, labels, value);
}

function* totalSeries(
  name: string,
  labels: Labels | undefined,
  { sum, count, hasSum, hasCount }: HistogramValue | SummaryValue,
): Iterable<FlatSeries> {
  if (hasSum !== false) yield seriesOf(`${name}_sum`, labels, sum);
  if (hasCount !== false) yield seriesOf(`${name}_count`, labels, count);
}

/** Counts the series for the sum and the count. */
function totalCount({ hasSum = true, hasCount = true }: HistogramValue | SummaryValue): number {
  return Number(hasSum) + Number(hasCount);
}

function isOnlyNative({ upperBounds, native }: HistogramValue): boolean {
  return native !== undefined && upperBounds.length === 0;
}
