/** An exporter with a route for probes, and a connection that it closes at the end. */

import { probeHandler } from '../../../src/http.ts';
import { runExporter } from '../../../src/index.ts';

const modules = { self: { probe: ({ target }: { readonly target: string }) => target === 'good' } };

await runExporter({
  name: 'x_exporter',
  defaultPort: 0,
  routes: { '/probe': probeHandler({ modules, defaultModule: 'self' }) },
  shutdown: async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.stderr.write('closed\n');
    if (process.env['FAILS']) throw new Error('It cannot be closed.');
  },
});
