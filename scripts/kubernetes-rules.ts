/** Writes the alerts as a PrometheusRule and for the chart: `tsx scripts/kubernetes-rules.ts [FOLDER]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { scopedRules } from './manifests/scoped-rules.ts';

const [folder = 'deploy'] = process.argv.slice(2);
const JOB = 'my-exporter';
const rules = scopedRules(JOB);
const prometheusRule = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: JOB, labels: { 'app.kubernetes.io/name': JOB } },
  spec: rules,
};

write(
  'kubernetes/rules.yml',
  `# The alerts in ../prometheus/rules/ for the targets of one job, written by scripts/kubernetes-rules.ts.\n${yaml(prometheusRule)}`,
);
write('helm/exporter/files/rules.yml', yaml(rules));

function yaml(content: object): string {
  return stringify(content, { lineWidth: 0 });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
