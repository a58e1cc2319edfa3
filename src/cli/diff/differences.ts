import type { MetricFamily, Sample } from '../../model/family.ts';
import { isSameNames } from '../../model/labels.ts';
import type { SampleRow } from '../../model/sample-rows.ts';
import { PackedPoints } from '../../parse/assembly/packed-points.ts';
import { numberRows, rowText } from '../document/flat-series.ts';
import type { SeriesValues } from '../document/series-hash.ts';
import { withMemoryChecks } from '../input/memory-limit.ts';
import { FamilySeries, isSameSeries } from './family-series.ts';

/** Returns whether two values count as equal. */
export type Tolerance = (one: number, other: number) => boolean;

/** A difference between two expositions. */
export interface Difference {
  readonly kind: 'family' | 'type' | 'series' | 'value';
  /** Name of the family, or the series with its labels. */
  readonly subject: string;
  /** Type or value in the first exposition; undefined if it does not have the subject. */
  readonly before: string | undefined;
  /** Type or value in the second exposition; undefined if it does not have the subject. */
  readonly after: string | undefined;
}

export interface CompareOptions {
  /** Compares two values; undefined to ignore values. */
  readonly isEqual: Tolerance | undefined;
}

/** Compares families in the order of their names. Ignores times, exemplars, help texts and units. */
export function* differences(
  before: readonly MetricFamily[],
  after: readonly MetricFamily[],
  options: CompareOptions,
): Iterable<Difference> {
  const [ones, others] = [byName(before), byName(after)];
  const names = [...ones.keys()];
  for (const name of withMemoryChecks(others.keys())) if (!ones.has(name)) names.push(name);
  for (const name of names.sort()) {
    const one = ones.get(name);
    const other = others.get(name);
    if (one === undefined || other === undefined) {
      yield { kind: 'family', subject: name, before: typeOf(one), after: typeOf(other) };
    } else {
      yield* familyDifferences(name, one, other, options);
    }
  }
}

/** Returns whether two values are equal, or both NaN. */
export const isSameValue: Tolerance = (one, other) => one === other || (Number.isNaN(one) && Number.isNaN(other));

/** Parses `0.5`, an absolute difference, or `5%`, a share of the larger value. */
export function parseTolerance(text: string): Tolerance {
  const [, digits, percent] = /^(\d+(?:\.\d+)?(?:e-?\d+)?)(%?)$/.exec(text) ?? [];
  if (digits === undefined)
    throw new RangeError(`must be a number or percentage such as 0.5 or 5%, got ${JSON.stringify(text)}.`);
  const limit = percent === '%' ? Number(digits) / 100 : Number(digits);
  return (one, other) => {
    if (isSameValue(one, other)) return true;
    const scale = percent === '%' ? Math.max(Math.abs(one), Math.abs(other)) : 1;
    return Number.isFinite(scale) && Math.abs(one - other) <= limit * scale;
  };
}

/** In text formats, several families with different types may have the same name. */
function byName(families: readonly MetricFamily[]): Map<string, MetricFamily[]> {
  const named = new Map<string, MetricFamily[]>();
  for (const family of withMemoryChecks(families)) {
    const known = named.get(family.name);
    if (known === undefined) named.set(family.name, [family]);
    else known.push(family);
  }
  return named;
}

function typeOf(families: readonly MetricFamily[] | undefined): string | undefined {
  return families?.map(({ type }) => type).join(', ');
}

function* familyDifferences(
  name: string,
  one: readonly MetricFamily[],
  other: readonly MetricFamily[],
  { isEqual }: CompareOptions,
): Iterable<Difference> {
  const [before, after] = [typeOf(one), typeOf(other)];
  if (before !== after) yield { kind: 'type', subject: name, before, after };
  const isPlain = before === after && one.length === 1 && other.length === 1;
  if (isPlain && areSamePoints(one[0]!.points, other[0]!.points)) return;
  const compared = isPlain ? yield* differencesInOrder(one[0]!, other[0]!, isEqual) : 0;
  if (compared === 'all') return;
  yield* valueDifferences(new FamilySeries(one, compared), new FamilySeries(other, compared), isEqual);
}

/** Compares points as `pairsInOrder()` does, in the way that is fastest for their type. */
function differencesInOrder(
  one: MetricFamily,
  other: MetricFamily,
  isEqual: Tolerance | undefined,
): Generator<Difference, number | 'all'> {
  const { name } = one;
  if (hasNumbers(one) && hasNumbers(other)) {
    return inOrder(numberRows(one.points), numberRows(other.points), isSameRow, (row, { value }) =>
      isEqual === undefined || isEqual(row.value, value)
        ? undefined
        : [valueDifference(rowText(name, row), row.value, value)],
    );
  }
  return inOrder<Sample>(one.points, other.points, isSameLabels, (point, counterpart) => {
    const [series, others] = [new FamilySeries([only(one, point)]), new FamilySeries([only(other, counterpart)])];
    return areSame(series, others) ? undefined : valueDifferences(series, others, isEqual);
  });
}

