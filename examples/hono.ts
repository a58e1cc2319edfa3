/** Serves metrics of a Hono application. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { Counter, metricsFetchHandler } from 'zeroprom';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsFetchHandler();
const app = new Hono();

app.get('/metrics', (context) => metrics(context.req.raw));
app.get('/', (context) => {
  requests.inc();
  return context.text('hello');
});
serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000) });
