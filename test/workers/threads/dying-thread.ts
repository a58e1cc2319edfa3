/** A worker thread that counts and then dies in one of several ways. */
import { workerData } from 'node:worker_threads';
import { Counter } from '../../../src/index.ts';
import { joinWorkers } from '../../../src/workers/index.ts';

// The test passes these.
const { increments, death } = workerData as { readonly increments: number; readonly death: string };

const work = new Counter({ name: 'thread_work_total', help: 'Work.' });
await joinWorkers();
for (let index = 0; index < increments; index++) work.inc();
if (death === 'exit') process.exit(1);
if (death === 'throw') throw new Error('Uncaught, for a test.');
if (death === 'reject') void Promise.reject(new Error('Uncaught, for a test.'));
