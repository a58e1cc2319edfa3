import { combinationsOf } from './label-values.ts';
import type { Client, Labels, Library } from './library.ts';
import type { Case, Question } from './question.ts';

const UPPER_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Update = (labels: Labels) => void;
type Make = (client: Client, labelNames: readonly string[]) => Update | undefined;

const options = { name: 'm_total', help: 'Help.' };

/** Memory per series after an update and a scrape. Label values belong to the application and are not counted. */
function bytes(name: string, count: number, make: Make): Case {
  return {
    name,
    async measure(library) {
      const all = combinationsOf(3, count);
      // Excludes one-time allocations, such as compiled code.
      if ((await fill(library, all.slice(0, 100), make)) === undefined) return undefined;
      const before = used();
      const kept = await fill(library, all, make);
      const figures = { bytes: (used() - before) / count };
      if (kept === undefined) throw new Error('The registry is still needed here.');
      return { figures };
    },
  };
}

async function fill(library: Library, all: readonly Labels[], make: Make): Promise<Client | undefined> {
  const client = await library.open('text');
  const update = client && make(client, Object.keys(all[0] ?? {}));
  if (update === undefined) return undefined;
  for (const labels of all) update(labels);
  await client?.expose?.();
  return client;
}

function used(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export default {
  title: 'Memory per series with three labels, after an update and a scrape',
  cases: [
    bytes('a counter, 100,000 of them', 100_000, (client, labelNames) => {
      const counter = client.counter?.({ ...options, labelNames });
      return counter && ((labels) => counter.inc(labels));
    }),
    bytes('a counter whose child was used, 100,000 of them', 100_000, (client, labelNames) => {
      const counter = client.counter?.({ ...options, labelNames });
      return counter?.labels && ((labels) => counter.labels?.(labels).inc());
    }),
    bytes('a histogram with 11 buckets, 10,000 of them', 10_000, (client, labelNames) => {
      const histogram = client.histogram?.({ ...options, labelNames, upperBounds: UPPER_BOUNDS });
      return histogram && ((labels) => histogram.observe(labels, 0.3));
    }),
    bytes('a native histogram, 10,000 of them', 10_000, (client, labelNames) => {
      const histogram = client.nativeHistogram?.({ ...options, labelNames });
      return (
        histogram &&
        ((labels) => {
          for (let index = 0; index < 20; index++) histogram.observe(labels, 0.01 * 1.3 ** index);
        })
      );
    }),
  ],
} satisfies Question;
