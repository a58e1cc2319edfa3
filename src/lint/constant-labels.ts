import { collectLabelUses } from './label-use.ts';
import type { LintFamily } from './rule.ts';

/** A label on more than this share of all families is one of the target. */
const SHARE = 0.9;
/** With fewer families that means nothing. */
const MIN_FAMILIES = 5;

/** Labels that more than nine of ten families with points have, always with the same value. */
export function constantLabels(families: readonly LintFamily[]): Map<string, string> {
  const filled = families.filter(({ points }) => points.length > 0);
  const counts = new Map<string, number>();
  for (const [index, family] of filled.entries()) {
    for (const [name, { values }] of collectLabelUses(family)) {
      const [value] = values;
      if (value === undefined || values.size > 1) continue;
      const key = JSON.stringify([name, value]);
      // Too late to reach the share: there may be millions of families with a label of their own.
      if (index > filled.length * (1 - SHARE) && !counts.has(key)) continue;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  if (filled.length < MIN_FAMILIES) return new Map();
  const constant = [...counts].filter(([, count]) => count > filled.length * SHARE);
  return new Map(constant.map(([key]) => JSON.parse(key)));
}

/** Which of these labels, by name and value, the points of a family have. */
export function labelsWith({ points }: LintFamily, wanted: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>();
  if (wanted.size === 0) return found;
  for (const { labels = {} } of points) {
    for (const name of Object.keys(labels)) if (wanted.get(name) === String(labels[name])) found.add(name);
  }
  return found;
}
