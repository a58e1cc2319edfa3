/** A worker thread that counts and then ends in one of several ways. */
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { Counter, Gauge, Histogram, StateSet, Summary } from '../../../src/index.ts';
import { joinWorkers } from '../../../src/workers/index.ts';

const { increments, end } = workerData as { readonly increments: number; readonly end: string };

const counter = new Counter({ name: 'work_total', help: 'Work.', labelNames: ['kind'] });
const native = new Histogram({ name: 'native_seconds', help: 'Durations.', native: {} });
const seconds = new Histogram({ name: 'work_seconds', help: 'Durations.', buckets: [1, 2] });
const sizes = new Summary({ name: 'sizes', help: 'Sizes.' });
new Gauge({ name: 'thread', help: 'Thread.' }).set(threadId);
new Gauge({ name: 'busy', help: 'Threads.', acrossWorkers: 'sum' }).set(1);

new Gauge({ name: 'kept_sum', help: 'Kept.', acrossWorkers: 'keptSum' }).set(2);
new StateSet({ name: 'mode', help: 'Mode.', states: ['off', 'on'], acrossWorkers: 'mostRecent' }).switchTo('on');

const { worker, leave } = await joinWorkers();
parentPort?.postMessage({ worker });
if (end === 'late') counter.inc({ kind: 'first' });
for (let index = 0; index < increments; index++) counter.inc({ kind: index % 2 === 0 ? 'even' : 'odd' });
for (let index = 0; index < 100; index++) counter.inc({ kind: `late ${index}` });
seconds.observe(1.5);
native.observe(1.5);
sizes.observe(10);
switch (end) {
  case 'exit':
    process.exit(1);
    break;
  case 'throw':
    throw new Error('Uncaught, for a test.');
  case 'leave':
    await leave();
    break;
  case 'block':
    parentPort?.postMessage('blocked');
    for (const until = performance.now() + 20_000; performance.now() < until; ) counter.inc({ kind: 'block' });
    break;
  case 'stay':
    parentPort?.postMessage('counted');
    parentPort?.once('message', () => {});
}
