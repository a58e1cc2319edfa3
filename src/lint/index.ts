export { type Finding, type LintOptions, lint } from './lint.ts';
export type { LintContext, LintFamily, Problem, Rule, Severity } from './rule.ts';
export { toSnakeCase } from './snake-case.ts';
