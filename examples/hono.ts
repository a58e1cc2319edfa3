/** Serves metrics of a Hono application, and measures its requests. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { Counter, metricsFetchHandler } from 'zeroprom';
import { honoMetrics } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsFetchHandler();
const app = new Hono();

app.use(honoMetrics());
app.get('/metrics', (context) => metrics(context.req.raw));
app.get('/hello/:name', (context) => {
  requests.inc();
  return context.text(`hello ${context.req.param('name')}`);
});
const server = serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000) });
process.once('SIGTERM', () => server.close());
