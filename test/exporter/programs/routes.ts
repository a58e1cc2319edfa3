/** An exporter with a route for probes, and a connection that it closes at the end. */

import type { Worker } from 'node:worker_threads';
import { probeHandler } from '../../../src/http.ts';
import { runExporter } from '../../../src/index.ts';

let thread: Worker | undefined;
process.on('worker', (worker) => {
  thread = worker;
});

const modules = { self: { probe: ({ target }: { readonly target: string }) => target === 'good' } };

await runExporter({
  name: 'x_exporter',
  defaultPort: 0,
  routes: {
    '/probe': probeHandler({ modules, defaultModule: 'self' }),
    '/fails': () => {
      throw new Error('It fails.');
    },
    '/echo': ({ url, headers, socket }, response) => {
      response.writeHead(207, { 'Set-Cookie': ['a=1', 'b=2'] });
      const { host, cookie, 'x-several': several } = headers;
      response.end(JSON.stringify({ url, host, several, cookie, remoteAddress: socket.remoteAddress }));
    },
    '/large': (_, response) => void response.end(Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251)),
    '/endless': (_, response) => {
      response.write('x');
      response.on('close', () => process.stderr.write('disconnected\n'));
    },
    '/drops': ({ socket }) => void socket.destroy(),
    '/breaks': ({ socket }, response) => void response.write('x', () => setTimeout(() => socket.destroy(), 100)),
    '/blocks': (_, response) => {
      const end = performance.now() + 4000;
      while (performance.now() < end) {
        // Blocked.
      }
      response.end();
    },
    '/ends-thread': () => void thread?.terminate(),
    '/slow': (_, response) => void setTimeout(() => response.end(), 2000),
  },
  shutdown: async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.stderr.write('closed\n');
    if (process.env['FAILS']) throw new Error('It cannot be closed.');
  },
});
