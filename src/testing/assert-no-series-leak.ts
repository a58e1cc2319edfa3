import { AssertionError } from 'node:assert';
import { labelList } from '../exposition/text/text-syntax.ts';
import { type Source, samplesOf } from './metric-source.ts';

/** Maximum number of new series listed in the error. */
const MAX_LISTED = 10;

/**
 * Calls `fn`, waits for it and asserts that there are no more series than before: a label whose values are ids, or a
 * client whose series remain after it has disconnected, would slowly fill the memory.
 *
 * @returns the result of `fn`.
 * @throws {AssertionError} if there are more series; it lists the new ones.
 *
 * @example
 * ```ts
 * import { Gauge } from 'zeroprom';
 * import { assertNoSeriesLeak } from 'zeroprom/testing';
 *
 * const lag = new Gauge({ name: 'client_lag_seconds', help: 'Lag in seconds.', labelNames: ['client'], registry: null });
 * await assertNoSeriesLeak(lag, () => {
 *   lag.set({ client: 'a' }, 0.1);
 *   lag.remove({ client: 'a' });
 * });
 * ```
 */
export async function assertNoSeriesLeak<T>(source: Source, fn: () => T): Promise<Awaited<T>> {
  const before = await seriesOf(source);
  const result = await fn();
  const after = await seriesOf(source);
  if (after.size <= before.size) return result;
  const added = [...after].filter((series) => !before.has(series));
  const more = added.length - MAX_LISTED;
  const listed = [...added.slice(0, MAX_LISTED), ...(more > 0 ? [`... and ${more} more`] : [])];
  throw new AssertionError({
    message: `The number of series increased from ${before.size} to ${after.size}. New series:\n${listed.join('\n')}`,
    actual: after.size,
    expected: before.size,
    operator: 'assertNoSeriesLeak',
    stackStartFn: assertNoSeriesLeak,
  });
}

async function seriesOf(source: Source): Promise<ReadonlySet<string>> {
  return new Set((await samplesOf(source)).map(({ name, labels }) => name + labelList(labels)));
}
