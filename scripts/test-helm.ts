/**
 * Checks the chart with Helm and its objects with the models of `npm run test:manifests`: `npm run test:helm`, or `npm run
 * test:helm -- PATH_OF_HELM`. Without Helm in the PATH, it is built from the Go module proxy, which takes some minutes once.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { installModels, objectsOf, problemsOfObjects } from './manifests/models.ts';

const CHART = 'deploy/helm/exporter';
const HELM_VERSION = 'v3.22.0';
const BUILD = resolve('.compiled/helm');

/** Values, and the kinds of the objects that the chart makes with them. */
const cases: readonly (readonly [values: readonly string[], kinds: string])[] = [
  [[], 'Service,Service,Deployment,PrometheusRule,ServiceMonitor'],
  [['monitor.kind=PodMonitor', 'monitor.labels.release=stack'], 'Service,Service,Deployment,PodMonitor,PrometheusRule'],
  [['monitor.kind=none'], 'Service,Service,Deployment'],
  [['rules.enabled=false', 'lingerSeconds=0'], 'Service,Service,Deployment,ServiceMonitor'],
  [
    [
      'scheme=HTTPS',
      'nameOverride=other',
      'args={--log.level=debug,--web.health.no-auth}',
      'env[0].name=TOKEN,env[0].valueFrom.secretKeyRef.name=s,env[0].valueFrom.secretKeyRef.key=k',
      'volumes[0].name=web,volumes[0].secret.secretName=web',
      'volumeMounts[0].name=web,volumeMounts[0].mountPath=/etc/web',
      'monitor.endpoint.tlsConfig.insecureSkipVerify=true',
      'podAnnotations.a=b,nodeSelector.a=b,tolerations[0].operator=Exists,imagePullSecrets[0].name=p',
      'envFrom[0].secretRef.name=s',
    ],
    'Service,Service,Deployment,PrometheusRule,ServiceMonitor',
  ],
];

const helm = process.argv[2] ?? (isInPath() ? 'helm' : builtHelm());
installModels();
console.log(run(['lint', '--strict', CHART]));
for (const [values, kinds] of cases) check(values, kinds);
if (spawnSync(helm, template(['monitor.kind=other'])).status === 0) fail('monitor.kind=other', 'It was accepted.');

function check(values: readonly string[], kinds: string): void {
  const what = values.join(' ') || 'the default values';
  const objects = objectsOf(run(template(values)));
  const made = objects.map(({ kind }) => kind).join();
  const problems = made === kinds ? problemsOfObjects(objects) : `It must make ${kinds}, got ${made}.`;
  if (problems === '') console.log(`${what}: ${objects.length} valid objects`);
  else fail(what, problems);
}

function fail(what: string, problems: string): void {
  console.log(`${what}: invalid\n${problems}`);
  process.exitCode = 1;
}

function template(values: readonly string[]): string[] {
  return ['template', 'my-exporter', CHART, ...values.flatMap((value) => ['--set', value])];
}

function run(args: readonly string[]): string {
  return execFileSync(helm, args, { encoding: 'utf8' });
}

function isInPath(): boolean {
  return spawnSync('helm', ['version']).status === 0;
}

function builtHelm(): string {
  const binary = `${BUILD}/helm`;
  if (existsSync(binary)) return binary;
  mkdirSync(BUILD, { recursive: true });
  const go = (...args: string[]) =>
    execFileSync('go', args, { cwd: BUILD, stdio: 'inherit', env: { ...process.env, GOFLAGS: '-mod=mod' } });
  if (!existsSync(`${BUILD}/go.mod`)) go('mod', 'init', 'helm-for-tests');
  go('mod', 'edit', `-require=helm.sh/helm/v3@${HELM_VERSION}`);
  go('build', '-o', binary, 'helm.sh/helm/v3/cmd/helm');
  return binary;
}
