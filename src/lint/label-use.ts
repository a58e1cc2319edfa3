import type { LintFamily } from './rule.ts';

/** More different values are not told apart: no rule asks whether there are three or a million. */
const MOST_VALUES = 3;

/** What the points of a family have for one of its labels. */
export interface LabelUse {
  /** The first three different values. */
  readonly values: Set<string>;
  /** Whether one of all values is `total` or `all`. */
  hasTotal: boolean;
}

/** Several rules ask for the same family, which may have a million points. */
const usesOfFamilies = new WeakMap<LintFamily, ReadonlyMap<string, LabelUse>>();

/** The labels of a family, each with what is known of its values. */
export function labelUses(family: LintFamily): ReadonlyMap<string, LabelUse> {
  const known = usesOfFamilies.get(family);
  if (known !== undefined) return known;
  const uses = collectLabelUses(family);
  usesOfFamilies.set(family, uses);
  return uses;
}

/** Frees what `labelUses()` keeps of a family: there may be millions of families. */
export function forgetLabelUses(family: LintFamily): void {
  usesOfFamilies.delete(family);
}

/** Like `labelUses()`, but keeps nothing. */
export function collectLabelUses({ points }: LintFamily): Map<string, LabelUse> {
  const uses = new Map<string, LabelUse>();
  for (const { labels = {} } of points) {
    for (const name of Object.keys(labels)) {
      const value = String(labels[name]);
      const use = uses.get(name) ?? { values: new Set(), hasTotal: false };
      if (use.values.size === 0) uses.set(name, use);
      if (use.values.size < MOST_VALUES) use.values.add(value);
      if (value === 'total' || value === 'all') use.hasTotal = true;
    }
  }
  return uses;
}
