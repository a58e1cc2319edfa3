/**
 * Checks the dashboards with the types of the Grafana Foundation SDK, and the manifests with models of Kubernetes and of the
 * Prometheus Operator: `npm run test:manifests`. The packages have a lock file of their own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installModels, objectsOf, problemsOfDashboard, problemsOfObjects } from './manifests/models.ts';

const DASHBOARDS = 'deploy/grafana/dashboards';
const TEMPLATE = 'deploy/templates/exporter/grafana/my-exporter.json';
const KUBERNETES = 'deploy/kubernetes';

const dashboards = readdirSync(DASHBOARDS).map((name) => join(DASHBOARDS, name));

installModels();
for (const name of [...dashboards, TEMPLATE]) {
  const text = readFileSync(name, 'utf8');
  report(name, problemsOfDashboard(text));
  expectProblem(`${name} with an unknown property`, problemsOfDashboard(text.replace('"expr"', '"expression"')));
  expectProblem(
    `${name} with a wrong type`,
    problemsOfDashboard(text.replace('"schemaVersion": 39', '"schemaVersion": "39"')),
  );
}

for (const name of readdirSync(KUBERNETES)) {
  for (const object of objectsOf(readFileSync(join(KUBERNETES, name), 'utf8'))) {
    report(`${name}: ${object.kind} ${object.metadata.name}`, problemsOfObjects([object]));
  }
}

const serviceWith = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'exporter' }, spec });
report('a Service', problemsOfObjects([serviceWith({ ports: [{ port: 80 }] })]));
expectProblem('a Service with an unknown property', problemsOfObjects([serviceWith({ prts: [] })]));
expectProblem('a Service with a wrong type', problemsOfObjects([serviceWith({ ports: 80 })]));

function report(what: string, problems: string): void {
  console.log(`${what}: ${problems === '' ? 'valid' : `invalid\n${problems}`}`);
  if (problems !== '') process.exitCode = 1;
}

/** Proves that the check finds mistakes. */
function expectProblem(what: string, problems: string): void {
  if (problems === '') report(what, 'It was accepted.');
}
