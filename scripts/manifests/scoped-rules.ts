import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const RULES = 'deploy/prometheus/rules';
/** The name of a metric, with its matchers if it has any; not a function, a label of a clause or a keyword. */
const SELECTOR =
  /(?<![\w:$."{])((?:process|nodejs|http|scheduler_task|zeroprom|scrape)_\w+|up)\b(?!\s*\()(?:\{([^}]*)\})?/g;

interface RuleGroup {
  readonly name: string;
  readonly rules: readonly { readonly expr: string }[];
}

/** Returns the groups of all rules but those of the example, for the targets of one job, as a PrometheusRule needs them. */
export function scopedRules(job: string): string {
  const groups = readdirSync(RULES)
    .filter((name) => name !== 'example.yml')
    .sort()
    .flatMap((name) => {
      // promtool has checked the files.
      const { groups } = parse(readFileSync(join(RULES, name), 'utf8')) as { groups: readonly RuleGroup[] };
      return groups;
    });
  const scoped = groups.map(({ name, rules }) => ({
    name: `${job}-${name}`,
    rules: rules.map((rule) => ({ ...rule, expr: scopedExpression(rule.expr, job) })),
  }));
  return stringify({ groups: scoped }, { lineWidth: 0 });
}

/** The expression with a matcher for the job at each metric. */
export function scopedExpression(expression: string, job: string): string {
  return expression.replace(SELECTOR, (_, name: string, matchers: string | undefined) => {
    return `${name}{job="${job}"${matchers === undefined ? '' : `, ${matchers}`}}`;
  });
}
