import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const RULES = 'deploy/prometheus/rules';
/** The name of a metric, with its matchers if it has any; not a function, a label of a clause or a keyword. */
const SELECTOR =
  /(?<![\w:$."{])((?:process|nodejs|http|scheduler_task|zeroprom|scrape)_\w+|up)\b(?!\s*\()(?:\{([^}]*)\})?/g;

interface RuleGroups {
  readonly groups: readonly { readonly name: string; readonly rules: readonly { readonly expr: string }[] }[];
}

/** Returns the groups of all rules but those of the example, for the targets of one job, as a PrometheusRule needs them. */
export function scopedRules(job: string): RuleGroups {
  const names = readdirSync(RULES).filter((name) => name !== 'example.yml');
  // promtool has checked the files.
  const files = names.sort().map((name) => parse(readFileSync(join(RULES, name), 'utf8')) as RuleGroups);
  const groups = files.flatMap(({ groups }) => groups);
  return {
    groups: groups.map(({ name, rules }) => ({
      name: `${job}-${name}`,
      rules: rules.map((rule) => ({ ...rule, expr: scopedExpression(rule.expr, job) })),
    })),
  };
}

/** The expression with a matcher for the job at each metric. */
export function scopedExpression(expression: string, job: string): string {
  return expression.replace(SELECTOR, (_, name: string, matchers: string | undefined) => {
    return `${name}{job="${job}"${matchers === undefined ? '' : `, ${matchers}`}}`;
  });
}
