import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { type Child, start, startExample } from '../child.ts';
import { Prometheus, until } from '../e2e/prometheus.ts';
import { needs } from '../installed-programs.ts';
import { startReceiver } from '../push/receiver.ts';
import { metricNames } from './promql.ts';

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

const DASHBOARDS = 'deploy/grafana/dashboards';
const RULES = 'deploy/prometheus/rules';
const JOB = 'test';

/** Metrics that have no series on some machines, with the reason. All others must have some. */
const absentOnSomeMachines: readonly (readonly [metrics: RegExp, reason: string])[] = [
  [/^process_cgroup_/, 'the process is in no control group, or in one without a limit'],
  [/^process_pressure_/, 'the kernel has no pressure stall information'],
  [/^process_(network|io)_/, 'the kernel hides these files from the process'],
];

test(
  'Prometheus answers every query of the dashboards and alerts without an error, and with data',
  needs('prometheus'),
  async (t) => {
    const targets = await Promise.all([startBusyExporter(t), startExample(t)].map(hostOf));
    const prometheus = await Prometheus.start(t, { target: targets.join(), interval: '400ms' });
    await until('both targets were scraped ten times', async () => {
      return ((await prometheus.value('min(sum_over_time(up[5m]))')) ?? 0) >= 10;
    });

    for (const name of readdirSync(DASHBOARDS)) {
      // A dashboard with another structure fails the tests below.
      const { panels, templating } = JSON.parse(readFileSync(join(DASHBOARDS, name), 'utf8')) as Dashboard;

      await t.test(`the variables of ${name} find the job and its instances`, async () => {
        for (const { name: label, definition } of templating.list.filter(
          ({ definition }) => definition !== undefined,
        )) {
          const [, selector = ''] = /^label_values\((.+), \w+\)$/.exec(definition ?? '') ?? [];
          const query = `count by (${label}) (${chosen(selector)})`;
          assert.notDeepEqual(await labelSets(prometheus, query), [], query);
        }
      });

      for (const { title, targets } of panels) {
        await t.test(`${name}: ${title}`, async (t) => {
          for (const { expr } of targets) await assertData(t, prometheus, chosen(expr));
        });
      }
    }

    for (const name of readdirSync(RULES)) {
      const { groups } = parse(readFileSync(join(RULES, name), 'utf8')) as Rules;
      for (const { alert, expr } of groups.flatMap(({ rules }) => rules)) {
        await t.test(`the metrics of the alert ${alert} exist`, async (t) => {
          await labelSets(prometheus, expr);
          for (const metric of metricNames(expr)) await assertData(t, prometheus, metric);
        });
      }
    }
  },
);

function startBusyExporter(t: TestContext): Promise<Child> {
  return startReceiver(t).then(({ url }) =>
    start(t, process.execPath, [
      join(import.meta.dirname, 'programs/busy-exporter.js'),
      '--web.listen-address=127.0.0.1:0',
      ...['push', 'remote-write'].flatMap((name) => [`--${name}.url=${url}`, `--${name}.interval=300ms`]),
      `--otlp.endpoint=${url}`,
      '--otlp.interval=300ms',
    ]),
  );
}

async function hostOf(child: Child | Promise<Child>): Promise<string> {
  return new URL(await (await child).metricsUrl()).host;
}

/** The query as Grafana sends it with everything chosen. */
function chosen(query: string): string {
  return query.replaceAll('$__rate_interval', '2s').replaceAll('$job', JOB).replaceAll('$instance', '.+');
}

/** Series may appear a few scrapes after the others: rates need two values. */
async function assertData(t: TestContext, prometheus: Prometheus, query: string): Promise<void> {
  const reasons = absentOnSomeMachines.filter(([metrics]) => metricNames(query).some((name) => metrics.test(name)));
  const hasData = async () => (await labelSets(prometheus, query)).length > 0;
  if (reasons.length === 0) await until(`${query} has data`, hasData);
  else if (!(await hasData())) t.diagnostic(`${query} has no data: ${reasons.map(([, reason]) => reason).join()}.`);
}

async function labelSets(prometheus: Prometheus, query: string): Promise<readonly object[]> {
  const { result } = await prometheus.api<{ result: readonly { metric: object }[] }>('query', { query });
  return result.map(({ metric }) => metric);
}
