import type { MetricType } from '../../model/family.ts';
import type { LineHandler, MetadataLine, SampleLine } from '../../parse/lines/line-handler.ts';
import { lineText } from '../document/flat-series.ts';
import { DistributionLines } from './distribution-lines.ts';
import type { ReportFinding } from './line-finding.ts';
import { SeenSeries } from './seen-series.ts';
import { SeriesHash } from './series-hash.ts';

export interface LineRuleOptions {
  /** Whether lines of a family have to be one group that its metadata begin; servers do not ask for it. */
  readonly groups: boolean;
  /** Whether histograms and summaries are checked here, and not by the reader. */
  readonly distributions: boolean;
  /** Whether a series may have a sample for each time. */
  readonly byTime: boolean;
}

type Part = 'value' | 'bucket' | 'sum' | 'count' | 'quantile';

interface Target {
  readonly family: string;
  readonly part: Part;
}

const SUFFIXES = [
  ['_bucket', 'bucket'],
  ['_count', 'count'],
  ['_gcount', 'count'],
  ['_sum', 'sum'],
  ['_gsum', 'sum'],
] as const;

/**
 * Checks what formats ask of lines and families no longer show, and hands the lines on, but for those of series that were
 * there before, so that a document of nothing else takes no memory, and those that are no part of their family.
 */
export class LineRules implements LineHandler {
  readonly #next: LineHandler;
  readonly #report: ReportFinding;
  readonly #options: LineRuleOptions;
  readonly #distributions: DistributionLines;
  readonly #seen = new SeenSeries();
  readonly #hash = new SeriesHash();
  readonly #types = new Map<string, MetricType>();
  /** Families whose group has ended. */
  readonly #over = new Set<string>();
  #family: string | undefined;
  #hasSamples = false;
  #lastName: string | undefined;
  #target: Target = { family: '', part: 'value' };

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

  /** Whether the line is a part of its family; checks it on the way. */
  #isPart(family: string, part: Part, line: SampleLine): boolean {
    if (part === 'bucket') return this.#distributions.bucket(family, line);
    if (part === 'quantile') return this.#distributions.quantile(family, line);
    if (part === 'count' && this.#types.get(family) !== 'summary') this.#distributions.count(family, line);
    return true;
  }

  #targetOf(name: string): Target {
    const type = this.#types.get(name);
    if (type === 'summary') return { family: name, part: 'quantile' };
    for (const [suffix, part] of type === undefined ? SUFFIXES : []) {
      const family = name.endsWith(suffix) ? name.slice(0, -suffix.length) : '';
      if (hasPart(this.#types.get(family), part)) return { family, part };
    }
    return { family: name, part: 'value' };
  }

  /** A line of the family begins its group, or goes on with it. */
  #enter(family: string, line: number): void {
    if (family === this.#family || !this.#options.groups) return;
    if (this.#family !== undefined) this.#over.add(this.#family);
    this.#family = family;
    this.#hasSamples = false;
    if (!this.#over.has(family)) return;
    this.#report('metric-group', () => ({
      line,
      family,
      message: `Lines of ${family} stand here and further up, and others between them.`,
      hint: 'Write all lines of a metric in one group.',
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
      message: `${lineText(line)} is there more than once.`,
      hint: 'Add up what belongs together, or tell the series apart by another label.',
    }));
  }
}

function hasPart(type: MetricType | undefined, part: Part): boolean {
  if (type === 'summary') return part === 'count' || part === 'sum';
  return type === 'histogram' || type === 'gaugehistogram';
}
