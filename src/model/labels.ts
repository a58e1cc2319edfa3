import { kindOf } from './printable.ts';

/** A label value. Numbers and booleans are converted to text, so `200` and `'200'` are the same series. */
export type LabelInput = string | number | boolean;

/** Labels by name. */
export interface Labels {
  /** Value of a label. */
  readonly [name: string]: LabelInput;
}

/** Returns whether a value can be a label value. */
export function isLabelInput(value: unknown): value is LabelInput {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/**
 * Converts a label value to text. Unpaired surrogates, which UTF-8 cannot represent, become U+FFFD.
 *
 * @throws {TypeError} that names the label, and its owner if given, if the value is of another type.
 */
export function labelText(value: unknown, labelName: string, owner?: string): string {
  if (typeof value === 'string') return value.toWellFormed();
  if (isLabelInput(value)) return String(value);
  const label = owner === undefined ? `label ${labelName}` : `${owner}: label ${labelName}`;
  throw new TypeError(`${label} must be a string, number or boolean, got ${kindOf(value)}.`);
}

/** Maximum number of code points in the names and values of the labels of an exemplar (OpenMetrics 1.0). */
export const MAX_EXEMPLAR_LENGTH = 128;

/** Returns the number of code points; of a text that is far too long for an exemplar, any number that also is. */
export function codePoints(text: string): number {
  if (text.length > 2 * MAX_EXEMPLAR_LENGTH) return text.length;
  let count = 0;
  for (const _codePoint of text) count++;
  return count;
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
