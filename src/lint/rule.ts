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
