import type { HistogramValue, SummaryValue } from '../model/family.ts';
import { isHistogram } from '../model/sample-names.ts';
import type { LintFamily, Problem, Rule } from './rule.ts';

// Rules of all formats for the values of histograms and summaries. A problem is reported once per family, because most points of
// a family have the same one.

/** Relative tolerance for sums of fractional counts. */
const ROUNDING = 1e-9;

/** Upper bounds must increase. */
export const bucketOrder: Rule = {
  name: 'bucket-order',
  severity: 'error',
  check: (family) => firstHistogramProblem(family, orderProblem),
};

/** Buckets are cumulative: counts must not decrease. */
export const bucketCounts: Rule = {
  name: 'bucket-counts',
  severity: 'error',
  check: (family) => firstHistogramProblem(family, countProblem),
};

/** The bucket +Inf must be equal to the count. */
export const infBucket: Rule = {
  name: 'inf-bucket',
  severity: 'error',
  check: (family) => firstHistogramProblem(family, totalProblem),
};

/** Quantiles must be unique, increasing and between 0 and 1. */
export const quantileOrder: Rule = {
  name: 'quantile-order',
  severity: 'error',
  check: (family) => firstProblem(family, family.type === 'summary', quantileProblem),
};

function firstHistogramProblem(family: LintFamily, problemOf: ProblemOf<HistogramValue>): Iterable<Problem> {
  return firstProblem(family, isHistogram(family.type), problemOf);
}

type ProblemOf<V> = (name: string, value: V) => Problem | undefined;

/** `V` is the value of the points if `hasType`. */
function* firstProblem<V>({ name, points }: LintFamily, hasType: boolean, problemOf: ProblemOf<V>): Iterable<Problem> {
  if (!hasType) return;
  for (const { value } of points) {
    const problem = typeof value === 'object' && value !== null ? problemOf(name, value as V) : undefined;
    if (problem === undefined) continue;
    yield problem;
    return;
  }
}

function orderProblem(name: string, { upperBounds }: HistogramValue): Problem | undefined {
  const at = upperBounds.findIndex((bound, index) => !(bound > (upperBounds[index - 1] ?? Number.NEGATIVE_INFINITY)));
  if (at < 0) return undefined;
  const message =
    at === 0 ? `has a bucket ${upperBounds[0]}` : `has a bucket ${upperBounds[at]} above ${upperBounds[at - 1]}`;
  return { message: `${name} ${message}.`, hint: 'Give the buckets distinct upper bounds in increasing order.' };
}

function countProblem(name: string, { upperBounds, bucketCounts: counts }: HistogramValue): Problem | undefined {
  for (let index = 0; index < counts.length; index++) {
    if (counts[index]! >= 0) continue;
    const bound = upperBounds[index] ?? '+Inf';
    return { message: `The bucket ${bound} of ${name} is smaller than the one below it.`, hint: CUMULATIVE };
  }
  return undefined;
}

function totalProblem(name: string, value: HistogramValue): Problem | undefined {
  const { count, sum, native } = value;
  let total = 0;
  for (let index = 0; index < value.bucketCounts.length; index++) total += value.bucketCounts[index]!;
  // Observations of NaN do not belong to any bucket.
  const mayBeLess = native !== undefined || Number.isNaN(sum);
  const difference = total - count;
  if (Math.abs(difference) <= Math.abs(count) * ROUNDING || (mayBeLess && difference < 0)) return undefined;
  return {
    message: `The buckets of ${name} contain ${total} observations, but its count is ${count}.`,
    hint: 'The bucket with le="+Inf" and the count must be equal: both count all observations.',
  };
}

function quantileProblem(name: string, { quantiles }: SummaryValue): Problem | undefined {
  const at = quantiles.findIndex(({ quantile }, index) => !(quantile > (quantiles[index - 1]?.quantile ?? -1)));
  const quantile = quantiles[at]?.quantile;
  if (quantile === undefined) return undefined;
  return {
    message: `${name} has the quantile ${quantile} ${at > 0 && quantile === quantiles[at - 1]?.quantile ? 'twice' : 'out of order'}.`,
    hint: 'Give each quantile once, in increasing order and from 0 to 1.',
  };
}

const CUMULATIVE = 'Buckets are cumulative: each includes all buckets below it.';
