/** Families of any size are checked in linear time. */
import { test } from 'node:test';
import { lint } from '../../src/lint/index.ts';
import type { MetricFamily } from '../../src/model/family.ts';
import { assertCpuTime } from '../cpu-time.ts';
import { sized } from '../long.ts';

const COUNT = sized(15_000, 30_000);
/** Quadratic algorithms take twenty seconds for the larger number. */
const LIMIT_MS = sized(2_500, 6_000);

function range<T>(make: (index: number) => T): T[] {
  return Array.from({ length: COUNT }, (_, index) => make(index));
}

function gauge(name: string, points: readonly { readonly labels: Readonly<Record<string, string>> }[]): MetricFamily {
  return { name, help: 'Help.', type: 'gauge', points: points.map(({ labels }) => ({ labels, value: 1 })) };
}

const ownLabels = range((index) => ({ labels: { [`l${index}`]: 'x' } }));
const shapes: Readonly<Record<string, () => MetricFamily[]>> = {
  'series with label names of their own': () => [gauge('g', ownLabels)],
  'label names that are constant in all families': () =>
    ['a', 'b', 'c', 'd', 'e'].map((name) => gauge(name, ownLabels)),
  'series with values of their own': () => [
    gauge(
      'g',
      range((index) => ({ labels: { l: String(index) } })),
    ),
  ],
  'equal series': () => [
    gauge(
      'g',
      range(() => ({ labels: { l: 'x' } })),
    ),
  ],
  'labels of one series': () => [
    gauge('g', [{ labels: Object.fromEntries(range((index) => [`aB${index}`, 'total'])) }]),
  ],
  'labels beside a name of as many words': () => [
    gauge('x_by_y_y_y_y_y_y_y_y_y_y_y_y'.repeat(COUNT), [
      { labels: Object.fromEntries(range((index) => [`y_y_y_y_y_y_y_y_y_y_y_y_${index}`, 'x'])) },
    ]),
  ],
  families: () => range((index) => gauge(`g${index}`, [{ labels: { type: 'x' } }])),
  'families of one name': () => range(() => gauge('g', [{ labels: { type: 'x' } }])),
};

for (const [what, make] of Object.entries(shapes)) {
  test(`${COUNT} ${what} are checked in linear time`, () => {
    const families = make();
    assertCpuTime(LIMIT_MS, () => void lint(families, { preset: 'exporter', exporterName: 'app' }));
  });
}
