import type { Descriptor, Sample } from '../model/family.ts';

/** `error`: servers or queries go wrong. `warning`: users will stumble. `hint`: perhaps on purpose. */
export type Severity = 'error' | 'warning' | 'hint';

/** A family as rules see it: with its points in an array, to be looked at by many. */
export interface LintFamily extends Descriptor {
  readonly points: readonly Sample[];
}

/** What rules may know beyond the family at hand. */
export interface LintContext {
  /** All families of the exposition. */
  readonly families: readonly LintFamily[];
  /** What the exporter's metrics begin with, without the underscore; undefined if it has not been told. */
  readonly exporterName: string | undefined;
  /** Labels that nearly all families have, always with the same value. */
  readonly constantLabels: ReadonlyMap<string, string>;
}

/** What a rule finds wrong with a family. */
export interface Problem {
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** How to make it right, in a sentence. */
  readonly hint: string;
}

export interface Rule {
  /** In kebab case; rules are switched off by it. */
  readonly name: string;
  readonly severity: Severity;
  check(family: LintFamily, context: LintContext): Iterable<Problem>;
}

/** Several rules ask for the names of a family, which may have a million points. */
const namesOfFamilies = new WeakMap<LintFamily, ReadonlySet<string>>();
/** Families without labels and with fewer points are not kept: of those there can be millions. */
const MANY_POINTS = 16;

/** The label names of a family, each once. */
export function labelNames(family: LintFamily): ReadonlySet<string> {
  const known = namesOfFamilies.get(family);
  if (known !== undefined) return known;
  const names = collectNames(family);
  if (names.size > 0 || family.points.length >= MANY_POINTS) namesOfFamilies.set(family, names);
  return names;
}

function collectNames({ points }: LintFamily): Set<string> {
  const names = new Set<string>();
  for (const { labels = {} } of points) for (const name of Object.keys(labels)) names.add(name);
  return names;
}

/** The different values of a label in a family. */
export function labelValues({ points }: LintFamily, name: string): Set<string> {
  const values = new Set<string>();
  for (const { labels = {} } of points) if (Object.hasOwn(labels, name)) values.add(String(labels[name]));
  return values;
}
