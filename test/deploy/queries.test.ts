import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { type Child, start, startExample } from '../child.ts';
import { Prometheus, until } from '../e2e/prometheus.ts';
import { needs } from '../installed-programs.ts';
import { startReceiver } from '../push/receiver.ts';
import { assertDashboard, assertData, labelSets } from './dashboard-queries.ts';
import { metricNames } from './promql.ts';

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

const DASHBOARDS = 'deploy/grafana/dashboards';
const RULES = 'deploy/prometheus/rules';

test(
  'Prometheus answers every query of the dashboards and alerts without an error, and with data',
  needs('prometheus'),
  async (t) => {
    const exporters = [await startBusyExporter(t), startExample(t)];
    const targets = await Promise.all(exporters.map(async (child) => new URL(await child.metricsUrl()).host));
    const prometheus = await Prometheus.start(t, { target: targets.join(), interval: '400ms' });
    await until('both targets were scraped ten times', async () => {
      return ((await prometheus.value('min(sum_over_time(up[5m]))')) ?? 0) >= 10;
    });

    for (const name of readdirSync(DASHBOARDS)) await assertDashboard(t, prometheus, join(DASHBOARDS, name));
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

async function startBusyExporter(t: TestContext): Promise<Child> {
  const { url } = await startReceiver(t);
  return start(t, process.execPath, [
    join(import.meta.dirname, 'programs/busy-exporter.js'),
    '--web.listen-address=127.0.0.1:0',
    ...['push', 'remote-write'].flatMap((name) => [`--${name}.url=${url}`, `--${name}.interval=300ms`]),
    `--otlp.endpoint=${url}`,
    '--otlp.interval=300ms',
  ]);
}
