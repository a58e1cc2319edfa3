import type { HistogramValue, SummaryValue } from '../model/family.ts';
import type { LintFamily, Problem, Rule } from './rule.ts';

// What all formats ask of the values of histograms and summaries. Several points of a family are mostly wrong in the same
// way, so a problem is told once for each family.

/** Sums of counts that are not whole are not exact. */
const ROUNDING = 1e-9;

/** Upper bounds increase. */
export const bucketOrder: Rule = {
  name: 'bucket-order',
  severity: 'error',
  check: (family) => firstHistogramProblem(family, orderProblem),
};

/** A bucket counts all that the buckets below it count. */
export const bucketCounts: Rule = {
  name: 'bucket-counts',
  severity: 'error',
  check: (family) => firstHistogramProblem(family, countProblem),
};

/** The bucket up to +Inf counts everything. */
export const infBucket: Rule = {
  name: 'inf-bucket',
  severity: 'error',
  check: (family) => firstHistogramProblem(family, totalProblem),
};

/** Each quantile is there once, from 0 to 1. */
export const quantileOrder: Rule = {
  name: 'quantile-order',
  severity: 'error',
  *check(family) {
    for (const { value } of family.points) {
      const problem = isSummary(family, value) ? quantileProblem(family.name, value) : undefined;
      if (problem === undefined) continue;
      yield problem;
      return;
    }
  },
};

function* firstHistogramProblem(
  family: LintFamily,
  problemOf: (name: string, value: HistogramValue) => Problem | undefined,
): Iterable<Problem> {
  for (const { value } of family.points) {
    const problem = isHistogram(family, value) ? problemOf(family.name, value) : undefined;
    if (problem === undefined) continue;
    yield problem;
    return;
  }
}

function isHistogram({ type }: LintFamily, value: unknown): value is HistogramValue {
  return (type === 'histogram' || type === 'gaugehistogram') && typeof value === 'object' && value !== null;
}

function isSummary({ type }: LintFamily, value: unknown): value is SummaryValue {
  return type === 'summary' && typeof value === 'object' && value !== null;
}

function orderProblem(name: string, { upperBounds }: HistogramValue): Problem | undefined {
  const at = upperBounds.findIndex((bound, index) => !(bound > (upperBounds[index - 1] ?? Number.NEGATIVE_INFINITY)));
  if (at < 0) return undefined;
  const message =
    at === 0 ? `has a bucket ${upperBounds[0]}` : `has a bucket ${upperBounds[at]} above ${upperBounds[at - 1]}`;
  return { message: `${name} ${message}.`, hint: 'Give each bucket an upper bound of its own, in increasing order.' };
}

function countProblem(name: string, { upperBounds, bucketCounts: counts }: HistogramValue): Problem | undefined {
  for (let index = 0; index < counts.length; index++) {
    if (counts[index]! >= 0) continue;
    const bound = upperBounds[index] ?? '+Inf';
    return { message: `The bucket ${bound} of ${name} counts less than the one below it.`, hint: CUMULATIVE };
  }
  return undefined;
}

function totalProblem(name: string, value: HistogramValue): Problem | undefined {
  const { count, sum, native } = value;
  let total = 0;
  for (let index = 0; index < value.bucketCounts.length; index++) total += value.bucketCounts[index]!;
  // What was observed and is not a number is in no bucket.
  const mayBeLess = native !== undefined || Number.isNaN(sum);
  const difference = total - count;
  if (Math.abs(difference) <= Math.abs(count) * ROUNDING || (mayBeLess && difference < 0)) return undefined;
  return {
    message: `The buckets of ${name} hold ${total} observations, and its count is ${count}.`,
    hint: 'The bucket up to +Inf and the count are the same number: all observations.',
  };
}

function quantileProblem(name: string, { quantiles }: SummaryValue): Problem | undefined {
  const at = quantiles.findIndex(({ quantile }, index) => !(quantile > (quantiles[index - 1]?.quantile ?? -1)));
  const quantile = quantiles[at]?.quantile;
  if (quantile === undefined) return undefined;
  return {
    message: `${name} has the quantile ${quantile} ${at > 0 && quantile === quantiles[at - 1]?.quantile ? 'twice' : 'out of order'}.`,
    hint: 'Give each quantile, a number from 0 to 1, once and in increasing order.',
  };
}

const CUMULATIVE = 'Buckets are cumulative: each includes those below.';
