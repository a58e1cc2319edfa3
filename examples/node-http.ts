/** Serves metrics of a plain `node:http` server. */
import { createServer } from 'node:http';
import { Counter, metricsHandler } from 'zeroprom';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsHandler();

createServer((request, response) => {
  if (request.url?.split('?')[0] === '/metrics') return metrics(request, response);
  requests.inc();
  return response.end('hello');
}).listen(Number(process.env['PORT'] ?? 3000));
