/** A process that joins with its main thread and two worker threads, and prints the workers and their gauges. */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Gauge } from '../../../src/index.ts';
import { Registry } from '../../../src/registry/registry.ts';
import { collectWorkers, joinWorkers } from '../../../src/workers/index.ts';

const registry = new Registry({ selfMetrics: false });
new Gauge({ name: 'threads', help: 'Threads.', registry }).set(isMainThread ? 0 : 1);
if (isMainThread) {
  const workers = collectWorkers();
  const threads = [0, 1].map(() => new Worker(new URL(import.meta.url)));
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  if (process.argv[2] === 'scraped first') await workers.gather();
  await joinWorkers({ registry });
  process.stdout.write(await Registry.merge(workers).expose());
  process.exit();
}
await joinWorkers({ registry });
parentPort?.postMessage('joined');
setInterval(() => {}, 1000);
