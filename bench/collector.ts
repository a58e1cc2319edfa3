/**
 * Measures the gathering of a collector with many points: the time of the work, which runs in turns of the event loop, and the longest
 * of these turns. `npm run build && npx tsx bench/collector.ts [--points=90000] [--rounds=15] [--library=FILE]`. Each gathering gets
 * points that were just made, as those of most collectors are; making them is not measured.
 */
import { parseArgs } from 'node:util';
import type { MetricFamily } from '../src/index.ts';
import { builtUrl } from './checkout.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '90000' },
    rounds: { type: 'string', default: '15' },
    library: { type: 'string', default: builtUrl('zeroprom') },
  },
});
const count = Number(values.points);
const { Registry }: typeof import('../src/index.ts') = await import(values.library);

const bound = [0.1, 0.5, 1, 5, 10];
const cases: Readonly<Record<string, () => MetricFamily>> = {
  'a value that occurs once and two others': () => gauges((index) => [`pod-${index}`, `node-${index % 100}`, 'a']),
  'values that many points have': () => gauges((index) => [index % 9, `node-${(index / 9) | 0}`, `${index % 100}`]),
  'histograms, a tenth of them': () => ({
    name: 'h',
    help: '',
    type: 'histogram',
    points: Array.from({ length: count / 10 }, (_, index) => ({
      labels: { pod: `pod-${index}`, node: `node-${index % 100}` },
      value: { upperBounds: bound, bucketCounts: [1, 2, 3, 4, 5, 6], count: 21, sum: index },
    })),
  }),
};

function gauges(labelsOf: (index: number) => readonly [string | number, string, string]): MetricFamily {
  const points = Array.from({ length: count }, (_, index) => {
    const [pod, node, zone] = labelsOf(index);
    return { labels: { pod, node, zone }, value: index };
  });
  return { name: 'g', help: '', type: 'gauge', points };
}

for (const [name, make] of Object.entries(cases)) {
  const results = [];
  for (let round = 0; round < Number(values.rounds) + 3; round++) results.push(await gathering(make()));
  const measured = results.slice(3);
  console.log(
    `${name}: ${median(measured.map(({ took }) => took)).toFixed(1)} ms, min ${Math.min(...measured.map(({ took }) => took)).toFixed(1)}, longest turn ${median(measured.map(({ longest }) => longest)).toFixed(1)} ms`,
  );
}

/** Gathers the family while a chain of immediates looks at the clock. */
async function gathering(family: MetricFamily): Promise<{ took: number; longest: number }> {
  const registry = new Registry({ selfMetrics: false });
  registry.register({ name: 'c', collect: () => [family] });
  let longest = 0;
  let last = performance.now();
  let isOver = false;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const began = performance.now();
  const { failures } = await registry.gather();
  const took = performance.now() - began;
  isOver = true;
  if (failures.length > 0) throw failures[0]?.error;
  return { took, longest };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
