/** Serves metrics of an h3 2 application (Nitro 3), and measures its requests. */
import { H3, serve } from 'h3';
import { Counter, metricsFetchHandler } from 'zeroprom';
import { h3Metrics } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsFetchHandler();
const app = new H3();

app.use(h3Metrics());
app.get('/metrics', (event) => metrics(event.req));
app.get('/hello/:name', (event) => {
  requests.inc();
  return `hello ${event.context.params?.['name']}`;
});
const server = serve(app, { port: Number(process.env['PORT'] ?? 3000), silent: true });
process.once('SIGTERM', () => void server.close());
