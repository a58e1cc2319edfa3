/** Serves metrics of an Express application, and measures its requests. */
import express from 'express';
import { Counter, metricsHandler } from 'zeroprom';
import { expressMetrics } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const app = express();

app.use(expressMetrics());
app.get('/metrics', metricsHandler());
app.get('/hello/:name', (request, response) => {
  requests.inc();
  response.send(`hello ${request.params.name}`);
});
const server = app.listen(Number(process.env['PORT'] ?? 3000));
process.once('SIGTERM', () => server.close());
