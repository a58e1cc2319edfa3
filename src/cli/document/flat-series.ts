import type { HistogramValue, MetricFamily, NativeHistogramValue, SummaryValue } from '../../model/family.ts';
import type { Labels } from '../../model/labels.ts';
import type { SampleLine } from '../../parse/lines/line-handler.ts';

/** A series as a server stores it: a name, labels, a value. */
export interface FlatSeries {
  readonly name: string;
  /** In order of their names; values as text. */
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
}

/** All series of a family. A distribution in native buckets is one to the server; here its parts are told apart. */
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
}

/** How many series a family is to a server: a distribution in native buckets only is one. */
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

/** `name{a="b"}`: the same text for the same series. */
export function seriesText({ name, labels }: FlatSeries): string {
  return labels.length === 0
    ? name
    : `${name}{${labels.map(([label, value]) => `${label}=${quote(value)}`).join(',')}}`;
}

/** More of a series is not shown in a message. */
const LONGEST_TEXT = 200;

/** `name{a="b"}` as a line has it, or the beginning of that. */
export function lineText({ name, labelNames, labelValues }: SampleLine): string {
  const labels = labelNames.map((label, index) => [label, (labelValues[index] ?? '').slice(0, LONGEST_TEXT)] as const);
  const text = seriesText({ name, labels: labels.slice(0, LONGEST_TEXT), value: 0 });
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function quote(value: string): string {
  return `"${value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))}"`;
}

function seriesOf(name: string, labels: Labels = {}, value: number, part?: readonly [string, string]): FlatSeries {
  const pairs = Object.entries(labels).map(([label, text]) => [label, String(text)] as const);
  if (part !== undefined) pairs.push(part);
  // To a server a label without a value is none.
  const shown = pairs.filter(([, text]) => text !== '');
  return { name, labels: shown.sort(([one], [other]) => (one < other ? -1 : 1)), value };
}

function* histogramSeries(name: string, labels: Labels | undefined, value: HistogramValue): Iterable<FlatSeries> {
  if (!isOnlyNative(value)) {
    let total = 0;
    for (const [index, bound] of [...value.upperBounds, Number.POSITIVE_INFINITY].entries()) {
      total += value.bucketCounts[index] ?? 0;
      yield seriesOf(`${name}_bucket`, labels, total, ['le', boundText(bound)]);
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

/** How many series the sum and the count are. */
function totalCount({ hasSum = true, hasCount = true }: HistogramValue | SummaryValue): number {
  return Number(hasSum) + Number(hasCount);
}

function isOnlyNative({ upperBounds, native }: HistogramValue): boolean {
  return native !== undefined && upperBounds.length === 0;
}

function boundText(bound: number): string {
  return bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound);
}
