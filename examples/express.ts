/** Metrics of an application of Express. */
import express from 'express';
import { Counter, metricsHandler } from 'zeroprom';

const requests = new Counter({ name: 'hello_requests_total', help: 'Greetings.' });
const app = express();

app.use('/metrics', metricsHandler());
app.get('/', (_, response) => {
  requests.inc();
  response.send('hello');
});
app.listen(Number(process.env['PORT'] ?? 3000));
