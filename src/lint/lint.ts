import type { MetricFamily } from '../model/family.ts';
import { constantLabels } from './constant-labels.ts';
import { bucketCounts, bucketOrder, infBucket, quantileOrder } from './distributions.ts';
import {
  constantLabel,
  exporterPrefix,
  labelInName,
  outcomeLabel,
  reservedPrefix,
  targetLabels,
  totalAmongParts,
  typeLabel,
} from './exporter.ts';
import { forgetLabelUses } from './label-use.ts';
import {
  camelCase,
  counterSuffix,
  duplicateMetric,
  help,
  reservedCharacters,
  reservedNames,
  typeInName,
} from './naming.ts';
import type { LintContext, LintFamily, Problem, Rule, Severity } from './rule.ts';
import { baseUnits, noPercent, unitAbbreviations, unitInName } from './units.ts';

/** What is wrong with a family, by which rule, and how to make it right. */
export interface Finding extends Problem {
  readonly family: string;
  readonly rule: string;
  readonly severity: Severity;
}

export interface LintOptions {
  /**
   * `promlint`, the default, is what promtool checks, and whether histograms and summaries are sound; `exporter` adds the
   * guidelines on writing exporters.
   */
  readonly preset?: 'promlint' | 'exporter' | undefined;
  /** Rules by name: switched off, or of another severity. */
  readonly rules?: { readonly [rule: string]: Severity | 'off' } | undefined;
  /** Rules of your own, checked after those of the preset. */
  readonly custom?: readonly Rule[] | undefined;
  /** What the exporter's metrics begin with, `haproxy`; without it that is not checked. */
  readonly exporterName?: string | undefined;
}

/** The rules of promtool's linter, in its order, and those of the formats for distributions. */
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

/** Checks families against the naming conventions of Prometheus. Findings are sorted by family; rules keep their order. */
export function lint(families: Iterable<MetricFamily>, options?: LintOptions): Finding[] {
  const findings = [...lintFamilies(families, options)];
  return findings.sort((one, other) => (one.family < other.family ? -1 : one.family > other.family ? 1 : 0));
}

/** As `lint()`, one after the other, in the order of the families: of millions of findings none has to be kept. */
export function* lintFamilies(families: Iterable<MetricFamily>, options: LintOptions = {}): Iterable<Finding> {
  const { preset = 'promlint', rules: settings = {}, custom = [], exporterName } = options;
  const rules = [...(preset === 'exporter' ? EXPORTER : PROMLINT), ...custom];
  checkNames(settings, [...EXPORTER, ...custom]);
  const read = Array.from(families, withPointsInArray);
  const context = contextOf(read, exporterName);
  for (const family of read) {
    for (const rule of rules) yield* findingsOf(rule, family, context, settings);
    forgetLabelUses(family);
  }
}

function withPointsInArray(family: MetricFamily): LintFamily {
  // Families that were parsed have arrays already, which the type does not tell.
  return Array.isArray(family.points) ? (family as LintFamily) : { ...family, points: [...family.points] };
}

function contextOf(families: readonly LintFamily[], exporterName: string | undefined): LintContext {
  let constant: ReadonlyMap<string, string> | undefined;
  return {
    families,
    exporterName,
    /** Found when a rule first asks: it takes a look at every point. */
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

/** A rule that is switched off under a name that no rule has stays on: better say so. */
function checkNames(settings: { readonly [rule: string]: string }, rules: readonly Rule[]): void {
  const names = rules.map(({ name }) => name);
  const unknown = Object.keys(settings).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`There is no lint rule ${JSON.stringify(unknown)}: the rules are ${names.join(', ')}.`);
  }
}
