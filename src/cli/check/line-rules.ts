import type { MetricType } from '../../model/family.ts';
import { isHistogram } from '../../model/sample-names.ts';
import type { LineHandler, MetadataLine, SampleLine } from '../../parse/lines/line-handler.ts';
import { lineText } from '../document/flat-series.ts';
import { SeriesHash, SeriesHashSet } from '../document/series-hash.ts';
import { DistributionLines } from './distribution-lines.ts';
import type { ReportFinding } from './finding-list.ts';

export interface LineRuleOptions {
  /** Whether the lines of a family must form one group that starts with its metadata. Servers do not require it. */
  readonly groups: boolean;
  /** Whether to check histograms and summaries, unless the reader does. */
  readonly distributions: boolean;
  /** Whether a series may have several samples with different timestamps. */
  readonly byTime: boolean;
}

type LinePart = 'value' | 'bucket' | 'sum' | 'count' | 'quantile';

interface LineTarget {
  readonly family: string;
  readonly part: LinePart;
}

const SUFFIXES = [
  ['_bucket', 'bucket'],
  ['_count', 'count'],
  ['_gcount', 'count'],
  ['_sum', 'sum'],
  ['_gsum', 'sum'],
] as const;

/**
 * Checks rules of the formats that can only be checked in lines, and forwards the lines. It does not forward lines that are
 * not part of their family, nor duplicate series, so that a document of duplicates does not take memory.
 */
export class LineRules implements LineHandler {
  readonly #next: LineHandler;
  readonly #report: ReportFinding;
  readonly #options: LineRuleOptions;
  readonly #distributions: DistributionLines;
  readonly #seen = new SeriesHashSet();
  readonly #hash = new SeriesHash();
  readonly #types = new Map<string, MetricType>();
  /** Families whose group of lines has ended. */
  readonly #ended = new Set<string>();
  #family: string | undefined;
  #hasSamples = false;
  #lastName: string | undefined;
  #target: LineTarget = { family: '', part: 'value' };

  constructor(next: LineHandler, report: ReportFinding, options: LineRuleOptions) {
    this.#next = next;
    this.#report = report;
    this.#options = options;
    this.#distributions = new DistributionLines(report, options.byTime);
  }

  metadata(line: MetadataLine): void {
    if (line.keyword === 'TYPE') this.#types.set(line.name, line.type);
    this.#lastName = undefined;
    this.#enter(line.name, line.line);
    if (this.#options.groups && this.#hasSamples) this.#reportLate(line);
    this.#next.metadata(line);
  }

  sample(line: SampleLine): void {
    if (line.name !== this.#lastName) {
      this.#lastName = line.name;
      this.#target = this.#targetOf(line.name);
    }
    const { family, part } = this.#target;
    this.#enter(family, line.line);
    this.#hasSamples = true;
    if (this.#seen.add(this.#hash.of(line.name, line, this.#options))) {
      this.#reportRepetition(family, line);
      return;
    }
    if (!this.#options.distributions || this.#isPart(family, part, line)) this.#next.sample(line);
  }

  end(): void {
    if (this.#options.distributions) this.#distributions.end();
    this.#next.end();
  }

  /** Checks a line of a distribution; returns whether it is part of its family. */
  #isPart(family: string, part: LinePart, line: SampleLine): boolean {
    if (part === 'bucket') return this.#distributions.bucket(family, line);
    if (part === 'quantile') return this.#distributions.quantile(family, line);
    if (part === 'count' && this.#types.get(family) !== 'summary') this.#distributions.count(family, line);
    return true;
  }

  #targetOf(name: string): LineTarget {
    const type = this.#types.get(name);
    if (type === 'summary') return { family: name, part: 'quantile' };
    for (const [suffix, part] of type === undefined ? SUFFIXES : []) {
      const family = name.endsWith(suffix) ? name.slice(0, -suffix.length) : '';
      if (hasPart(this.#types.get(family), part)) return { family, part };
    }
    return { family: name, part: 'value' };
  }

  /** Starts or continues the group of a family. */
  #enter(family: string, line: number): void {
    if (family === this.#family || !this.#options.groups) return;
    if (this.#family !== undefined) this.#ended.add(this.#family);
    this.#family = family;
    this.#hasSamples = false;
    if (!this.#ended.has(family)) return;
    this.#report('metric-group', () => ({
      line,
      family,
      message: `Lines of ${family} are separated by lines of other metrics.`,
      hint: 'Write all lines of a metric as one group.',
    }));
  }

  #reportLate({ keyword, name, line }: MetadataLine): void {
    this.#report('metadata-first', () => ({
      line,
      family: name,
      message: `${keyword} of ${name} follows its samples.`,
      hint: 'Write HELP and TYPE before the samples.',
    }));
  }

  #reportRepetition(family: string, line: SampleLine): void {
    this.#report('duplicate-metric', () => ({
      line: line.line,
      family,
      message: `${lineText(line)} occurs more than once.`,
      hint: 'Aggregate the samples, or add a label that distinguishes them.',
    }));
  }
}

function hasPart(type: MetricType | undefined, part: LinePart): boolean {
  if (type === 'summary') return part === 'count' || part === 'sum';
  return type !== undefined && isHistogram(type);
}
