/**
 * The cost of a scrape of several processes: zeroprom's `collectWorkers()` against prom-client's `AggregatorRegistry`, in
 * alternating rounds of one run. `npm run bench:processes -- [WORKERS ...] [--series=1000] [--rounds=20]`. Each worker has
 * the same counters in both libraries, and a tenth of them change before each scrape. The figures of both include the cost of the
 * measurement, which asks each worker for its CPU time.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { AggregatorRegistry, Counter as PromCounter } from 'prom-client';
import { zeroprom } from './built.ts';
import { builtUrl } from './checkout.ts';

const { joinWorkers, collectWorkers }: typeof import('../src/workers/index.ts') = await import(
  builtUrl('zeroprom/workers')
);

const WARM_UP = 50;
const LABELS = ['method', 'route'] as const;

type Scrape = () => Promise<string>;

interface Cost {
  readonly milliseconds: number;
  /** CPU time of all processes in milliseconds. */
  readonly cpu: number;
  /** The part of it in the scraped process. */
  readonly own: number;
  /** Longest time for which the event loop of the scraped process was blocked, in milliseconds. */
  readonly block: number;
}

if (cluster.isPrimary) await compareAll();
else await work(Number(process.env.SERIES));

async function compareAll(): Promise<void> {
  const options = { series: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '20' } } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  for (const count of positionals.length > 0 ? positionals : ['1', '8', '32']) {
    const workers = Array.from({ length: Number(count) }, () => cluster.fork({ SERIES: values.series }));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const workersGatherer = collectWorkers();
    const zero: Scrape = () => zeroprom.Registry.merge(workersGatherer).expose();
    const aggregator = new AggregatorRegistry();
    const prom: Scrape = () => aggregator.clusterMetrics();
    const scrapes = { zeroprom: zero, 'prom-client': prom, 'the measurement': async () => '' };
    const costs = { zeroprom: [] as Cost[], 'prom-client': [] as Cost[], 'the measurement': [] as Cost[] };
    for (let round = -WARM_UP; round < Number(values.rounds); round++) {
      for (const library of ['zeroprom', 'prom-client', 'the measurement'] as const) {
        const cost = await measured(workers, scrapes[library]);
        if (round >= 0) costs[library].push(cost);
      }
    }
    report(`${count} workers of ${values.series} series`, costs);
    cluster.disconnect();
    await Promise.all(workers.map((worker) => once(worker, 'exit')));
  }
}

async function work(series: number): Promise<void> {
  const name = { name: 'requests_total', help: 'Requests.', labelNames: LABELS };
  const counters = [new zeroprom.Counter(name), new PromCounter({ ...name, labelNames: [...LABELS] })];
  const update = (every: number) => {
    for (let index = 0; index < series; index += every) {
      const labels = { method: index % 2 === 0 ? 'GET' : 'POST', route: `/route/${index >> 1}` };
      for (const counter of counters) counter.inc(labels);
    }
  };
  update(1);
  new AggregatorRegistry(); // Listens to the primary process.
  await joinWorkers({ saveInterval: '1h' });
  process.on('message', (message) => {
    if (message === 'update') update(10);
    if (message === 'update' || message === 'cpu') process.send?.({ cpu: cpuOf(process.cpuUsage()) });
  });
  process.send?.('ready');
}

async function measured(workers: readonly Worker[], scrape: Scrape): Promise<Cost> {
  const before = sum(await Promise.all(workers.map((worker) => askCpu(worker, 'update'))));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const own = process.cpuUsage();
  const began = performance.now();
  await scrape();
  const milliseconds = performance.now() - began;
  const ownCpu = cpuOf(process.cpuUsage(own));
  delay.disable();
  const after = sum(await Promise.all(workers.map((worker) => askCpu(worker, 'cpu'))));
  return { milliseconds, cpu: after - before + ownCpu, own: ownCpu, block: delay.max / 1e6 };
}

async function askCpu(worker: Worker, message: string): Promise<number> {
  const answer = new Promise<number>((resolve) => {
    const onMessage = ({ cpu }: { readonly cpu?: number }) => {
      if (cpu === undefined) return; // A message of prom-client.
      worker.off('message', onMessage);
      resolve(cpu);
    };
    worker.on('message', onMessage);
  });
  worker.send(message);
  return answer;
}

function report(title: string, costs: Readonly<Record<string, readonly Cost[]>>): void {
  console.log(title);
  for (const [library, found] of Object.entries(costs)) {
    const median = (key: keyof Cost) => found.map((cost) => cost[key]).sort((a, b) => a - b)[found.length >> 1] ?? 0;
    const figures = (['milliseconds', 'cpu', 'own', 'block'] as const).map(
      (key) => `${median(key).toFixed(1)} ms ${key}`,
    );
    console.log(`  ${library.padEnd(15)} ${figures.join(', ')}`);
  }
}

function cpuOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
