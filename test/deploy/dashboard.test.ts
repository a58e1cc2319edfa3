import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { knownMetrics, metricNames } from './promql.ts';

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: unknown;
  readonly datasource?: { readonly uid: string };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: { readonly uid: string };
  readonly targets: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

interface Provisioning {
  readonly datasources: readonly { readonly uid: string; readonly url: string; readonly isDefault: boolean }[];
}

const folder = 'deploy/grafana/dashboards';
const DATASOURCE = `\${datasource}`;
const dashboards = readdirSync(folder).map(
  // A dashboard with another structure fails the tests below.
  (name) => [name, JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Dashboard] as const,
);
const provisioned = parse(
  readFileSync('deploy/grafana/provisioning/datasources/prometheus.yml', 'utf8'),
) as Provisioning;

test('the provisioned data source is the Prometheus server of the stack, with a fixed uid', () => {
  assert.equal(provisioned.datasources.length, 1);
  assert.equal(provisioned.datasources[0]?.uid, 'prometheus');
  assert.equal(provisioned.datasources[0]?.url, 'http://prometheus:9090');
});

test('Grafana reads dashboards from where the stack mounts them', () => {
  const { providers } = parse(readFileSync('deploy/grafana/provisioning/dashboards/dashboards.yml', 'utf8')) as {
    providers: { options: { path: string } }[];
  };
  const compose = readFileSync('deploy/docker-compose.yml', 'utf8');
  for (const { options } of providers) assert.ok(compose.includes(`./grafana/dashboards:${options.path}:ro`));
});

test('the dashboards have different uids', () => {
  assert.equal(new Set(dashboards.map(([, { uid }]) => uid)).size, dashboards.length);
});

for (const [name, { uid: dashboardUid, title, panels, templating }] of dashboards) {
  test(`${name} has a title, a uid and panels with unique ids`, () => {
    assert.notEqual(title, '');
    assert.match(dashboardUid, /^[\w-]{1,40}$/);
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  });

  test(`${name} has no overlapping panels, and none beyond the edge`, () => {
    const taken = new Set<string>();
    for (const { title: panelTitle, gridPos } of panels) {
      assert.ok(gridPos.x + gridPos.w <= 24, panelTitle);
      for (const cell of cells(gridPos)) {
        assert.ok(!taken.has(cell), `${panelTitle} covers ${cell}.`);
        taken.add(cell);
      }
    }
  });

  test(`${name} can be imported: everything queries the chosen Prometheus, jobs and instances`, () => {
    assert.deepEqual(
      templating.list.map((variable) => [variable.name, variable.type, variable.datasource?.uid]),
      [
        ['datasource', 'datasource', undefined],
        ['job', 'query', DATASOURCE],
        ['instance', 'query', DATASOURCE],
      ],
    );
    assert.equal(templating.list[0]?.query, 'prometheus');
    for (const { datasource, targets } of panels) {
      assert.equal(datasource.uid, DATASOURCE);
      for (const target of targets) {
        assert.equal(target.datasource.uid, DATASOURCE);
        const selectors = target.expr.match(/\{[^}]*\}/g) ?? [];
        assert.equal(selectors.length, metricNames(target.expr).length, `A metric without matchers in ${target.expr}`);
        for (const selector of selectors) assert.match(selector, /^\{job=~"\$job", instance=~"\$instance"/);
      }
    }
  });

  test(`${name} refers to nothing of a certain Grafana`, () => {
    const text = readFileSync(join(folder, name), 'utf8');
    assert.doesNotMatch(text, /__inputs|DS_PROMETHEUS|"id": null|"uid": "(?!zeroprom-|\$\{datasource\})/);
  });

  test(`${name} shows only metrics that exist`, () => {
    const names = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricNames(expr)));
    assert.deepEqual(
      names.filter((each) => !knownMetrics.has(each)),
      [],
    );
  });
}

test('the example’s dashboard shows whether it is up, its counter, the counter’s rate and its number', () => {
  const panels = dashboards.find(([name]) => name === 'example.json')?.[1].panels ?? [];
  const shown = panels.map(({ type, targets }) => `${type}: ${targets.map(({ expr }) => expr).join()}`);
  assert.deepEqual(shown.slice(0, 4), [
    'stat: up{job=~"$job", instance=~"$instance"}',
    'timeseries: example_total{job=~"$job", instance=~"$instance"}',
    'timeseries: 60 * rate(example_total{job=~"$job", instance=~"$instance"}[$__rate_interval])',
    'timeseries: example_number{job=~"$job", instance=~"$instance"}',
  ]);
});

test('the dashboards are the output of their script', (t) => {
  const written = mkdtempSync(join(tmpdir(), 'zeroprom-dashboard-'));
  t.after(() => rmSync(written, { recursive: true, force: true }));
  execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/dashboard.js'), written]);
  const names = readdirSync(written, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  assert.equal(names.length, dashboards.length + 1);
  for (const name of names) {
    assert.equal(readFileSync(join(written, name), 'utf8'), readFileSync(join('deploy', name), 'utf8'));
  }
});

function cells({ x, y, w, h }: Panel['gridPos']): string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
}
