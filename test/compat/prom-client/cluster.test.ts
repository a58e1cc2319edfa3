import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { runProgram } from '../../program.ts';

/** Runs code in a separate primary process, and returns its output. */
async function primary(t: TestContext, code: string): Promise<string[]> {
  const source = `import cluster from 'node:cluster';
import { once } from 'node:events';
import { mock } from 'node:test';
import { end, promClient, samples, startWorkers, tell, zeroprom } from './test/compat/prom-client/cluster-primary.js';
let registry = new zeroprom.AggregatorRegistry();
const show = async () => console.log(samples(await registry.clusterMetrics()));
${code}
end();`;
  return (await runProgram(t, source)).split('\n');
}

test('the aggregated metrics of all workers are exposed', async (t) => {
  const shown = await primary(
    t,
    `new zeroprom.Counter({ name: 'c_total', help: 'H' }).inc(1000);
await startWorkers({ AMOUNT: '1', GAUGE: '3' }, { AMOUNT: '10', GAUGE: '7' });
await show();`,
  );
  const histogram = 'h_bucket{le="1"} 1 h_bucket{le="+Inf"} 2 h_sum 11 h_count 2';
  assert.deepEqual(shown, [`c_total{a="x"} 11 ${histogram} g 7`]);
});

test('without workers the text is empty', async (t) => {
  assert.deepEqual(await primary(t, 'console.log(JSON.stringify(await registry.clusterMetrics()));'), ['""']);
});

test('NaN and infinities arrive as they are', async (t) => {
  const shown = await primary(
    t,
    `await startWorkers({ AMOUNT: '1', GAUGE: 'Infinity' }, { AMOUNT: '1', GAUGE: '7' });
await show();
await startWorkers({ AMOUNT: '1', GAUGE: 'NaN' });
await show();`,
  );
  assert.deepEqual(
    shown.map((line) => line.split(' ').at(-1)),
    ['+Inf', 'Nan'],
  );
});

test('the counts of a worker that has ended are kept', async (t) => {
  const shown = await primary(
    t,
    `const [first, second] = await startWorkers({ AMOUNT: '1', GAUGE: '9' }, { AMOUNT: '10', GAUGE: '7' });
await show();
first.process.kill('SIGKILL');
await once(first, 'exit');
await show();
await tell(second, { add: 5 });
await show();
second.process.kill('SIGKILL');
await once(second, 'exit');
await show();
await startWorkers({ AMOUNT: '100' });
await show();`,
  );
  const counts = shown.map((line) => [line.match(/c_total\{a="x"\} (\d+)/)?.[1], line.match(/h_count (\d+)/)?.[1]]);
  assert.deepEqual(counts, [
    ['11', '2'],
    ['11', '2'],
    ['16', '2'],
    ['16', '2'],
    ['116', '3'],
  ]);
  assert.deepEqual(
    shown.map((line) => line.match(/ g (\d+)/)?.[1]),
    ['9', '7', '7', undefined, '0'],
  );
});

test('a worker that is killed during a scrape counts with its last response', async (t) => {
  const shown = await primary(
    t,
    `const [first] = await startWorkers({ AMOUNT: '1' }, { AMOUNT: '10' });
await show();
first.process.kill('SIGSTOP');
const asked = show();
first.process.kill('SIGKILL');
await asked;
await show();`,
  );
  for (const line of shown) assert.match(line, /^c_total\{a="x"\} 11 /);
});

test('a worker that does not answer is left out, and the scrape fails if none answers', async (t) => {
  const shown = await primary(
    t,
    `const [first, second] = await startWorkers({ AMOUNT: '1' }, { AMOUNT: '10' });
first.process.kill('SIGSTOP');
mock.timers.enable({ apis: ['setTimeout'] });
const answered = once(cluster, 'message');
const asked = show();
await answered;
mock.timers.tick(5000);
await asked;
second.process.kill('SIGSTOP');
const none = registry.clusterMetrics();
mock.timers.tick(5000);
await none.catch((error) => console.log(String(error)));`,
  );
  assert.match(shown[0] ?? '', /^c_total\{a="x"\} 10 /);
  assert.equal(shown[1], 'Error: Operation timed out.');
});

test('a late worker counts with its last response, and the next scrape does not wait for it', async (t) => {
  const shown = await primary(
    t,
    `const [first, second] = await startWorkers({ AMOUNT: '1', GAUGE: '9' }, { AMOUNT: '10', GAUGE: '7' });
await show();
first.process.kill('SIGSTOP');
mock.timers.enable({ apis: ['setTimeout'] });
const answered = once(cluster, 'message');
const asked = show();
await answered;
mock.timers.tick(5000);
await asked;
await tell(second, { add: 5 });
await show();
first.process.kill('SIGCONT');
await once(first, 'message');
await show();`,
  );
  const counts = shown.map((line) => [line.match(/c_total\{a="x"\} (\d+)/)?.[1], line.match(/ g (\d+)/)?.[1]]);
  assert.deepEqual(counts, [
    ['11', '9'],
    ['11', '7'],
    ['16', '7'],
    ['16', '9'],
  ]);
});

test('a late answer has no effect', async (t) => {
  const shown = await primary(
    t,
    `const [first] = await startWorkers({ AMOUNT: '1' });
first.process.kill('SIGSTOP');
mock.timers.enable({ apis: ['setTimeout'] });
const asked = registry.clusterMetrics();
mock.timers.tick(5000);
await asked.catch((error) => console.log(String(error)));
first.process.kill('SIGCONT');
await once(first, 'message');
await show();`,
  );
  assert.equal(shown[0], 'Error: Operation timed out.');
  assert.match(shown[1] ?? '', /^c_total\{a="x"\} 1 /);
});

test('the error of a worker is the error of the scrape', async (t) => {
  const shown = await primary(
    t,
    `const [first] = await startWorkers({ AMOUNT: '1' });
await tell(first, { fail: true });
await registry.clusterMetrics().catch((error) => console.log(String(error)));`,
  );
  assert.deepEqual(shown, ['Error: The gauge failed.']);
});

test('a label value that cannot be sent is an error of the scrape, and the worker continues', async (t) => {
  const shown = await primary(
    t,
    `const [first] = await startWorkers({ AMOUNT: '1' });
await tell(first, { big: true });
await registry.clusterMetrics().catch((error) => console.log(String(error)));
console.log(first.isDead());`,
  );
  assert.match(shown[0] ?? '', /^Error: .*serialize a BigInt/);
  assert.equal(shown[1], 'false');
});

test('workers and primaries of prom-client understand each other and ours', async (t) => {
  const shown = await primary(
    t,
    `await startWorkers({ AMOUNT: '1', LIBRARY: 'prom-client' }, { AMOUNT: '10' });
await show();
registry = new promClient.AggregatorRegistry();
await show();`,
  );
  assert.match(shown[0] ?? '', /^c_total\{a="x"\} 11 /);
  assert.match(shown[1] ?? '', /^c_total\{a="x"\} 11 /);
});

test('importing adds no listeners, and a registry adds them once', async (t) => {
  const shown = await runProgram(
    t,
    `import cluster from 'node:cluster';
import client from './src/compat/prom-client/index.js';
const count = () => [cluster.listenerCount('message'), process.listenerCount('message')].join();
const before = count();
new client.AggregatorRegistry();
new client.AggregatorRegistry();
console.log(before, count());`,
  );
  assert.equal(shown, '0,0 1,0');
});
