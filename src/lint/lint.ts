import type { MetricFamily } from '../model/family.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { bucketCounts, bucketOrder, infBucket, quantileOrder } from './distribution-rules.ts';
import {
  constantLabel,
  exporterPrefix,
  labelInName,
  outcomeLabel,
  reservedPrefix,
  targetLabels,
  totalAmongParts,
  typeLabel,
} from './exporter-rules.ts';
import { constantLabels, forgetLabelUses } from './label-use.ts';
import {
  camelCase,
  counterSuffix,
  duplicateMetric,
  help,
  reservedCharacters,
  reservedNames,
  typeInName,
} from './name-rules.ts';
import type { LintContext, LintFamily, Problem, Rule, Severity } from './rule.ts';
import { baseUnits, noPercent, unitAbbreviations, unitInName } from './unit-rules.ts';

/** A problem in a family and the rule that found it. */
export interface Finding extends Problem {
  /** Name of the family. */
  readonly family: string;
  /** Name of the rule. */
  readonly rule: string;
  /** Severity of the rule, or the one that {@link LintOptions.rules} gives it. */
  readonly severity: Severity;
}

/** Options of {@link lint}. */
export interface LintOptions {
  /**
   * Rules to check: `promlint` has those of `promtool check metrics` and checks histograms and summaries for consistency;
   * `exporter` adds the guidelines on writing exporters.
   *
   * @defaultValue `'promlint'`
   */
  readonly preset?: 'promlint' | 'exporter' | undefined;
  /** Disables rules, given by name, or changes their severity. */
  readonly rules?: { readonly [rule: string]: Severity | 'off' } | undefined;
  /** Additional rules, checked after those of the preset. */
  readonly custom?: readonly Rule[] | undefined;
  /** Prefix that all metrics of the exporter should have, such as `haproxy`. By default it is not checked. */
  readonly exporterName?: string | undefined;
}

const LINT_OPTIONS: OptionNames<LintOptions> = {
  preset: true,
  rules: true,
  custom: true,
  exporterName: true,
};

/** Rules of the linter of promtool, in its order, and rules of the formats for histograms and summaries. */
const PROMLINT: readonly Rule[] = [
  help,
  baseUnits,
  counterSuffix,
  reservedNames,
  typeInName,
  reservedCharacters,
  camelCase,
  unitAbbreviations,
  duplicateMetric,
  bucketOrder,
  bucketCounts,
  infBucket,
  quantileOrder,
];

const EXPORTER: readonly Rule[] = [
  ...PROMLINT,
  noPercent,
  unitInName,
  exporterPrefix,
  reservedPrefix,
  labelInName,
  typeLabel,
  targetLabels,
  outcomeLabel,
  totalAmongParts,
  constantLabel,
];

/**
 * Checks families against the conventions of Prometheus. Findings are sorted by family, and by rule within a family.
 *
 * @throws {RangeError} if {@link LintOptions.rules} contains the name of an unknown rule.
 *
 * @example
 * ```ts
 * import { lint } from 'zeroprom/lint';
 * import { parseText } from 'zeroprom/parse';
 *
 * const families = parseText('# TYPE queue_ms gauge\nqueue_ms 3\n');
 * for (const { family, rule, message, hint } of lint(families)) console.log(family, rule, message, hint);
 * ```
 */
export function lint(families: Iterable<MetricFamily>, options?: LintOptions): Finding[] {
  // Parsed families already have arrays, although the type does not say so.
  const read = Array.from(families, (family) =>
    Array.isArray(family.points) ? (family as LintFamily) : { ...family, points: [...family.points] },
  );
  const findings = [...lintFamilies(read, options)];
  return findings.sort((one, other) => (one.family < other.family ? -1 : one.family > other.family ? 1 : 0));
}

/**
 * Like {@link lint}, but yields findings in the order of the families, so that millions of them need no memory. The rules
 * of this package only iterate over the points of a family, and read their number.
 *
 * @internal
 */
export function* lintFamilies(families: readonly LintFamily[], options: LintOptions = {}): Iterable<Finding> {
  checkOptionNames('lint()', options, LINT_OPTIONS);
  const { preset = 'promlint', rules: settings = {}, custom = [], exporterName } = options;
  const rules = [...(preset === 'exporter' ? EXPORTER : PROMLINT), ...custom];
  checkNames(settings, [...EXPORTER, ...custom]);
  const context = contextOf(families, exporterName);
  for (const family of families) {
    for (const rule of rules) yield* findingsOf(rule, family, context, settings);
    forgetLabelUses(family);
  }
}

function contextOf(families: readonly LintFamily[], exporterName: string | undefined): LintContext {
  let constant: ReadonlyMap<string, string> | undefined;
  return {
    families,
    exporterName,
    /** Computed on first use, because it iterates over all points. */
    get constantLabels() {
      constant ??= constantLabels(families);
      return constant;
    },
  };
}

function* findingsOf(
  rule: Rule,
  family: LintFamily,
  context: LintContext,
  settings: LintOptions['rules'] = {},
): Iterable<Finding> {
  const severity = settings[rule.name] ?? rule.severity;
  if (severity === 'off') return;
  const named = { family: family.name, rule: rule.name, severity };
  for (const { message, hint } of rule.check(family, context)) yield { ...named, message, hint };
}

/** A misspelt name would leave the rule enabled. */
function checkNames(settings: { readonly [rule: string]: string }, rules: readonly Rule[]): void {
  const names = rules.map(({ name }) => name);
  const unknown = Object.keys(settings).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`Unknown lint rule ${JSON.stringify(unknown)}; the rules are ${names.join(', ')}.`);
  }
}
