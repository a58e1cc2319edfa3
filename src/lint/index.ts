export { type Finding, type LintOptions, lint } from './lint.ts';
export { toSnakeCase } from './name-rules.ts';
export type { LintContext, LintFamily, Problem, Rule, Severity } from './rule.ts';
