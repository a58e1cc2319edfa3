import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from '../../program.ts';

const SAMPLES = `const samples = (text) => text.split('\\n').filter((line) => /^\\w/.test(line)).join(' ');`;

test('a cluster shows its primary and its workers, and keeps the counts of ended ones', async (t) => {
  const shown = await runProgram(
    t,
    `import cluster from 'node:cluster';
import { once } from 'node:events';
import { join } from 'node:path';
import { zeroprom } from './test/compat/prometheus-io-client/libraries.js';
${SAMPLES}
const registry = new zeroprom.ClusterRegistry();
new zeroprom.Counter({ name: 'c_total', help: 'H' }).inc(1000);
cluster.setupPrimary({ exec: join(process.cwd(), 'test/compat/prometheus-io-client/cluster-worker.js'), execArgv: [] });
const show = async () => console.log(samples(await registry.clusterMetrics()));
await show();
const workers = ['10', '1'].map((AMOUNT) => cluster.fork({ AMOUNT }));
const ready = (worker) => new Promise((resolve) => worker.on('message', (message) => { if (message === 'ready') resolve(); }));
await Promise.all(workers.map(ready));
await show();
workers[0].send('shutdown');
await once(workers[0], 'exit');
await show();
workers[1].process.kill('SIGKILL');
await once(workers[1], 'exit');
await show();
await registry.shutdown();`,
  );
  assert.deepEqual(shown.split('\n'), ['c_total 1000', 'c_total 1011 g 10', 'c_total 1011 g 1', 'c_total 1011']);
});

test('workers are asked before the metrics of the primary are awaited, and may end meanwhile', async (t) => {
  const shown = await runProgram(
    t,
    `import cluster from 'node:cluster';
import { once } from 'node:events';
import { join } from 'node:path';
import { zeroprom } from './test/compat/prometheus-io-client/libraries.js';
${SAMPLES}
const registry = new zeroprom.ClusterRegistry();
const show = async () => console.log(samples(await registry.clusterMetrics()));
cluster.setupPrimary({ exec: join(process.cwd(), 'test/compat/prometheus-io-client/cluster-worker.js'), execArgv: [] });
const workers = ['10', '1'].map((AMOUNT) => cluster.fork({ AMOUNT }));
const ready = (worker) => new Promise((resolve) => worker.on('message', (message) => { if (message === 'ready') resolve(); }));
await Promise.all(workers.map(ready));
await show();
const ending = new zeroprom.Gauge({
  name: 'ending',
  help: 'H',
  async collect() {
    workers[0].process.kill('SIGKILL');
    await once(workers[0], 'exit');
    this.set(1);
  },
});
await show();
zeroprom.register.removeSingleMetric('ending');
await show();
workers[1].process.kill('SIGKILL');
await once(workers[1], 'exit');`,
  );
  assert.deepEqual(shown.split('\n'), ['c_total 11 g 10', 'ending 1 c_total 11 g 1', 'c_total 11 g 1']);
});

test('malformed and late responses are ignored', async (t) => {
  const shown = await runProgram(
    t,
    `import cluster from 'node:cluster';
import { zeroprom } from './test/compat/prometheus-io-client/libraries.js';
import client from './src/compat/prom-client/index.js';
new zeroprom.ClusterRegistry();
new client.AggregatorRegistry();
for (const type of ['@prometheus-io/client:getMetricsRes', 'prom-client:getMetricsRes']) {
  for (const metrics of [undefined, null, 1, '[]', ['{}'], [null], {}]) cluster.emit('message', {}, { type, metrics, requestId: -3 });
}
console.log('ended');`,
  );
  assert.equal(shown, 'ended');
});

test('the main thread shows all threads, and keeps the counts of ended ones', async (t) => {
  const shown = await runProgram(
    t,
    `import { once } from 'node:events';
import { join } from 'node:path';
import { mock } from 'node:test';
import { Worker } from 'node:worker_threads';
import { zeroprom } from './test/compat/prometheus-io-client/libraries.js';
${SAMPLES}
const registry = new zeroprom.WorkerRegistry();
const show = async () => console.log(samples(await registry.workerMetrics()) || 'empty', zeroprom.WorkerRegistry.workerCount());
await show();
const start = (workerData) => new Worker(join(process.cwd(), 'test/compat/prometheus-io-client/thread.js'), { workerData, execArgv: [] });
const threads = [start(10), start(1)];
await Promise.all(threads.map((thread) => once(thread, 'message')));
while (zeroprom.WorkerRegistry.workerCount() < 2) await new Promise((resolve) => setImmediate(resolve));
await show();
threads[0].postMessage('shutdown');
await once(threads[0], 'exit');
await show();
threads.push(start(100));
await once(threads[2], 'message');
while (zeroprom.WorkerRegistry.workerCount() < 2) await new Promise((resolve) => setImmediate(resolve));
await show();
await threads[1].terminate();
mock.timers.enable({ apis: ['setTimeout'] });
const answers = new BroadcastChannel('@prometheus-io/client:worker:' + threads[2].threadId);
const answered = new Promise((resolve) => { answers.onmessage = resolve; });
const asked = show();
await answered;
// The channel of the registry may get the answer later than this one, and timers are mocked.
for (const end = performance.now() + 300; performance.now() < end; ) await new Promise((resolve) => setImmediate(resolve));
answers.close();
mock.timers.tick(5000);
await asked;
await show();
threads[2].postMessage('shutdown');
await once(threads[2], 'exit');`,
  );
  assert.deepEqual(shown.split('\n'), [
    'empty 0',
    'c_total 11 2',
    'c_total 11 1',
    'c_total 111 2',
    'c_total 111 2',
    'c_total 111 2',
  ]);
});
