import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { needs, runInstalled } from '../installed-programs.ts';
import { knownMetrics, metricNames } from './promql.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

interface RuleTestFile {
  readonly rule_files: readonly string[];
  readonly tests: readonly { readonly alert_rule_test: readonly RuleTest[] }[];
}

interface RuleTest {
  readonly alertname: string;
  readonly exp_alerts?: readonly unknown[];
}

const ruleFiles = filesIn('deploy/prometheus/rules');
const ruleTestFiles = filesIn('deploy/prometheus/tests');
const rules = ruleFiles.flatMap((file) => read<RuleFile>(file).groups.flatMap((group) => group.rules));

test('promtool accepts the configuration of Prometheus and finds the rules it names', needs('promtool'), () => {
  runInstalled('promtool', ['check', 'config', '--lint=all', '--lint-fatal', 'deploy/prometheus/prometheus.yml']);
});

test('promtool accepts the rules', needs('promtool'), () => {
  runInstalled('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', ...ruleFiles]);
});

test('the rules fire when they should, and only then', needs('promtool'), () => {
  runInstalled('promtool', ['test', 'rules', ...ruleTestFiles]);
});

test('amtool accepts the configuration of Alertmanager', needs('amtool'), () => {
  runInstalled('amtool', ['check-config', 'deploy/alertmanager/alertmanager.yml']);
});

test('the exporter is scraped every 15 seconds', () => {
  const { global, scrape_configs } = read<{ global: Record<string, string>; scrape_configs: object[] }>(
    'deploy/prometheus/prometheus.yml',
  );
  assert.equal(global['scrape_interval'], '15s');
  assert.deepEqual(scrape_configs, [
    { job_name: 'example_exporter', static_configs: [{ targets: ['exporter:2112'] }] },
  ]);
});

test('every rules file has a tests file', () => {
  const tested = ruleTestFiles.flatMap((file) => read<RuleTestFile>(file).rule_files);
  assert.deepEqual(
    tested.map((path) => path.replace('../rules/', 'deploy/prometheus/rules/')),
    ruleFiles,
  );
});

for (const { alert, expr, labels, annotations } of rules) {
  test(`${alert} is tested firing and not firing`, () => {
    const tests = ruleTestFiles
      .flatMap((file) => read<RuleTestFile>(file).tests.flatMap((each) => each.alert_rule_test))
      .filter((each) => each.alertname === alert);
    assert.ok(tests.some(isFiring), `No test expects ${alert} to fire.`);
    assert.ok(!tests.every(isFiring), `No test expects ${alert} not to fire.`);
  });

  test(`${alert} carries a severity, a summary and a description`, () => {
    assert.ok(['critical', 'warning'].includes(labels?.['severity'] ?? ''));
    assert.deepEqual(Object.keys(annotations ?? {}), ['summary', 'description']);
  });

  test(`${alert} uses only metrics that exist`, () => {
    const names = metricNames(expr);
    assert.ok(names.length > 0);
    assert.deepEqual(
      names.filter((name) => !knownMetrics.has(name)),
      [],
    );
  });
}

function isFiring(ruleTest: RuleTest): boolean {
  return (ruleTest.exp_alerts ?? []).length > 0;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** The content of the file; a file with another structure fails the tests that use it. */
function read<T>(file: string): T {
  return parse(readFileSync(file, 'utf8')) as T;
}
