import { AssertionError } from 'node:assert';
import { labelList } from '../exposition/text/text-syntax.ts';
import type { Labels } from '../model/labels.ts';
import type { Source } from './metric-source.ts';
import { sampleValue } from './sample-value.ts';

/** The sample that is expected to increase. */
export interface Increase {
  /** Name of the sample in the text format, as for `sampleValue()`. */
  readonly name: string;
  /**
   * All labels of the sample.
   *
   * @defaultValue `{}`
   */
  readonly labels?: Labels;
  /**
   * The exact increase; 0 if the sample must not change.
   *
   * @defaultValue `1`
   */
  readonly by?: number;
}

/** Sums of decimal fractions are not exact. */
const TOLERANCE = 1e-9;

/**
 * Calls `fn`, waits for it and asserts that the sample has increased by exactly `by`. A sample that does not exist
 * counts as 0.
 *
 * @returns the result of `fn`.
 * @throws {AssertionError} if the sample has increased by more or less.
 *
 * @example
 * ```ts
 * import { Counter, Registry } from 'zeroprom';
 * import { assertIncreases } from 'zeroprom/testing';
 *
 * const registry = new Registry();
 * const mails = new Counter({ name: 'mails_total', help: 'Total number of mails.', labelNames: ['kind'], registry });
 * const send = async (kind: string) => mails.inc({ kind });
 * await assertIncreases(registry, { name: 'mails_total', labels: { kind: 'bill' } }, () => send('bill'));
 * ```
 */
export async function assertIncreases<T>(source: Source, increase: Increase, fn: () => T): Promise<Awaited<T>> {
  const { name, labels, by = 1 } = increase;
  const before = (await sampleValue(source, name, labels)) ?? 0;
  const result = await fn();
  const after = await sampleValue(source, name, labels);
  const actual = (after ?? 0) - before;
  const isExpected = Math.abs(actual - by) <= TOLERANCE * Math.max(1, Math.abs(by));
  if (after !== undefined && isExpected) return result;
  if (after === undefined && by === 0) return result;
  throw new AssertionError({
    message:
      after === undefined
        ? `Sample ${nameOf(increase)} does not exist; expected it to increase by ${by}.`
        : `Expected ${nameOf(increase)} to increase by ${by}, but it increased by ${actual}, from ${before} to ${after}.`,
    actual,
    expected: by,
    operator: 'assertIncreases',
    stackStartFn: assertIncreases,
  });
}

function nameOf({ name, labels = {} }: Increase): string {
  return name + labelList(Object.entries(labels).map(([label, value]) => [label, String(value)]));
}
