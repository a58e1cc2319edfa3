/** Serves metrics of an Express application. */
import express from 'express';
import { Counter, metricsHandler } from 'zeroprom';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const app = express();

app.use('/metrics', metricsHandler());
app.get('/', (_, response) => {
  requests.inc();
  response.send('hello');
});
app.listen(Number(process.env['PORT'] ?? 3000));
