import type { MetricFamily, Sample } from '../../model/family.ts';
import type { Labels } from '../../model/labels.ts';
import { flatSeries, seriesText } from '../document/flat-series.ts';
import { withMemoryChecks } from '../input/memory-limit.ts';

/** How far two values may be apart to count as equal. */
export type Tolerance = (one: number, other: number) => boolean;

/** Something that two expositions do not have in common. */
export interface Difference {
  readonly kind: 'family' | 'type' | 'series' | 'value';
  /** The family, or the series with its labels. */
  readonly subject: string;
  /** What the first has: a type or a value; undefined where it lacks the subject. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface CompareOptions {
  /** Whether two values are equal; undefined where values do not count at all. */
  readonly isEqual: Tolerance | undefined;
}

/** What differs, family by family in order of their names. Times, exemplars, help texts and units do not count. */
export function* differences(
  before: readonly MetricFamily[],
  after: readonly MetricFamily[],
  options: CompareOptions,
): Iterable<Difference> {
  const [ones, others] = [byName(before), byName(after)];
  for (const name of namesIn(ones, others)) {
    const one = ones.get(name);
    const other = others.get(name);
    if (one === undefined || other === undefined) {
      yield { kind: 'family', subject: name, before: typeOf(one), after: typeOf(other) };
    } else {
      yield* familyDifferences(name, one, other, options);
    }
  }
}

/** Equal, or both NaN. */
export const isSameValue: Tolerance = (one, other) => one === other || (Number.isNaN(one) && Number.isNaN(other));

/** `0.5` by so much, `5%` by that share of the larger one. */
export function parseTolerance(text: string): Tolerance {
  const [, digits, percent] = /^(\d+(?:\.\d+)?(?:e-?\d+)?)(%?)$/.exec(text) ?? [];
  if (digits === undefined) throw new RangeError(`${JSON.stringify(text)} is no tolerance: write 0.5 or 5%.`);
  const limit = percent === '%' ? Number(digits) / 100 : Number(digits);
  return (one, other) => {
    if (isSameValue(one, other)) return true;
    const scale = percent === '%' ? Math.max(Math.abs(one), Math.abs(other)) : 1;
    return Number.isFinite(scale) && Math.abs(one - other) <= limit * scale;
  };
}

/** A text format may have families of one name and two types; both count. */
function byName(families: readonly MetricFamily[]): Map<string, MetricFamily[]> {
  const named = new Map<string, MetricFamily[]>();
  for (const family of withMemoryChecks(families)) {
    const known = named.get(family.name);
    if (known === undefined) named.set(family.name, [family]);
    else known.push(family);
  }
  return named;
}

function namesIn(ones: ReadonlyMap<string, unknown>, others: ReadonlyMap<string, unknown>): string[] {
  const names = [...ones.keys()];
  for (const name of withMemoryChecks(others.keys())) if (!ones.has(name)) names.push(name);
  return names.sort();
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
 * Compares points one by one as long as both families have the same series in the same order, which they mostly have:
 * that takes no table of them. Returns how many those are.
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
    if (isEqualNumber(point.value, counterpart.value, isEqual)) continue;
    yield* valueDifferences(valuesOf([only(one, point)]), valuesOf([only(other, counterpart)]), isEqual);
  }
  return index;
}

/** Whether both are numbers that need no further look. */
function isEqualNumber(one: unknown, other: unknown, isEqual: Tolerance = () => true): boolean {
  return typeof one === 'number' && typeof other === 'number' && isEqual(one, other);
}

function only(family: MetricFamily, point: Sample): MetricFamily {
  return { ...family, points: [point] } as MetricFamily; // One of its own points.
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

/** Of all points but the first `skipped`. */
function valuesOf(families: readonly MetricFamily[], skipped = 0): Map<string, number> {
  const values = new Map<string, number>();
  for (const family of families) {
    const rest = skipped === 0 ? family : ({ ...family, points: [...family.points].slice(skipped) } as MetricFamily); // Of the same type.
    for (const series of withMemoryChecks(flatSeries(rest))) values.set(seriesText(series), series.value);
  }
  return values;
}
