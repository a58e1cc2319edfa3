import { type LabelSet, labelPairs } from './label-set.ts';

/** A text that two label sets share if and only if they are the same series: in whatever order, empty labels or none. */
export function labelKey(labels: LabelSet): string {
  return seriesKey(labelPairs(labels));
}

/** As `labelKey()`, for pairs of name and value. Sorts them. */
export function seriesKey(pairs: (readonly [name: string, value: string])[]): string {
  // To Prometheus, an empty label is none.
  const present = pairs.some(([, value]) => value === '') ? pairs.filter(([, value]) => value !== '') : pairs;
  return JSON.stringify(present.length < 2 ? present : present.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
