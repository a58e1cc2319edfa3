import type { MetricFamily } from '../model/family.ts';
import { flatSeries, seriesText } from './flat-series.ts';

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
  for (const name of [...new Set([...ones.keys(), ...others.keys()])].sort()) {
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
  for (const family of families) named.set(family.name, [...(named.get(family.name) ?? []), family]);
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
  const [values, others] = [valuesOf(one), valuesOf(other)];
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

function valuesOf(families: readonly MetricFamily[]): Map<string, number> {
  const values = new Map<string, number>();
  for (const family of families) {
    for (const series of flatSeries(family)) values.set(seriesText(series), series.value);
  }
  return values;
}
