/** Serves the metrics of worker threads, which count what they do. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Counter, metricsHandler } from 'zeroprom';
import { collectWorkers, joinWorkers } from 'zeroprom/workers';

if (isMainThread) {
  const metrics = metricsHandler({ registry: collectWorkers() });
  const worker = new Worker(new URL(import.meta.url));
  await once(worker, 'message');

  createServer(async (request, response) => {
    if (request.url?.split('?')[0] === '/metrics') return metrics(request, response);
    worker.postMessage('greet');
    const [greeting] = await once(worker, 'message');
    return response.end(greeting);
  }).listen(Number(process.env['PORT'] ?? 3000));
} else {
  const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
  await joinWorkers();
  parentPort?.on('message', () => {
    requests.inc();
    parentPort?.postMessage('hello');
  });
  parentPort?.postMessage('ready');
}
