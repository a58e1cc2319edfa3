/** A worker thread that counts. It shuts down when it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { zeroprom } from './libraries.ts';

const registry = new zeroprom.WorkerRegistry();
new zeroprom.Counter({ name: 'c_total', help: 'H' }).inc(workerData);
parentPort?.on('message', async (message) => {
  if (message !== 'shutdown') return;
  await registry.shutdown();
  parentPort?.close();
});
parentPort?.postMessage('ready');
