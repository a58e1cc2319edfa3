/** Writes the dashboards: `tsx scripts/dashboard.ts [FOLDER]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { grafanaDashboard } from './dashboards/dashboard.ts';
import { example } from './dashboards/example.ts';
import { exporter } from './dashboards/exporter.ts';
import { http } from './dashboards/http.ts';
import { myExporter } from './dashboards/my-exporter.ts';
import { nodeRuntime } from './dashboards/node-runtime.ts';

const [folder = 'deploy'] = process.argv.slice(2);

for (const dashboard of [example, exporter, http, nodeRuntime]) {
  write(`grafana/dashboards/${dashboard.name}.json`, grafanaDashboard(dashboard));
}
// The name of the exporter takes the place of my-exporter.
write('templates/exporter/grafana/my-exporter.json', { ...grafanaDashboard(myExporter), uid: 'my-exporter', tags: [] });

function write(path: string, content: object): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `${JSON.stringify(content, null, 2)}\n`);
}
