import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Registry } from '../../../src/index.ts';
import type { DirectCollector } from '../../../src/model/collector.ts';
import { Gathering, type WorkerChoice } from '../../../src/registry/gathering.ts';
import { membersApart } from '../../../src/workers/merge/members-apart.ts';

const counter = (name: string, labels: Readonly<Record<string, string>>, value: number) => {
  const metric = new Counter({ name, help: 'Help.', labelNames: Object.keys(labels), registry: null });
  metric.inc(labels, value);
  return metric;
};

/** Returns the lines of the choice without comments, and the failures. */
async function apart(choice: WorkerChoice, workers: readonly (readonly object[])[]) {
  const members = workers.map((metrics, worker) => {
    // Metrics are collectors; their declarations hide it.
    return { worker, isUp: true, age: 0, metrics: metrics as readonly DirectCollector[] };
  });
  const { metrics, failures } = membersApart(members, choice, 'worker');
  const gatherer = { gather: async () => new Gathering(metrics, []) };
  const lines = (await Registry.merge(gatherer).expose()).split('\n').filter((line) => /^[^#]/.test(line));
  return { lines, failures: failures.map(({ collector, error }) => `${collector}: ${error.message}`) };
}

test('one worker has its own series without a label', async () => {
  const workers = [[counter('a_total', { x: '1' }, 3)], [counter('a_total', { x: '1' }, 4)]];
  assert.deepEqual(await apart(1, workers), { lines: ['a_total{x="1"} 4'], failures: [] });
  assert.deepEqual(await apart(7, workers), { lines: [], failures: [] });
});

test('each worker has its series with a label, also those that another one lacks', async () => {
  const workers = [
    [counter('a_total', { x: '1' }, 3)],
    [counter('a_total', { x: '1' }, 4), counter('b_total', { x: '2' }, 5)],
  ];
  const { lines, failures } = await apart('each', workers);
  assert.deepEqual(lines, [
    'a_total{worker="0",x="1"} 3',
    'a_total{worker="1",x="1"} 4',
    'b_total{worker="1",x="2"} 5',
  ]);
  assert.deepEqual(failures, []);
});

test('a family that has the label already gets another one', async () => {
  const { lines, failures } = await apart('each', [[counter('a_total', { worker: 'w' }, 3)], []]);
  assert.deepEqual(lines, ['a_total{from_worker="0",worker="w"} 3']);
  assert.deepEqual(failures, []);
});

test('a family that a worker has with another type is left out and reported', async () => {
  const gauge = new Gauge({ name: 'a_total', help: 'Help.', registry: null });
  const { lines, failures } = await apart('each', [[counter('a_total', { x: '1' }, 3)], [gauge]]);
  assert.deepEqual(lines, ['a_total{worker="0",x="1"} 3']);
  assert.deepEqual(failures, ['a_total: Another worker has it with another type.']);
});
