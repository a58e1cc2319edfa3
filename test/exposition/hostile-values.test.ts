/** Values of any size are encoded in linear time. */
import { test } from 'node:test';
import { encodeGathering } from '../../src/exposition/encode.ts';
import { formats } from '../../src/exposition/formats.ts';
import { snapshotOf } from '../../src/exposition/snapshot/snapshot.ts';
import type { MetricFamily } from '../../src/model/family.ts';
import { assertCpuTime } from '../cpu-time.ts';
import { sized } from '../long.ts';
import { gatheringOf } from './families.ts';

/** Linear time is half a second for the larger number, quadratic time at least fifteen. */
const COUNT = sized(20_000, 40_000);
const LIMIT_MS = sized(2_500, 5_000);

const range = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const bounds = range(COUNT, (index) => index);
const ones = range(COUNT, () => 1);
const histogram = { upperBounds: [], bucketCounts: [COUNT], count: COUNT, sum: 1 };

const shapes: Readonly<Record<string, () => MetricFamily | MetricFamily[]>> = {
  states: () => ({
    name: 's',
    help: '',
    type: 'stateset',
    points: [{ labels: {}, value: { states: range(COUNT, String), enabled: range(COUNT, () => true) } }],
  }),
  labels: () => gauge(Object.fromEntries(range(COUNT, (index) => [`l${index}`, '']))),
  'labels with UTF-8 names': () => gauge(Object.fromEntries(range(COUNT, (index) => [`l.${index}`, 'x']))),
  quantiles: () => ({
    name: 's',
    help: '',
    type: 'summary',
    points: [
      { labels: {}, value: { count: 1, sum: 1, quantiles: bounds.map((i) => ({ quantile: i / COUNT, value: 1 })) } },
    ],
  }),
  'buckets with exemplars': () => ({
    name: 'h',
    help: '',
    type: 'histogram',
    points: [
      {
        labels: {},
        value: {
          upperBounds: bounds,
          bucketCounts: [1, ...ones],
          count: COUNT + 1,
          sum: 1,
          exemplars: range(COUNT + 1, (index) => ({ labels: { trace_id: 'x' }, value: index - 0.5 })),
        },
      },
    ],
  }),
  'native buckets in spans of their own': () => ({
    name: 'h',
    help: '',
    type: 'histogram',
    points: [
      {
        labels: {},
        value: {
          ...histogram,
          native: {
            schema: 0,
            zeroThreshold: 0,
            zeroCount: 0,
            positive: { indexes: bounds.map((index) => 3 * index), counts: ones },
            negative: { indexes: [], counts: [] },
          },
        },
      },
    ],
  }),
  families: () => range(COUNT, (index) => ({ ...gauge({}), name: `g${index}` })),
  'series with label names of their own': () => ({
    name: 'g',
    help: '',
    type: 'gauge',
    points: range(COUNT, (index) => ({ labels: { [`l${index}`]: 'x' }, value: 1 })),
  }),
};

for (const [what, make] of Object.entries(shapes)) {
  test(`${COUNT} ${what} are encoded in linear time`, () => {
    const gathering = gatheringOf([make()].flat());
    assertCpuTime(LIMIT_MS, () => {
      for (const format of formats) {
        encodeGathering(gathering, format, { escaping: 'allow-utf-8' });
        encodeGathering(gathering, format, { escaping: 'underscores' });
      }
      snapshotOf(gathering);
    });
  });
}

function gauge(labels: Readonly<Record<string, string>>): MetricFamily {
  return { name: 'g', help: '', type: 'gauge', points: [{ labels, value: 1 }] };
}
