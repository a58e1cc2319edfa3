import { AssertionError } from 'node:assert';
import type { Labels } from '../model/labels.ts';
import type { Source } from './metric-source.ts';
import { sampleValue } from './sample-value.ts';
import { seriesName } from './series-name.ts';

/** Which sample goes up, and by how much. */
export interface Increase {
  /** The name of a line, as for `sampleValue()`. */
  readonly name: string;
  readonly labels?: Labels;
  /** 1 by default; 0 says that it stays. */
  readonly by?: number;
}

/** Sums of decimals are not exact. */
const TOLERANCE = 1e-9;

/**
 * Calls `fn`, waits for it, and throws an AssertionError where the sample has not gone up by just that much. A sample that
 * is not there counts as 0. Gives what `fn` gives.
 */
export async function assertIncreases<T>(source: Source, increase: Increase, fn: () => T): Promise<Awaited<T>> {
  const { name, labels, by = 1 } = increase;
  const before = (await sampleValue(source, name, labels)) ?? 0;
  const result = await fn();
  const after = await sampleValue(source, name, labels);
  const actual = (after ?? 0) - before;
  if (after !== undefined && isAlike(actual, by)) return result;
  if (after === undefined && by === 0) return result;
  throw new AssertionError({
    message:
      after === undefined
        ? `There is no sample ${nameOf(increase)}; it should have gone up by ${by}.`
        : `${nameOf(increase)} went up by ${actual}, from ${before} to ${after}, and not by ${by}.`,
    actual,
    expected: by,
    operator: 'assertIncreases',
    stackStartFn: assertIncreases,
  });
}

function isAlike(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
}

function nameOf({ name, labels = {} }: Increase): string {
  return seriesName(name, Object.entries(labels));
}
