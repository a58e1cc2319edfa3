import type { SampleLine } from '../../parse/lines/line-handler.ts';
import { parseNumber } from '../../parse/lines/number.ts';
import { formatValue } from '../command/number-format.ts';
import { lineText } from '../document/flat-series.ts';
import { SeriesHash } from '../document/series-hash.ts';
import type { ReportFinding } from './finding-list.ts';

/** State of a histogram or summary with one label set. */
interface DistributionState {
  readonly family: string;
  /** Number of its last line. */
  line: number;
  /** Last upper bound or quantile, NaN before the first, and the count of that bucket. */
  last: number;
  lastCount: number;
  /** Values of the bucket +Inf and of the count. */
  total: number | undefined;
  count: number | undefined;
}

const HINTS = {
  'bucket-label': 'Each bucket needs the label le with its upper bound: a number or +Inf.',
  'bucket-order': 'Write buckets in increasing order of le.',
  'bucket-counts': 'Buckets are cumulative: each includes all buckets below it.',
  'inf-bucket': 'The bucket with le="+Inf" and the count must be equal: both count all observations.',
  'quantile-label': 'Samples with the name of the summary need the label quantile; the others end with _sum or _count.',
  'quantile-order': 'Write quantiles in increasing order.',
};

/**
 * Checks the lines of histograms and summaries (Prometheus exposition formats, "Histograms and summaries"): the order of
 * buckets and quantiles, and whether counts are consistent.
 */
export class DistributionLines {
  readonly #report: ReportFinding;
  readonly #byTime: boolean;
  readonly #hash = new SeriesHash();
  /** By hash of family and labels. */
  readonly #histograms = new Map<number, DistributionState>();
  readonly #summaries = new Map<number, DistributionState>();

  /** `byTime`: whether a series may have several distributions with different timestamps, as in OpenMetrics. */
  constructor(report: ReportFinding, byTime: boolean) {
    this.#report = report;
    this.#byTime = byTime;
  }

  /** Checks a line of `_bucket`; returns whether it is part of the histogram. */
  bucket(family: string, sample: SampleLine): boolean {
    const { line, value } = sample;
    const at = sample.labelNames.indexOf('le');
    const bound = numberAt(sample, at);
    if (bound === undefined) {
      this.#find('bucket-label', family, line, () => `${lineText(sample)} must have an upper bound in the label le.`);
      return false;
    }
    const histogram = this.#of(this.#histograms, family, sample, at);
    if (bound <= histogram.last) {
      const before = histogram.last;
      this.#find('bucket-order', family, line, () => `${lineText(sample)} follows the bucket ${formatValue(before)}.`);
    } else if (!(value >= histogram.lastCount)) {
      const below = histogram.lastCount;
      this.#find(
        'bucket-counts',
        family,
        line,
        () => `${lineText(sample)} is ${value}, but the bucket below it is ${below}.`,
      );
    }
    histogram.last = bound;
    if (!Number.isNaN(value)) histogram.lastCount = value;
    if (bound === Number.POSITIVE_INFINITY) {
      histogram.total = value;
      this.#checkTotal(histogram);
    }
    return true;
  }

  /** Checks a line of `_count`. */
  count(family: string, sample: SampleLine): void {
    const histogram = this.#of(this.#histograms, family, sample, -1);
    histogram.count = sample.value;
    this.#checkTotal(histogram);
  }

  /** Checks a line with the name of the summary; returns whether it is part of the summary. */
  quantile(family: string, sample: SampleLine): boolean {
    const at = sample.labelNames.indexOf('quantile');
    const quantile = numberAt(sample, at);
    if (quantile === undefined) {
      this.#find('quantile-label', family, sample.line, () => `${lineText(sample)} must have a quantile.`);
      return false;
    }
    const summary = this.#of(this.#summaries, family, sample, at);
    if (quantile <= summary.last) {
      const before = summary.last;
      this.#find(
        'quantile-order',
        family,
        sample.line,
        () => `${lineText(sample)} follows the quantile ${formatValue(before)}.`,
      );
    }
    summary.last = quantile;
    return true;
  }

  /** Called after the last line: reports what is missing. */
  end(): void {
    for (const { family, line, total, count } of this.#histograms.values()) {
      const missing = total === undefined ? 'bucket with le="+Inf"' : count === undefined ? 'count' : undefined;
      if (missing !== undefined)
        this.#find('inf-bucket', family, line, () => `A histogram of ${family} does not have a ${missing}.`);
    }
  }

  #of(
    distributions: Map<number, DistributionState>,
    family: string,
    sample: SampleLine,
    partLabel: number,
  ): DistributionState {
    const hash = this.#hash.of(family, sample, { partLabel, byTime: this.#byTime });
    let known = distributions.get(hash);
    if (known === undefined) {
      known = { family, line: 0, last: Number.NaN, lastCount: 0, total: undefined, count: undefined };
      distributions.set(hash, known);
    }
    known.line = sample.line;
    return known;
  }

  /** Compares the bucket +Inf with the count once both are known. */
  #checkTotal({ family, line, total, count }: DistributionState): void {
    if (total === undefined || count === undefined || total === count) return;
    this.#find(
      'inf-bucket',
      family,
      line,
      () => `The bucket of ${family} with le="+Inf" is ${total}, but its count is ${count}.`,
    );
  }

  #find(rule: keyof typeof HINTS, family: string, line: number, messageOf: () => string): void {
    this.#report(rule, () => ({ line, family, message: messageOf(), hint: HINTS[rule] }));
  }
}

function numberAt({ labelValues }: SampleLine, index: number): number | undefined {
  const number = parseNumber(labelValues[index] ?? '');
  return Number.isNaN(number) ? undefined : number;
}
