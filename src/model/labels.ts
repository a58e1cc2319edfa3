/** A label value. Numbers and booleans are converted to text, so `200` and `'200'` are the same series. */
export type LabelInput = string | number | boolean;

/** Labels by name. */
export interface Labels {
  /** Value of a label. */
  readonly [name: string]: LabelInput;
}

/**
 * Returns a text that two lists of labels share if and only if they identify the same series. The order does not matter, and
 * an empty value counts as a missing label, as in Prometheus. Sorts the pairs.
 */
export function seriesKey(pairs: (readonly [name: string, value: string])[]): string {
  const present = pairs.some(([, value]) => value === '') ? pairs.filter(([, value]) => value !== '') : pairs;
  return JSON.stringify(present.length < 2 ? present : present.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Returns whether two lists of names are equal. */
export function isSameNames(names: readonly string[], others: readonly string[]): boolean {
  if (names.length !== others.length) return false;
  for (let index = 0; index < names.length; index++) if (names[index] !== others[index]) return false;
  return true;
}
