import type { HistogramValue } from '../../model/family.ts';
import { openMetricsFloat } from '../../model/float-layout.ts';
import type { CustomBuckets } from './histogram-message.ts';
import { type SampleExtra, Samples } from './samples.ts';
import type { Batch } from './write-requests.ts';
import { compareUtf8, type Series } from './write-series.ts';

/** Number of histograms whose buckets become series in a step. */
const HISTOGRAMS_PER_STEP = 8;

/** Copies the buckets of a histogram. As in a scrape, the last bucket has all observations that no other bucket has. */
export function customBucketsOf(
  { upperBounds, bucketCounts, count, sum }: HistogramValue,
  isGauge: boolean,
): CustomBuckets {
  const counts = Array.from(bucketCounts);
  const last = upperBounds.length;
  counts[last] = counts.slice(0, last).reduce((rest, inBucket) => rest - inBucket, count);
  return { upperBounds, counts, count, sum, isGauge };
}

/** Number of series that the histogram consists of in version 1.0. */
export function classicSeriesCount({ upperBounds }: CustomBuckets): number {
  return upperBounds.length + 3;
}

/**
 * Steps that return a batch for receivers of version 1.0, which store custom buckets as other buckets: each bucket of such a
 * histogram is a series.
 */
export function* withClassicBuckets(batch: Batch): Generator<void, Batch, void> {
  const { samples, from, to } = batch;
  if (!hasCustomBuckets(batch)) return batch;
  const expanded = new Samples(samples.timestampMs, samples.hasMetadata);
  let histograms = 0;
  for (let index = from; index < to; index++) {
    const [series, extra] = [samples.series[index]!, samples.extras.get(index)];
    if (extra?.custom === undefined) {
      expanded.add(series, samples.values[index]!, samples.startsMs[index]!, extra);
      continue;
    }
    if (++histograms % HISTOGRAMS_PER_STEP === 0) yield;
    for (const part of classicSeries(series, extra.custom, extra)) expanded.add(...part);
  }
  return { samples: expanded, from: 0, to: expanded.length };
}

function hasCustomBuckets({ samples, from, to }: Batch): boolean {
  for (const [index, { custom }] of samples.extras)
    if (custom !== undefined && index >= from && index < to) return true;
  return false;
}

type ClassicSample = readonly [series: Series, value: number, startMs: number, extra: SampleExtra];

function* classicSeries(series: Series, custom: CustomBuckets, extra: SampleExtra): Generator<ClassicSample> {
  const { upperBounds, counts, count, sum, isGauge } = custom;
  const { isStale, timestampMs, exemplars = [] } = extra;
  const prefix = isGauge ? '_g' : '_';
  const common = { isStale, timestampMs };
  const left = new Set(exemplars);
  let cumulative = 0;
  for (const [index, inBucket] of counts.entries()) {
    const bound = upperBounds[index] ?? Number.POSITIVE_INFINITY;
    cumulative = bound === Number.POSITIVE_INFINITY ? count : cumulative + inBucket;
    const own = [...left].filter(({ value }) => value <= bound || bound === Number.POSITIVE_INFINITY);
    for (const exemplar of own) left.delete(exemplar);
    yield [renamed(series, '_bucket', openMetricsFloat(bound)), cumulative, 0, { ...common, exemplars: own }];
  }
  yield [renamed(series, `${prefix}count`), count, 0, common];
  yield [renamed(series, `${prefix}sum`), sum, 0, common];
}

/** Returns a series of a histogram, which has labels in the same order. */
function renamed(series: Series, suffix: string, le?: string): Series {
  const pairs: [name: string, value: string][] = [];
  for (let index = 0; index < series.labels.length; index += 2) {
    const [name, value] = [series.labels[index]!, series.labels[index + 1]!];
    if (name === '__name__') pairs.push([name, value + suffix]);
    else if (name !== 'le' || le === undefined) pairs.push([name, value]);
  }
  if (le !== undefined) pairs.push(['le', le]);
  return { ...series, labels: pairs.sort(([a], [b]) => compareUtf8(a, b)).flat() };
}
