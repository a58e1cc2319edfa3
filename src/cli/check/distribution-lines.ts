import type { SampleLine } from '../../parse/lines/line-handler.ts';
import { parseNumber } from '../../parse/lines/number.ts';
import { formatValue } from '../command/number-format.ts';
import { lineText } from '../document/flat-series.ts';
import type { ReportFinding } from './line-finding.ts';
import { SeriesHash } from './series-hash.ts';

/** What is known of a histogram or summary of one label set. */
interface Distribution {
  readonly family: string;
  /** Of its last line. */
  line: number;
  /** The last bucket or quantile, NaN before the first, and what the bucket counts. */
  last: number;
  lastCount: number;
  /** The bucket up to +Inf, and the line of the count. */
  total: number | undefined;
  count: number | undefined;
}

const HINTS = {
  'bucket-label': 'Each bucket needs its upper bound, a number or +Inf, as the label le.',
  'bucket-order': 'Write buckets by increasing le.',
  'bucket-counts': 'Buckets are cumulative: each includes those below.',
  'inf-bucket': 'The bucket with le="+Inf" and the count are the same number: all observations.',
  'quantile-label': 'Each sample with the name of the summary needs the label quantile; others end in _sum or _count.',
  'quantile-order': 'Write quantiles in increasing order.',
};

/**
 * Checks what the text format asks of the lines of histograms and summaries (Prometheus exposition formats, "Histograms
 * and summaries"): the order of buckets and quantiles, and counts that agree with each other.
 */
export class DistributionLines {
  readonly #report: ReportFinding;
  readonly #byTime: boolean;
  readonly #hash = new SeriesHash();
  /** By the hash of family and labels. */
  readonly #histograms = new Map<number, Distribution>();
  readonly #summaries = new Map<number, Distribution>();

  /** With `byTime`, as in OpenMetrics, a series may have a distribution for each time. */
  constructor(report: ReportFinding, byTime: boolean) {
    this.#report = report;
    this.#byTime = byTime;
  }

  /** A line of `_bucket`. False if it is no part of the histogram. */
  bucket(family: string, sample: SampleLine): boolean {
    const { line, value } = sample;
    const at = sample.labelNames.indexOf('le');
    const bound = numberAt(sample, at);
    if (bound === undefined) {
      this.#find('bucket-label', family, line, () => `${lineText(sample)} has no upper bound.`);
      return false;
    }
    const histogram = this.#of(this.#histograms, family, sample, at);
    if (bound <= histogram.last) {
      const before = histogram.last;
      this.#find(
        'bucket-order',
        family,
        line,
        () => `${lineText(sample)} follows the bucket of ${formatValue(before)}.`,
      );
    } else if (!(value >= histogram.lastCount)) {
      const below = histogram.lastCount;
      this.#find(
        'bucket-counts',
        family,
        line,
        () => `${lineText(sample)} is ${value}, and the bucket below it ${below}.`,
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

  /** A line of `_count`. */
  count(family: string, sample: SampleLine): void {
    const histogram = this.#of(this.#histograms, family, sample, -1);
    histogram.count = sample.value;
    this.#checkTotal(histogram);
  }

  /** A line with the summary's own name. False if it is no part of the summary. */
  quantile(family: string, sample: SampleLine): boolean {
    const at = sample.labelNames.indexOf('quantile');
    const quantile = numberAt(sample, at);
    if (quantile === undefined) {
      this.#find('quantile-label', family, sample.line, () => `${lineText(sample)} has no quantile.`);
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

  /** After the last line: what is missing. */
  end(): void {
    for (const { family, line, total, count } of this.#histograms.values()) {
      const missing = total === undefined ? 'bucket with le="+Inf"' : count === undefined ? 'count' : undefined;
      if (missing !== undefined)
        this.#find('inf-bucket', family, line, () => `A histogram of ${family} has no ${missing}.`);
    }
  }

  #of(distributions: Map<number, Distribution>, family: string, sample: SampleLine, except: number): Distribution {
    const hash = this.#hash.of(family, sample, { except, byTime: this.#byTime });
    let known = distributions.get(hash);
    if (known === undefined) {
      known = { family, line: 0, last: Number.NaN, lastCount: 0, total: undefined, count: undefined };
      distributions.set(hash, known);
    }
    known.line = sample.line;
    return known;
  }

  /** Once both are known. */
  #checkTotal({ family, line, total, count }: Distribution): void {
    if (total === undefined || count === undefined || total === count) return;
    this.#find(
      'inf-bucket',
      family,
      line,
      () => `The bucket of ${family} with le="+Inf" is ${total}, and its count ${count}.`,
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
