/** Serves metrics of an h3 1 application, and measures its requests. */
import { createServer } from 'node:http';
import { createApp, createRouter, eventHandler, fromWebHandler, getRouterParam, toNodeListener } from 'h3';
import { Counter, metricsFetchHandler } from 'zeroprom';
import { h3Metrics } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const app = createApp();
const router = createRouter();

app.use(h3Metrics());
app.use(router);
router.get('/metrics', fromWebHandler(metricsFetchHandler()));
router.get(
  '/hello/:name',
  eventHandler((event) => {
    requests.inc();
    return `hello ${getRouterParam(event, 'name')}`;
  }),
);
const server = createServer(toNodeListener(app)).listen(Number(process.env['PORT'] ?? 3000));
process.once('SIGTERM', () => server.close());
