/** Serves metrics of an Elysia application, and measures its requests. On Bun, `app.listen()` serves it. */
import { serve } from '@hono/node-server';
import { Elysia } from 'elysia';
import { Counter, metricsFetchHandler } from 'zeroprom';
import { elysiaMetrics } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsFetchHandler();
const port = Number(process.env['PORT'] ?? 3000);

const app = new Elysia()
  .use(elysiaMetrics())
  .get('/metrics', ({ request }) => metrics(request))
  .get('/hello/:name', ({ params }) => {
    requests.inc();
    return `hello ${params.name}`;
  });

if ('Bun' in globalThis) {
  app.listen(port);
  process.once('SIGTERM', () => void app.stop());
} else {
  const server = serve({ fetch: app.fetch, port });
  process.once('SIGTERM', () => server.close());
}
