import type { Exemplar, Sample } from '../../model/family.ts';
import type { ForeignSample } from './foreign-sample.ts';

/** One series of a histogram or summary, collected sample by sample. */
interface Series<Part> {
  readonly labels: Record<string, string>;
  readonly parts: Part[];
  sum: number | undefined;
  count: number | undefined;
}

/** Collects samples by series: the parts, which are buckets or quantiles, the sum and the count. */
class Distributions<Part> {
  readonly #name: string;
  readonly #partName: string;
  readonly #label: string;
  readonly #series = new Map<string, Series<Part>>();

  /** `partName` is the name of the samples with the label `label`. */
  constructor(name: string, partName: string, label: string) {
    this.#name = name;
    this.#partName = partName;
    this.#label = label;
  }

  get series(): readonly Series<Part>[] {
    return [...this.#series.values()];
  }

  add({ metricName = this.#name, labels, value }: ForeignSample, partOf: (label: string) => Part): void {
    if (metricName === this.#partName) {
      const { [this.#label]: label, ...own } = labels;
      if (label === undefined) throw new Error(`A sample ${metricName} must have a label ${this.#label}.`);
      this.#seriesOf(own).parts.push(partOf(label));
    } else if (metricName === `${this.#name}_sum`) this.#seriesOf(labels).sum = value;
    else if (metricName === `${this.#name}_count`) this.#seriesOf(labels).count = value;
    else throw new Error(`A sample ${metricName} does not belong to ${this.#name}.`);
  }

  #seriesOf(labels: Record<string, string>): Series<Part> {
    // Unlike seriesKey(), distinguishes empty labels from missing ones: the registry reports such duplicates.
    const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const series: Series<Part> = { labels, parts: [], sum: undefined, count: undefined };
    this.#series.set(key, series);
    return series;
  }
}

interface Bucket {
  readonly upperBound: number;
  readonly cumulativeCount: number;
  readonly exemplar: Exemplar | undefined;
}

/** Combines the samples of a histogram into points. */
export class HistogramSamples {
  readonly #distributions: Distributions<Bucket>;

  constructor(name: string) {
    this.#distributions = new Distributions(name, `${name}_bucket`, 'le');
  }

  add(sample: ForeignSample): void {
    this.#distributions.add(sample, (le) => ({
      upperBound: /^\+?Inf(inity)?$/.test(le) ? Number.POSITIVE_INFINITY : Number(le),
      cumulativeCount: sample.value,
      exemplar: sample.exemplar,
    }));
  }

  get points(): Sample<'histogram'>[] {
    return this.#distributions.series.map(histogramPoint);
  }
}

/** prom-client accepts buckets in any order, repeated ones and Infinity. Each bound is kept once, in order. */
function histogramPoint({ labels, parts, sum, count }: Series<Bucket>): Sample<'histogram'> {
  const byBound = new Map<number, Bucket>();
  for (const bucket of parts) {
    // The count of a repetition includes that of the bound once more, but the last bucket, +Inf, is right.
    if (bucket.upperBound === Number.POSITIVE_INFINITY || !byBound.has(bucket.upperBound)) {
      byBound.set(bucket.upperBound, bucket);
    }
  }
  const last = byBound.get(Number.POSITIVE_INFINITY);
  const finite = [...byBound.values()]
    .filter(({ upperBound }) => Number.isFinite(upperBound))
    .sort((a, b) => a.upperBound - b.upperBound);
  const total = last?.cumulativeCount ?? count ?? 0;
  const bucketCounts: number[] = [];
  let before = 0;
  for (const cumulativeCount of [...finite.map((bucket) => bucket.cumulativeCount), total]) {
    bucketCounts.push(Math.max(0, cumulativeCount - before));
    before = Math.max(before, cumulativeCount);
  }
  const value = {
    upperBounds: finite.map(({ upperBound }) => upperBound),
    bucketCounts,
    count: count ?? total,
    ...sumOf(sum),
    exemplars: [...finite, last].map((bucket) => bucket?.exemplar),
  };
  return { labels, value };
}

/** Combines the samples of a summary into points. */
export class SummarySamples {
  readonly #distributions: Distributions<{ readonly quantile: number; readonly value: number }>;

  constructor(name: string) {
    this.#distributions = new Distributions(name, name, 'quantile');
  }

  add(sample: ForeignSample): void {
    this.#distributions.add(sample, (quantile) => ({ quantile: Number(quantile), value: sample.value }));
  }

  get points(): Sample<'summary'>[] {
    return this.#distributions.series.map(({ labels, parts, sum, count }) => {
      const byQuantile = new Map(parts.map((part) => [part.quantile, part]));
      const quantiles = [...byQuantile.values()].sort((a, b) => a.quantile - b.quantile);
      const counted = count === undefined ? { count: Number.NaN, hasCount: false } : { count };
      return { labels, value: { ...counted, ...sumOf(sum), quantiles } };
    });
  }
}

function sumOf(sum: number | undefined): { readonly sum: number; readonly hasSum?: boolean } {
  return sum === undefined ? { sum: Number.NaN, hasSum: false } : { sum };
}
