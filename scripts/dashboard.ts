/** Writes the dashboards: `tsx scripts/dashboard.ts [FOLDER]`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grafanaDashboard } from './dashboards/dashboard.ts';
import { example } from './dashboards/example.ts';
import { exporter } from './dashboards/exporter.ts';
import { http } from './dashboards/http.ts';
import { nodeRuntime } from './dashboards/node-runtime.ts';

const [folder = 'deploy/grafana/dashboards'] = process.argv.slice(2);

for (const dashboard of [example, exporter, http, nodeRuntime]) {
  writeFileSync(join(folder, `${dashboard.name}.json`), `${JSON.stringify(grafanaDashboard(dashboard), null, 2)}\n`);
}
