import { OverriddenName } from './overridden-name.ts';
import type { Overrides } from './overrides.ts';
import type { ReadFamily } from './read-families.ts';

/** The family of a collector with its override, if it has one; undefined if it is dropped. */
export function overriddenFamily(family: ReadFamily, overrides: Overrides | undefined): ReadFamily | undefined {
  const override = overrides?.of(family.descriptor);
  if (overrides === undefined || override === undefined) return family;
  if (override.drop) return undefined;
  const overridden = OverriddenName.of(override);
  if (overridden === undefined) return family;
  try {
    const descriptor = overridden.around(family.descriptor, []);
    return { descriptor, points: withLabels(family, overridden) };
  } catch (problem) {
    // The series are worth more than the override.
    overrides.reject(family.descriptor.name, problem);
    return family;
  }
}

/** Adds the labels to all points. Throws an Error if a point has one of them already. */
function withLabels({ descriptor, points }: ReadFamily, { labels, labelNames }: OverriddenName): readonly unknown[] {
  if (labelNames.length === 0) return points;
  return points.map((point) => {
    const own = labelsOf(point);
    if (own === undefined) return point; // Invalid, which is reported when the point is checked.
    const twice = labelNames.find((label) => Object.hasOwn(own, label));
    if (twice !== undefined) throw new Error(`${descriptor.name} already has a label ${twice}.`);
    return { ...(point as object), labels: { ...labels, ...own } };
  });
}

function labelsOf(point: unknown): object | undefined {
  try {
    if (typeof point !== 'object' || point === null) return undefined;
    const { labels = {} } = point as { readonly labels?: unknown };
    return typeof labels === 'object' && labels !== null ? labels : undefined;
  } catch {
    return undefined; // A point can throw when it is read.
  }
}
