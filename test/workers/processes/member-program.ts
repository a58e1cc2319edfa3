/** A process that joins a group and executes the orders of its parent. */
import { Counter, Gauge, Histogram, Registry, Summary } from '../../../src/index.ts';
import { collectWorkers, joinWorkers } from '../../../src/workers/index.ts';
import type { Order } from './member-process.ts';

const { DIRECTORY: directory, GROUP: group, SAVE_INTERVAL: saveInterval = '1h' } = process.env;
const registry = new Registry();
const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['queue'], registry });
const sizes = new Histogram({ name: 'size', help: 'Size.', buckets: [1, 10], registry });
const length = new Gauge({ name: 'queue_length', help: 'Length.', registry });
const deepest = new Gauge({ name: 'deepest', help: 'Deepest.', acrossWorkers: 'keptMax', registry });
const latest = new Gauge({ name: 'latest', help: 'Latest.', acrossWorkers: 'keptMostRecent', registry });
new Summary({ name: 'size_summary', help: 'Size.', quantiles: [0.5], registry }).observe(1);
const membership = await joinWorkers({ directory, group, registry, saveInterval });
const workers = collectWorkers();

process.on('message', async (order: Order) => {
  if (order.inc !== undefined) jobs.inc({ queue: order.queue ?? 'mail' }, order.inc);
  if (order.observe !== undefined) sizes.observe(order.observe);
  if (order.set !== undefined) {
    length.set(order.set);
    deepest.set(order.set);
    latest.set(order.set);
  }
  for (let id = 0; id < (order.series ?? 0); id++) jobs.inc({ queue: `${process.pid} ${id}` });
  if (order.remove !== undefined) jobs.remove({ queue: order.remove });
  if (order.register !== undefined) new Counter({ name: order.register, help: 'Late.', registry }).inc();
  if (order.leave) await membership.leave();
  if (order.block !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, order.block);
  const { expose: timeoutMs } = order;
  const gatherer = { gather: () => workers.gather({ timeoutMs }) };
  const text = timeoutMs === undefined ? '' : await Registry.merge(gatherer).expose();
  process.send?.({ text });
  if (order.fail) throw new Error('as told');
  if (order.exit) process.exit(0);
  if (order.disconnect) process.disconnect();
});
process.send?.({ worker: membership.worker });
