import type { MetricFamily, Sample } from '../../model/family.ts';
import type { Labels } from '../../model/labels.ts';
import { flatSeries, seriesText } from '../document/flat-series.ts';
import { withMemoryChecks } from '../input/memory-limit.ts';

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
  const compared = isPlain ? yield* differencesInOrder(one[0]!, other[0]!, isEqual) : 0;
  yield* valueDifferences(valuesOf(one, compared), valuesOf(other, compared), isEqual);
}

/**
 * Compares points one by one as long as both families have the same series in the same order, which is the usual case and
 * needs no table of series. Returns the number of those points.
 */
function* differencesInOrder(
  one: MetricFamily,
  other: MetricFamily,
  isEqual: Tolerance | undefined,
): Generator<Difference, number> {
  const [ones, others] = [[...one.points], [...other.points]];
  let index = 0;
  for (; index < ones.length && index < others.length; index++) {
    const [point, counterpart] = [ones[index]!, others[index]!];
    if (!isSameLabels(point.labels, counterpart.labels)) break;
    const [value, otherValue] = [point.value, counterpart.value];
    const areNumbers = typeof value === 'number' && typeof otherValue === 'number';
    if (areNumbers && (isEqual === undefined || isEqual(value, otherValue))) continue;
    yield* valueDifferences(valuesOf([only(one, point)]), valuesOf([only(other, counterpart)]), isEqual);
  }
  return index;
}

function only(family: MetricFamily, point: Sample): MetricFamily {
  return { ...family, points: [point] } as MetricFamily; // The point matches the type of the family.
}

function isSameLabels(one: Labels = {}, other: Labels = {}): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.hasOwn(other, name) && String(one[name]) === String(other[name]));
}

function* valueDifferences(
  values: ReadonlyMap<string, number>,
  others: ReadonlyMap<string, number>,
  isEqual: Tolerance | undefined,
): Iterable<Difference> {
  for (const [subject, value] of values) {
    const counterpart = others.get(subject);
    if (counterpart === undefined) yield { kind: 'series', subject, before: String(value), after: undefined };
    else if (isEqual !== undefined && !isEqual(value, counterpart)) {
      yield { kind: 'value', subject, before: String(value), after: String(counterpart) };
    }
  }
  for (const [subject, value] of others) {
    if (!values.has(subject)) yield { kind: 'series', subject, before: undefined, after: String(value) };
  }
}

/** Returns the values of all points except the first `skipped`. */
function valuesOf(families: readonly MetricFamily[], skipped = 0): Map<string, number> {
  const values = new Map<string, number>();
  for (const family of families) {
    const rest = skipped === 0 ? family : ({ ...family, points: [...family.points].slice(skipped) } as MetricFamily); // The points match the type of the family.
    for (const series of withMemoryChecks(flatSeries(rest))) values.set(seriesText(series), series.value);
  }
  return values;
}
