import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { objectsOf } from '../../scripts/manifests/models.ts';
import { scopedExpression } from '../../scripts/manifests/scoped-rules.ts';
import { parseDuration } from '../../src/model/duration.ts';
import { needs, runInstalled } from '../installed-programs.ts';

const NAME = 'my-exporter';
const GENERATED = ['kubernetes/rules.yml', 'helm/exporter/files/rules.yml'];
const [deployment, service, scrapeService] = objects('my-exporter.yml');
const [monitor] = objects('monitor.yml');
const [rules] = objects('rules.yml');
const pod = deployment.spec.template;
const [container] = pod.spec.containers;
const flags = new Map<string, string>(container.args.map((arg: string) => arg.replace(/^--/, '').split('=')));

/** Objects without their types: `npm run test:manifests` checks these. */
// biome-ignore lint/suspicious/noExplicitAny: an object with another structure fails the tests below.
function objects(name: string): any[] {
  return objectsOf(readFileSync(join('deploy/kubernetes', name), 'utf8'));
}

test('the alerts of the manifests are those of Prometheus, for one job', (t) => {
  const written = mkdtempSync(join(tmpdir(), 'zeroprom-rules-'));
  t.after(() => rmSync(written, { recursive: true, force: true }));
  execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/kubernetes-rules.js'), written]);
  for (const file of GENERATED) {
    assert.equal(readFileSync(join(written, file), 'utf8'), readFileSync(join('deploy', file), 'utf8'), file);
  }
});

test('promtool accepts the alerts of the chart', needs('promtool'), () => {
  runInstalled('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', 'deploy/helm/exporter/files/rules.yml']);
  assert.deepEqual(rules.spec, parse(readFileSync('deploy/helm/exporter/files/rules.yml', 'utf8')));
});

for (const [expression, scoped] of [
  ['up == 0', 'up{job="j"} == 0'],
  ['zeroprom_a > 0 unless http_b{x="up"} == 1', 'zeroprom_a{job="j"} > 0 unless http_b{job="j", x="up"} == 1'],
  [
    'histogram_quantile(0.9, sum by (job, le) (rate(http_x_bucket[5m])))',
    'histogram_quantile(0.9, sum by (job, le) (rate(http_x_bucket{job="j"}[5m])))',
  ],
  ['time() - (scheduler_task_t > 0)', 'time() - (scheduler_task_t{job="j"} > 0)'],
] as const) {
  test(`${expression} is limited to one job`, () => assert.equal(scopedExpression(expression, 'j'), scoped));
}

test('the pod ends after the linger time and the shutdown', () => {
  const linger = parseDuration(flags.get('web.linger') ?? '');
  const shutdown = parseDuration(flags.get('web.shutdown-timeout') ?? '');
  assert.ok(linger > 0);
  assert.ok(pod.spec.terminationGracePeriodSeconds * 1000 > linger + 2 * shutdown);
});

test('Prometheus scrapes during the linger time, and finds pods that are not ready', () => {
  const [endpoint] = monitor.spec.endpoints;
  assert.ok(2 * parseDuration(endpoint.interval) < parseDuration(flags.get('web.linger') ?? ''));
  assert.ok(parseDuration(endpoint.scrapeTimeout) <= parseDuration(endpoint.interval));
  assert.equal(scrapeService.spec.clusterIP, 'None');
  assert.equal(scrapeService.spec.publishNotReadyAddresses, true);
  assert.equal(service.spec.publishNotReadyAddresses, undefined);
});

test('the monitor selects only the Service for scrapes, and names the job after the exporter', () => {
  const { matchLabels } = monitor.spec.selector;
  const selects = ({ metadata }: { metadata: { labels: Record<string, string> } }) =>
    Object.entries(matchLabels).every(([name, value]) => metadata.labels[name] === value);
  assert.equal(selects(scrapeService), true);
  assert.equal(selects(service), false);
  assert.equal(scrapeService.metadata.labels[monitor.spec.jobLabel], NAME);
});

test('the Services and the Deployment select the pods, and use the port by its name', () => {
  for (const selector of [service.spec.selector, scrapeService.spec.selector, deployment.spec.selector.matchLabels]) {
    assert.deepEqual(selector, pod.metadata.labels);
  }
  const [port] = container.ports;
  assert.equal(`:${port.containerPort}`, flags.get('web.listen-address'));
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
    assert.equal(container[probe].httpGet.port, port.name);
  }
  assert.equal(monitor.spec.endpoints[0].port, port.name);
});

test('the probes are the health and the readiness of the exporter', () => {
  assert.equal(container.livenessProbe.httpGet.path, '/-/healthy');
  assert.equal(container.readinessProbe.httpGet.path, '/-/ready');
});

test('the pod runs without root, capabilities, a writable file system and a token', () => {
  assert.equal(pod.spec.automountServiceAccountToken, false);
  assert.equal(pod.spec.securityContext.runAsNonRoot, true);
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});
