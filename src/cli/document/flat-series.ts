import { labelList } from '../../exposition/text/text-syntax.ts';
import { familySteps } from '../../model/encoder.ts';
import type {
  HistogramValue,
  MetricFamily,
  NativeHistogramValue,
  Point,
  Sample,
  SummaryValue,
} from '../../model/family.ts';
import { type FlatSample, FlatSamples } from '../../model/flat-samples.ts';
import { rowsOf, type SampleRow } from '../../model/sample-rows.ts';
import type { SampleLine } from '../../parse/lines/line-handler.ts';

/** Yields all series of a family. A native histogram, which is one series in a server, yields one for each of its parts. */
export function* flatSeries(family: MetricFamily): Iterable<FlatSample> {
  if (family.type === 'counter' || family.type === 'gauge' || family.type === 'unknown') {
    const { name, points } = family;
    for (const { labelNames, labelValues, value } of numberRows(points)) {
      yield { name, labels: pairsOf(labelNames, labelValues), value };
    }
    return;
  }
  const samples: FlatSample[] = [];
  const encoder = new FlatParts((sample) => samples.push(sample));
  for (const _step of familySteps(family, encoder, 100)) yield* samples.splice(0);
  yield* samples;
}

/** Yields points of numbers as rows. */
export function* numberRows(points: Iterable<Sample<'counter' | 'gauge' | 'unknown'>>): Iterable<SampleRow> {
  const rows = rowsOf(points);
  while (rows?.next()) yield rows;
  if (rows !== undefined) return;
  for (const { labels = {}, value, timestamp, startTimestamp, exemplar } of points) {
    const labelValues = Object.values(labels).map(String);
    yield { labelNames: Object.keys(labels), labelValues, value, timestamp, startTimestamp, exemplar };
  }
}

function pairsOf(names: readonly string[], values: readonly string[]): [name: string, value: string][] {
  return names.map((name, index) => [name, values[index] ?? '']);
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
      return lengthOf(family.points);
  }
}

/** Iterates only over points that have no length: packed points are created by that. */
function lengthOf(points: Iterable<unknown> & { readonly length?: number }): number {
  return points.length ?? [...points].length;
}

/** Formats a series as `name{a="b"}`: series that a server takes for the same have equal texts. */
export function seriesText({ name, labels }: Pick<FlatSample, 'name' | 'labels'>): string {
  // Servers ignore labels with an empty value.
  const shown = labels.filter(([, value]) => value !== '');
  return name + labelList(shown.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Formats the series of a row like `seriesText()`. */
export function rowText(name: string, { labelNames, labelValues }: SampleRow): string {
  return seriesText({ name, labels: pairsOf(labelNames, labelValues) });
}

/** Maximum length of a series in a message. */
const MAX_TEXT_LENGTH = 200;

/** Formats the series of a line as `name{a="b"}`, truncated if it is long. */
export function lineText({ name, labelNames, labelValues }: SampleLine): string {
  const labels = labelNames
    .slice(0, MAX_TEXT_LENGTH)
    .map((label, index) => [label, (labelValues[index] ?? '').slice(0, MAX_TEXT_LENGTH)] as const);
  const text = name + labelList(labels);
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
}

/** Flattens native histograms too. */
class FlatParts extends FlatSamples {
  override histogram(point: Point, value: HistogramValue): void {
    if (!isOnlyNative(value)) this.addBuckets(point, value);
    if (value.native !== undefined) this.#addNative(point, value.native);
    this.addTotals(point, value);
  }

  #addNative(point: Point, native: NativeHistogramValue): void {
    this.add(point, native.schema, { suffix: '(schema)' });
    this.add(point, native.zeroCount, { suffix: '(zero)', label: ['threshold', String(native.zeroThreshold)] });
    for (const sign of ['positive', 'negative'] as const) {
      const { indexes, counts } = native[sign];
      for (let at = 0; at < indexes.length; at++) {
        this.add(point, counts[at] ?? 0, { suffix: `(${sign})`, label: ['index', String(indexes[at])] });
      }
    }
  }
}

/** Counts the series for the sum and the count. */
function totalCount({ hasSum = true, hasCount = true }: HistogramValue | SummaryValue): number {
  return Number(hasSum) + Number(hasCount);
}

function isOnlyNative({ upperBounds, native }: HistogramValue): boolean {
  return native !== undefined && upperBounds.length === 0;
}
