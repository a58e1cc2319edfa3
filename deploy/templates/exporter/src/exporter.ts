/** The program: its flags and collectors. `npm start -- --help` shows all flags. */
import { readFileSync } from 'node:fs';
import { runExporter } from 'zeroprom';
import { fileSystems } from './file-systems.ts';

const { version, description } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

await runExporter({
  name: 'my_exporter',
  description,
  version,
  defaultPort: 2112,
  flags: {
    path: { help: 'Path on a file system to monitor.', placeholder: 'PATH', default: '/', isRepeatable: true },
  },
  collectors: {
    file_systems: { help: 'Collect the space of file systems.', create: ({ path }) => fileSystems(path) },
  },
});
