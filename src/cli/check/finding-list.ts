import type { Severity } from '../../lint/rule.ts';
import { plural } from '../command/number-format.ts';
import type { ReportedFinding } from './finding-report.ts';

/** More findings of a rule are only counted: an input can have one in every few bytes. */
const MAX_OF_RULE = 1000;

type Finding = Omit<ReportedFinding, 'input'>;

/** The findings in one input. */
export class FindingList {
  readonly #findings: Finding[] = [];
  readonly #counts = new Map<string, { readonly severity: Severity; count: number }>();

  get isEmpty(): boolean {
    return this.#findings.length === 0;
  }

  /** Calls `describe` only if the finding is to be shown: there may be millions. */
  add(rule: string, severity: Severity, describe: () => Omit<Finding, 'rule' | 'severity'>): void {
    const known = this.#counts.get(rule) ?? { severity, count: 0 };
    if (known.count === 0) this.#counts.set(rule, known);
    known.count++;
    if (known.count <= MAX_OF_RULE) this.#findings.push({ rule, severity, ...describe() });
  }

  /** In the order of lines and families, followed by how many more of each rule there are. */
  sorted(): Finding[] {
    const excess = Array.from(this.#counts, ([rule, { severity, count }]) => ({
      rule,
      severity,
      count: count - MAX_OF_RULE,
    }))
      .filter(({ count }) => count > 0)
      .map(({ rule, severity, count }) => ({ rule, severity, message: excessText(count) }));
    return [...this.#findings.sort(compare), ...excess];
  }
}

function excessText(count: number): string {
  return `${plural(count, 'more finding', 'more findings')} of this rule ${count === 1 ? 'is' : 'are'} not shown.`;
}

function compare(one: Finding, other: Finding): number {
  const [family, otherFamily] = [one.family ?? '', other.family ?? ''];
  return (one.line ?? 0) - (other.line ?? 0) || (family < otherFamily ? -1 : family > otherFamily ? 1 : 0);
}
