import type { Labels } from './library.ts';

/** Number of values of each label, by the number of labels and of combinations. */
function radices(width: number, count: number): readonly number[] {
  if (width === 0) return [];
  if (width === 1) return [count];
  if (width === 2) return [5, count / 5];
  if (width === 3) return count <= 100 ? [5, 4, count / 20] : [5, 20, count / 100];
  return count <= 100 ? [5, 4, count / 20, 1, 1, 1] : [5, 4, count / 2000, 4, 5, 5];
}

const NAMES = ['method', 'status', 'route', 'region', 'tenant', 'version'];
/** As they occur: many have the same last digits. */
const STATUS_CODES = ['200', '404', '500', '400', '201', '204', '301', '302', '304', '401', '403', '409', '503', '504'];
const WRITTEN: readonly ((index: number) => string)[] = [
  (index) => ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'][index] ?? `M${index}`,
  (index) => STATUS_CODES[index] ?? String(600 + index),
  (index) => `/api/v1/resource/${index}`,
  (index) => `eu-west-${index}`,
  (index) => `tenant-${index}`,
  (index) => `1.${index}.0`,
];

/**
 * `count` distinct label sets with 1, 2, 3 or 6 labels; empty without labels. Each distinct value is one shared string,
 * as for an application's constants.
 */
export function combinationsOf(width: number, count: number): readonly Labels[] {
  const sizes = radices(width, count);
  // A single label is the route: some applications have many routes.
  const at = width === 1 ? [2] : sizes.map((_, index) => index);
  const values = sizes.map((size, index) => Array.from({ length: size }, (_, id) => WRITTEN[at[index]!]!(id)));
  if (width === 0) return [];
  return Array.from({ length: count }, (_, index) => {
    let rest = index;
    const entries = sizes.map((size, label) => {
      const value = values[label]![rest % size]!;
      rest = Math.floor(rest / size);
      return [NAMES[at[label]!]!, value];
    });
    return Object.fromEntries(entries);
  });
}

/** Returns `calls` of them in random order, the same each time, which branch predictors cannot learn. */
export function shuffled<T>(items: readonly T[], calls: number): readonly T[] {
  return Array.from(randomNumbers(calls), (random) => items[Math.floor(random * items.length)]!);
}

/** Returns numbers from 0 to 1, the same each time (linear congruential generator). */
export function randomNumbers(count: number): Float64Array {
  let state = 1;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 2 ** 31;
  });
}
