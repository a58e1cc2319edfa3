/** Serves the metrics of all workers of a cluster, whichever of them is scraped. */
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { Counter, metricsHandler } from 'zeroprom';
import { collectWorkers, joinWorkers } from 'zeroprom/workers';

if (cluster.isPrimary) {
  for (let count = 0; count < 3; count++) cluster.fork();
  cluster.on('exit', () => cluster.fork());
} else {
  const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
  const metrics = metricsHandler({ registry: collectWorkers() });
  await joinWorkers();

  createServer((request, response) => {
    if (request.url?.split('?')[0] === '/metrics') return metrics(request, response);
    requests.inc();
    return response.end('hello');
  }).listen(Number(process.env['PORT'] ?? 3000));
}
