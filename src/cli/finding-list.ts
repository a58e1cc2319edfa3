import type { ReportedFinding } from './finding-report.ts';
import { plural } from './numbers.ts';

/** More findings of a rule are only counted: an input can have one in every few bytes. */
const MAX_OF_RULE = 1000;

type Finding = Omit<ReportedFinding, 'input'>;

/** The findings in one input. */
export class FindingList {
  readonly #findings: Finding[] = [];
  readonly #counts = new Map<string, number>();
  /** For each rule with too many: what says so. */
  readonly #excess = new Map<string, Finding>();

  get isEmpty(): boolean {
    return this.#findings.length === 0;
  }

  add(finding: Finding): void {
    const { rule, severity } = finding;
    const count = (this.#counts.get(rule) ?? 0) + 1;
    this.#counts.set(rule, count);
    if (count <= MAX_OF_RULE) this.#findings.push(finding);
    else this.#excess.set(rule, { rule, severity, message: excessText(count - MAX_OF_RULE) });
  }

  /** In the order of lines and families, and then how many there are more. */
  sorted(): Finding[] {
    return [...this.#findings.sort(compare), ...this.#excess.values()];
  }
}

function excessText(count: number): string {
  return `${plural(count, 'more finding', 'more findings')} of this rule ${count === 1 ? 'is' : 'are'} not shown.`;
}

function compare(one: Finding, other: Finding): number {
  const [family, otherFamily] = [one.family ?? '', other.family ?? ''];
  return (one.line ?? 0) - (other.line ?? 0) || (family < otherFamily ? -1 : family > otherFamily ? 1 : 0);
}
