import type { Severity } from '../../lint/rule.ts';
import { plural } from '../command/number-format.ts';
import type { ReportedFinding } from './finding-report.ts';

/** Further findings of a rule are only counted: an input can have one in every few bytes. */
const MAX_OF_RULE = 1000;

/** Rules for lines that cannot be checked in families. */
export const lineRules = ['metric-group', 'metadata-first', 'bucket-label', 'quantile-label'] as const;

/** Rules of the linter for families that find more when they are applied to lines. */
export const rulesOfLines = [
  'duplicate-metric',
  'bucket-order',
  'bucket-counts',
  'inf-bucket',
  'quantile-order',
] as const;

export type LineRule = (typeof lineRules)[number] | (typeof rulesOfLines)[number];

/** A problem in a line and how to fix it. */
export interface LineFinding {
  readonly line: number;
  readonly family: string;
  readonly message: string;
  readonly hint: string;
}

/** Called for each finding, of which there may be millions: `describe` is only called for those that are shown. */
export type ReportFinding = (rule: LineRule, describe: () => LineFinding) => void;

type ListedFinding = Omit<ReportedFinding, 'input'>;

/** Findings in one input. */
export class FindingList {
  readonly #findings: ListedFinding[] = [];
  readonly #counts = new Map<string, { readonly severity: Severity; count: number }>();

  get isEmpty(): boolean {
    return this.#findings.length === 0;
  }

  /** Calls `describe` only if the finding is to be shown: there may be millions. */
  add(rule: string, severity: Severity, describe: () => Omit<ListedFinding, 'rule' | 'severity'>): void {
    const known = this.#counts.get(rule) ?? { severity, count: 0 };
    if (known.count === 0) this.#counts.set(rule, known);
    known.count++;
    if (known.count <= MAX_OF_RULE) this.#findings.push({ rule, severity, ...describe() });
  }

  /** Returns the findings in the order of lines and families, followed by how many more of each rule there are. */
  sorted(): ListedFinding[] {
    const excess: ListedFinding[] = [];
    for (const [rule, { severity, count }] of this.#counts) {
      if (count <= MAX_OF_RULE) continue;
      const more = plural(count - MAX_OF_RULE, 'more finding', 'more findings');
      excess.push({
        rule,
        severity,
        message: `${more} of this rule ${count === MAX_OF_RULE + 1 ? 'is' : 'are'} not shown.`,
      });
    }
    this.#findings.sort(
      ({ line = 0, family = '' }, { line: otherLine = 0, family: otherFamily = '' }) =>
        line - otherLine || (family < otherFamily ? -1 : family > otherFamily ? 1 : 0),
    );
    return [...this.#findings, ...excess];
  }
}