/**
 * Compares points one by one as long as both families have the same series in the same order, which is the usual case and
 * needs no table of series. Returns the number of those points, or `all`.
 */
function* inOrder<P>(
  ones: Iterable<P>,
  others: Iterable<P>,
  isSameSeries: (one: P, other: P) => boolean,
  differences: (one: P, other: P) => Iterable<Difference> | undefined,
): Generator<Difference, number | 'all'> {
  const counterparts = others[Symbol.iterator]();
  let compared = 0;
  for (const one of withMemoryChecks(ones)) {
    const { done, value: counterpart } = counterparts.next();
    if (done === true || !isSameSeries(one, counterpart)) return compared;
    compared++;
    const found = differences(one, counterpart);
    if (found !== undefined) yield* found;
  }
  return counterparts.next().done === true ? 'all' : compared;
}

function hasNumbers(family: MetricFamily): family is MetricFamily<'counter' | 'gauge' | 'unknown'> {
  return family.type === 'counter' || family.type === 'gauge' || family.type === 'unknown';
}

/** Compares packed points as bytes: creating a million pairs of them takes longer than parsing a family. */
function areSamePoints(one: Iterable<Sample>, other: Iterable<Sample>): boolean {
  return one instanceof PackedPoints && other instanceof PackedPoints && one.isSame(other);
}

function only(family: MetricFamily, point: Sample): MetricFamily {
  return { ...family, points: [point] } as MetricFamily; // The point matches the type of the family.
}

function isSameRow(one: SampleRow, other: SampleRow): boolean {
  const isSame = isSameNames(one.labelNames, other.labelNames) && isSameNames(one.labelValues, other.labelValues);
  return isSame || isSameSeries(one, other);
}

function isSameLabels({ labels: one = {} }: Sample, { labels: other = {} }: Sample): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.hasOwn(other, name) && String(one[name]) === String(other[name]));
}

/** Whether both have the same series with the same values in the same order, which is faster to find out than the differences. */
function areSame(ones: FamilySeries, others: FamilySeries): boolean {
  const [one, other] = [ones.read(), others.read()];
  while (one.next()) {
    if (!other.next() || one.hash !== other.hash || !isSameValue(one.value, other.value)) return false;
  }
  return !other.next();
}

/**
 * Finds series by their hashes, because their texts would take several times the memory of the families. Of several samples of a
 * series, the last one counts.
 */
function* valueDifferences(
  ones: FamilySeries,
  others: FamilySeries,
  isEqual: Tolerance | undefined,
): Iterable<Difference> {
  const otherValues = others.values();
  if (areAllIn(otherValues, ones, isEqual)) return;
  otherValues.release();
  const values = ones.values();
  const known = yield* changes(ones, values, otherValues, isEqual);
  if (known < otherValues.size) yield* additions(others, values, otherValues);
}

/** Whether the series are exactly those of the table, each once, which is found out without a table of their own. */
function areAllIn(values: SeriesValues, all: FamilySeries, isEqual: Tolerance | undefined): boolean {
  let count = 0;
  for (const series = all.read(); series.next(); count++) {
    const other = values.take(series.hash);
    if (other === undefined || isEqual?.(series.value, other) === false) return false;
  }
  return count === values.size;
}

/** Yields the differences of the series of the first exposition. Returns how many of them the second one has. */
function* changes(
  ones: FamilySeries,
  values: SeriesValues,
  otherValues: SeriesValues,
  isEqual: Tolerance | undefined,
): Generator<Difference, number> {
  let known = 0;
  for (const series = ones.read(); series.next(); ) {
    const value = values.take(series.hash);
    if (value === undefined) continue;
    const counterpart = otherValues.get(series.hash);
    if (counterpart === undefined) {
      yield { kind: 'series', subject: series.text(), before: String(value), after: undefined };
      continue;
    }
    known++;
    if (isEqual !== undefined && !isEqual(value, counterpart)) yield valueDifference(series.text(), value, counterpart);
  }
  return known;
}

/** Yields the series that only the second exposition has. */
function* additions(others: FamilySeries, values: SeriesValues, otherValues: SeriesValues): Iterable<Difference> {
  for (const series = others.read(); series.next(); ) {
    const { hash } = series;
    const value = values.get(hash) === undefined ? otherValues.take(hash) : undefined;
    if (value !== undefined) yield { kind: 'series', subject: series.text(), before: undefined, after: String(value) };
  }
}

function valueDifference(subject: string, before: number, after: number): Difference {
  return { kind: 'value', subject, before: String(before), after: String(after) };
}
