import { AssertionError } from 'node:assert';
import { FlatSamples } from './flat-samples.ts';
import { gatheringOf, type Source } from './metric-source.ts';
import { seriesName } from './series-name.ts';

/** So many of them are named. */
const MOST_NAMED = 10;

/**
 * Calls `fn`, waits for it, and throws an AssertionError, which names the new ones, where there are more series than
 * before: labels that hold ids, or clients that went and left theirs behind. Gives what `fn` gives.
 */
export async function assertNoSeriesLeak<T>(source: Source, fn: () => T): Promise<Awaited<T>> {
  const before = await seriesOf(source);
  const result = await fn();
  const after = await seriesOf(source);
  if (after.size <= before.size) return result;
  const added = [...after].filter((series) => !before.has(series));
  throw new AssertionError({
    message: `There are ${after.size} series, and there were ${before.size}. New are:\n${listOf(added)}`,
    actual: after.size,
    expected: before.size,
    operator: 'assertNoSeriesLeak',
    stackStartFn: assertNoSeriesLeak,
  });
}

async function seriesOf(source: Source): Promise<ReadonlySet<string>> {
  const flat = new FlatSamples();
  (await gatheringOf(source)).encode(flat);
  return new Set(flat.samples.map(({ name, labels }) => seriesName(name, labels)));
}

function listOf(series: readonly string[]): string {
  const more = series.length - MOST_NAMED;
  return [...series.slice(0, MOST_NAMED), ...(more > 0 ? [`... and ${more} more`] : [])].join('\n');
}
