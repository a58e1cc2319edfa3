/**
 * The cost of updates and of new series of a registry that a scrape thread reads, as a ratio to the cost without one:
 * `npm run build && npx tsx bench/sharing.ts [--rounds=15]`. Rounds alternate, and each ratio is the median.
 */
import { parseArgs } from 'node:util';
import { zeroprom } from './built.ts';
import { builtUrl } from './checkout.ts';
import { median } from './compare.ts';

const { startScrapeThread }: typeof import('../src/workers/index.ts') = await import(builtUrl('zeroprom/workers'));
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });

const UPDATES = 2_000_000;
const SERIES = 20_000;
const QUEUES = Array.from({ length: SERIES }, (_, index) => `queue ${index}`);

type Registry = InstanceType<typeof zeroprom.Registry>;

/** Returns the work to time. */
const cases: Readonly<Record<string, (registry: Registry, round: number) => () => void>> = {
  'child.inc()': (registry) => {
    const options = { name: 'jobs_total', help: 'Jobs.', labelNames: ['queue'], registry } as const;
    const child = registry.getOrCreate(zeroprom.Counter<readonly ['queue']>, options).labels('mail');
    return () => {
      for (let update = 0; update < UPDATES; update++) child.inc();
    };
  },
  'child.observe()': (registry) => {
    const options = { name: 'size', help: 'Sizes.', labelNames: ['queue'], registry } as const;
    const child = registry.getOrCreate(zeroprom.Histogram<readonly ['queue']>, options).labels('mail');
    return () => {
      for (let update = 0; update < UPDATES; update++) child.observe(update & 7);
    };
  },
  'new series': (registry, round) => {
    const options = { labelNames: ['queue'], maxSeries: Infinity, registry } as const;
    const counter = new zeroprom.Counter({ name: `new_${round}_total`, help: 'New.', ...options });
    return () => {
      for (const queue of QUEUES) counter.inc({ queue });
      registry.unregister(counter);
    };
  },
};

const plain = new zeroprom.Registry();
const shared = new zeroprom.Registry();
const thread = await startScrapeThread({ listen: '127.0.0.1:0', registry: shared });
for (const [name, prepare] of Object.entries(cases)) {
  const ratios: number[] = [];
  for (let round = -3; round < Number(values.rounds); round++) {
    const times = [plain, shared].map((registry) => {
      const work = prepare(registry, round + 3);
      const began = performance.now(); // The CPU time of the process would have that of the thread.
      work();
      return performance.now() - began;
    });
    await new Promise((resolve) => setTimeout(resolve, 20)); // Messages to the thread are received.
    if (round >= 0) ratios.push((times[1] ?? 0) / (times[0] ?? 1));
  }
  console.log(`${name.padEnd(16)} ${median(ratios).toFixed(2)} times the cost with sharing`);
}
await thread.stop();
