/** Evaluates the queries of dashboards in a real Prometheus. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { type Prometheus, until } from '../e2e/prometheus.ts';
import { metricNames } from './promql.ts';

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

/** The job that `Prometheus.start()` scrapes. */
const JOB = 'test';

/** Metrics that have no series on some machines, with the reason. All others must have some. */
const absentOnSomeMachines: readonly (readonly [metrics: RegExp, reason: string])[] = [
  [/^process_cgroup_/, 'the process is in no control group, or in one without a limit'],
  [/^process_pressure_/, 'the kernel has no pressure stall information'],
  [/^process_(network|io)_/, 'the kernel hides these files from the process'],
];

/** Asserts that the variables of a dashboard and all of its queries have data. */
export async function assertDashboard(t: TestContext, prometheus: Prometheus, file: string): Promise<void> {
  // A dashboard with another structure fails the tests below.
  const { panels, templating } = JSON.parse(readFileSync(file, 'utf8')) as Dashboard;
  const variables = templating.list.filter(({ definition }) => definition !== undefined);

  await t.test(`the variables of ${file} find the job and its instances`, async () => {
    for (const { name: label, definition } of variables) {
      const [, selector = ''] = /^label_values\((.+), \w+\)$/.exec(definition ?? '') ?? [];
      const query = `count by (${label}) (${chosen(selector)})`;
      assert.notDeepEqual(await labelSets(prometheus, query), [], query);
    }
  });

  for (const { title, targets } of panels) {
    await t.test(`${file}: ${title}`, async (t) => {
      for (const { expr } of targets) await assertData(t, prometheus, chosen(expr));
    });
  }
}

/** The query as Grafana sends it with everything chosen. */
function chosen(query: string): string {
  return query.replaceAll('$__rate_interval', '2s').replaceAll('$job', JOB).replaceAll('$instance', '.+');
}

/** Series may appear a few scrapes after the others: rates need two values. */
export async function assertData(t: TestContext, prometheus: Prometheus, query: string): Promise<void> {
  const reasons = absentOnSomeMachines.filter(([metrics]) => metricNames(query).some((name) => metrics.test(name)));
  const hasData = async () => (await labelSets(prometheus, query)).length > 0;
  if (reasons.length === 0) await until(`${query} has data`, hasData);
  else if (!(await hasData())) t.diagnostic(`${query} has no data: ${reasons.map(([, reason]) => reason).join()}.`);
}

export async function labelSets(prometheus: Prometheus, query: string): Promise<readonly object[]> {
  const { result } = await prometheus.api<{ result: readonly { metric: object }[] }>('query', { query });
  return result.map(({ metric }) => metric);
}
