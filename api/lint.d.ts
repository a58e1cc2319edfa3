export {
  Finding,
  LintContext,
  LintFamily,
  LintOptions,
  Problem,
  Rule,
  Severity,
  lint,
  toSnakeCase,
} from "./chunks/types.js";
