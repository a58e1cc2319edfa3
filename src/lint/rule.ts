import type { Descriptor, Sample } from '../model/family.ts';

/**
 * Severity of a finding: an `error` breaks servers or queries, a `warning` misleads users, and a `hint` may be intentional.
 */
export type Severity = 'error' | 'warning' | 'hint';

/** A family whose points are an array, so that several rules can iterate over them. */
export interface LintFamily extends Descriptor {
  /** Series of the family. */
  readonly points: readonly Sample[];
}

/** Context of a rule, in addition to the family that it checks. */
export interface LintContext {
  /** All families of the exposition. */
  readonly families: readonly LintFamily[];
  /** Prefix of the metrics of the exporter, without the underscore; undefined if it was not given. */
  readonly exporterName: string | undefined;
  /** Labels that more than 90 % of all families have with the same value, by name. */
  readonly constantLabels: ReadonlyMap<string, string>;
}

/** A problem that a rule has found in a family. */
export interface Problem {
  /** Sentence that describes the problem. */
  readonly message: string;
  /** Sentence that says how to fix it. */
  readonly hint: string;
}

/**
 * A rule of the linter. Pass your own as {@link LintOptions.custom}.
 *
 * @example
 * ```ts
 * import { lint, type Rule } from 'zeroprom/lint';
 * import { parseText } from 'zeroprom/parse';
 *
 * const short: Rule = {
 *   name: 'short-name',
 *   severity: 'hint',
 *   *check({ name }) {
 *     if (name.length < 3) yield { message: `${name} is short.`, hint: 'Choose a longer name.' };
 *   },
 * };
 * console.log(lint(parseText('# HELP up Whether it is up.\n# TYPE up gauge\nup 1\n'), { custom: [short] }));
 * ```
 */
export interface Rule {
  /** Name in kebab case, by which the rule can be disabled. */
  readonly name: string;
  /** Severity of its findings, unless {@link LintOptions.rules} changes it. */
  readonly severity: Severity;
  /** Yields the problems of a family. */
  check(family: LintFamily, context: LintContext): Iterable<Problem>;
}
