/**
 * An exporter that exposes every metric of the dashboards: it serves and sends requests, some of which fail, and has tasks,
 * collectors and metrics at their limits.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refreshed } from '../../../src/collectors/index.ts';
import { Counter, runExporter, Scheduler } from '../../../src/index.ts';
import { instrumentHttpClient, instrumentListener } from '../../../src/instrument/index.ts';

const limited = new Counter({ name: 'limited_total', help: 'Updates.', labelNames: ['id'], maxSeries: 2 });
const expiring = new Counter({ name: 'expiring_total', help: 'Updates.', labelNames: ['id'], ttlMs: 1000 });
let updates = 0;

const server = createServer(
  instrumentListener((request, response) => {
    if (request.url === '/aborted') return response.destroy();
    response.statusCode = request.url === '/broken' ? 500 : 200;
    return response.end('hello');
  }),
);
instrumentHttpClient();

const scheduler = new Scheduler();
scheduler.every('100ms', update, { name: 'update', immediate: true });
scheduler.every('500ms', fail, { name: 'fail', immediate: true, readyAfterFirstSuccess: false });

await runExporter({
  name: 'busy_exporter',
  defaultPort: 0,
  scheduler,
  setup: () => void server.listen(0, '127.0.0.1'),
  collectors: {
    disk: { help: 'Collects nothing.', create: () => ({ collect: () => [] }) },
    broken: { help: 'Fails.', create: () => ({ collect: fail }) },
    slow: {
      help: 'Is refreshed in the background.',
      create: () => refreshed({ name: 'slow', collect: () => [] }, { scheduler, every: '1s' }),
    },
  },
  shutdown: () => void server.close(),
});

async function update(): Promise<void> {
  const id = String(updates++);
  limited.inc({ id });
  expiring.inc({ id });
  const { port } = server.address() as AddressInfo; // It listens on a port.
  for (const path of ['ok', 'broken', 'aborted']) await fetch(`http://127.0.0.1:${port}/${path}`).catch(() => {});
}

function fail(): never {
  throw new Error('It fails in this program.');
}
