import { type LintFamily, labelNames } from './rule.ts';

/** A label on more than this share of all families is one of the target. */
const SHARE = 0.9;
/** With fewer families that means nothing. */
const MIN_FAMILIES = 5;

/** Labels that more than nine of ten families with points have, always with the same value. */
export function constantLabels(families: readonly LintFamily[]): Map<string, string> {
  const filled = families.filter(({ points }) => points.length > 0);
  const counts = new Map<string, number>();
  for (const family of filled) {
    for (const name of labelNames(family)) {
      const value = onlyValue(family, name);
      if (value === undefined) continue;
      const key = JSON.stringify([name, value]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  if (filled.length < MIN_FAMILIES) return new Map();
  const constant = [...counts].filter(([, count]) => count > filled.length * SHARE);
  return new Map(constant.map(([key]) => JSON.parse(key)));
}

/** Undefined if there are several. */
function onlyValue({ points }: LintFamily, name: string): string | undefined {
  let only: string | undefined;
  for (const { labels = {} } of points) {
    if (!Object.hasOwn(labels, name)) continue;
    const value = String(labels[name]);
    if (only !== undefined && value !== only) return undefined;
    only = value;
  }
  return only;
}
