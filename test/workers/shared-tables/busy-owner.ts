/** A thread that changes metrics at random, in a loop without pauses, while another thread reads their tables. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Counter } from '../../../src/metrics/counter.ts';
import { Gauge } from '../../../src/metrics/gauge.ts';
import { Histogram } from '../../../src/metrics/histogram.ts';
import { Registry } from '../../../src/registry/registry.ts';
import { publishRegistries } from '../../../src/workers/shared-tables/registry-link.ts';

const { port, seed, milliseconds } = workerData as {
  readonly port: MessagePort;
  readonly seed: number;
  readonly milliseconds: number;
};
const registry = new Registry();
const common = { help: 'Numbers that belong to their labels.', labelNames: ['id', 'twin'], registry } as const;
const counter = new Counter({ name: 'counter_total', ...common });
const gauge = new Gauge({ name: 'gauge', ...common });
const replaced = new Gauge({ name: 'replaced', ...common });
const histogram = new Histogram({ name: 'histogram', buckets: [10, 100, 1000], ...common });

const { status } = publishRegistries(registry, port);
parentPort?.postMessage(status);

let state = seed;
const random = (below: number) => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
  return (state >>> 8) % below;
};
const labelsOf = (id: number) => ({ id: `id ${id}`, twin: `"ü\n${id}` });

const end = performance.now() + milliseconds;
while (performance.now() < end) {
  const id = 1 + random(2000);
  const labels = labelsOf(id);
  const burst = random(100) === 0 ? 300 : 1;
  switch (random(8)) {
    case 0:
    case 1:
      for (let more = 0; more < burst; more++) counter.inc(labelsOf(id + more), id + more);
      break;
    case 2:
    case 3:
      gauge.set(labels, id * 1000 + random(1000));
      break;
    case 4:
      histogram.observe(labels, id);
      break;
    case 5:
      for (let more = 0; more < burst; more++)
        for (const metric of [counter, gauge, histogram]) metric.remove(labelsOf(id + more));
      break;
    case 6:
      if (random(500) === 0) for (const metric of [counter, gauge, histogram]) metric.clear();
      break;
    case 7:
      // Its values always have a sum of 100.
      if (random(20) === 0)
        replaced.replace(Array.from({ length: 100 }, (_, more) => [labelsOf(id + more), 1] as const));
  }
}
registry.clear();
parentPort?.postMessage('done');
