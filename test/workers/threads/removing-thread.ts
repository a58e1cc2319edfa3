/** A worker thread that counts, and removes series when it is asked to. */
import { parentPort } from 'node:worker_threads';
import { Counter } from '../../../src/index.ts';
import { joinWorkers } from '../../../src/workers/index.ts';

const counter = new Counter({ name: 'removable_total', help: 'Work.', labelNames: ['kind'] });
await joinWorkers();
for (let index = 0; index < 200; index++) counter.inc({ kind: `kind ${index}` }, 2);

// Removing most series of the table moves the others.
parentPort?.on('message', (count: number) => {
  for (let index = 0; index < count; index++) counter.remove({ kind: `kind ${index}` });
  parentPort?.postMessage('removed');
});
parentPort?.postMessage('ready');
