/**
 * An exporter of two workers, which are processes of a cluster or threads, as WORKERS says. Each has a counter whose rate in
 * the worker number N is 100 (N + 1).
 */
import cluster from 'node:cluster';
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Counter, defaultRegistry, Gauge, Histogram, runExporter } from '../../../src/index.ts';
import { collectWorkers, joinWorkers } from '../../../src/workers/index.ts';

if (cluster.isWorker || !isMainThread) await work();
else await serve();

async function work(): Promise<void> {
  let rate = 0;
  defaultRegistry.register({
    name: 'ticks',
    collect: () => [
      { name: 'ticks_total', help: 'Ticks.', type: 'counter', points: [{ value: (performance.now() / 1000) * rate }] },
    ],
  });
  new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['worker'] }).inc({ worker: 'w' }, 3);
  new Histogram({ name: 'wait_seconds', help: 'Waits.', buckets: [1] }).observe(0.5);
  const speed = new Gauge({ name: 'speed', help: 'Rate of the ticks.' });
  const { worker } = await joinWorkers();
  rate = 100 * (worker + 1);
  speed.set(rate);
  setInterval(() => {}, 60_000); // A thread ends when it has nothing to do.
  process.send?.('joined');
  parentPort?.postMessage('joined');
}

async function serve(): Promise<void> {
  cluster.setupPrimary({ silent: true }); // Otherwise the workers, which may end later, hold its output open.
  const registry = collectWorkers();
  for (let count = 0; count < 2; count++) {
    const worker = process.env['WORKERS'] === 'cluster' ? cluster.fork() : new Worker(new URL(import.meta.url));
    await once(worker, 'message');
  }
  await runExporter({ name: 'workers_exporter', defaultPort: 0, registry });
}
