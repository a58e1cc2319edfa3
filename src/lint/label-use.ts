import type { LintFamily } from './rule.ts';

/** Maximum number of distinct values to keep: no rule distinguishes three values from a million. */
const MAX_VALUES = 3;

/** A label with the same value in more than this share of all families is constant. */
const SHARE = 0.9;
/** Minimum number of families for labels to count as constant. */
const MIN_FAMILIES = 5;

/** Values of a label in the points of a family. */
export interface LabelUse {
  /** At most three distinct values. */
  readonly values: Set<string>;
  /** Whether any value is `total` or `all`. */
  hasTotal: boolean;
}

/** Several rules use the same family, which may have a million points. */
const usesOfFamilies = new WeakMap<LintFamily, ReadonlyMap<string, LabelUse>>();

/** Returns the labels of a family with their values; the result is kept until `forgetLabelUses()`. */
export function labelUses(family: LintFamily): ReadonlyMap<string, LabelUse> {
  const known = usesOfFamilies.get(family);
  if (known !== undefined) return known;
  const uses = collectLabelUses(family);
  usesOfFamilies.set(family, uses);
  return uses;
}

/** Drops the kept result for a family: there may be millions of families. */
export function forgetLabelUses(family: LintFamily): void {
  usesOfFamilies.delete(family);
}

/** Returns the labels that more than 90 % of all families with points have with the same single value. */
export function constantLabels(families: readonly LintFamily[]): Map<string, string> {
  const filled = families.filter(({ points }) => points.length > 0);
  const counts = new Map<string, number>();
  for (const [index, family] of filled.entries()) {
    for (const [name, { values }] of collectLabelUses(family)) {
      const [value] = values;
      if (value === undefined || values.size > 1) continue;
      const key = JSON.stringify([name, value]);
      // First seen too late to reach the share. Bounds the map if millions of families have unique labels.
      if (index > filled.length * (1 - SHARE) && !counts.has(key)) continue;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  if (filled.length < MIN_FAMILIES) return new Map();
  const constant = [...counts].filter(([, count]) => count > filled.length * SHARE);
  return new Map(constant.map(([key]) => JSON.parse(key)));
}

/** Returns which of the wanted labels, given by name and value, occur in the points of a family. */
export function labelsWith({ points }: LintFamily, wanted: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>();
  if (wanted.size === 0) return found;
  for (const { labels = {} } of points) {
    for (const name of Object.keys(labels)) if (wanted.get(name) === String(labels[name])) found.add(name);
  }
  return found;
}

function collectLabelUses({ points }: LintFamily): Map<string, LabelUse> {
  const uses = new Map<string, LabelUse>();
  for (const { labels = {} } of points) {
    for (const name of Object.keys(labels)) {
      const value = String(labels[name]);
      const use = uses.get(name) ?? { values: new Set(), hasTotal: false };
      if (use.values.size === 0) uses.set(name, use);
      if (use.values.size < MAX_VALUES) use.values.add(value);
      if (value === 'total' || value === 'all') use.hasTotal = true;
    }
  }
  return uses;
}
