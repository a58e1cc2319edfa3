/** Different formats of the same registry do not differ. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering, type Format, formats } from '../../../src/exposition/index.ts';
import type { MetricFamily } from '../../../src/model/family.ts';
import { gatheringOf } from '../../exposition/families.ts';
import { folderOf, zeroprom } from '../zeroprom.ts';

const classic = { upperBounds: [-1, 1], bucketCounts: [1, 2, 3], count: 6, sum: -4 };
const native = {
  schema: 0,
  zeroThreshold: 0.25,
  zeroCount: 1,
  positive: { indexes: [1, 2], counts: [3, 1] },
  negative: { indexes: [], counts: [] },
};
const exemplar = { labels: { trace_id: 'x' }, value: 1, timestamp: 1 };

const FAMILIES: readonly MetricFamily[] = [
  { name: 'a_total', help: 'A.', type: 'counter', points: [{ value: 1e300, exemplar, startTimestamp: 1 }, { labels: { b: 'c' }, value: 0.1 }] }, // biome-ignore format: one line
  { name: 'misnamed', help: 'A counter without suffix.', type: 'counter', points: [{ value: 2 }] },
  { name: 'big_total', help: 'More than a double counts.', type: 'counter', points: [{ value: 2 ** 60 }] },
  { name: 'temperature_celsius', help: 'G.', type: 'gauge', unit: 'celsius', points: [{ value: -0 }, { labels: { a: '' }, value: Number.NaN }] }, // biome-ignore format: one line
  { name: 'infinite', help: 'G.', type: 'gauge', points: [{ value: Number.NEGATIVE_INFINITY, timestamp: 1.5 }] },
  { name: 'sizes', help: 'H.', type: 'histogram', points: [{ value: { ...classic, upperBounds: [1, 2], sum: 4 } }] },
  { name: 'negative_sizes', help: 'H.', type: 'histogram', points: [{ value: classic }] },
  { name: 'lost_sizes', help: 'H.', type: 'histogram', points: [{ value: { ...classic, sum: Number.NaN } }] },
  { name: 'native_sizes', help: 'N.', type: 'histogram', points: [{ value: { upperBounds: [], bucketCounts: [5], count: 5, sum: 9, native } }] }, // biome-ignore format: one line
  { name: 'both_sizes', help: 'B.', type: 'histogram', points: [{ value: { upperBounds: [2], bucketCounts: [4, 1], count: 5, sum: 9, native } }] }, // biome-ignore format: one line
  {
    name: 'current_sizes',
    help: 'G.',
    type: 'gaugehistogram',
    points: [{ value: { ...classic, upperBounds: [1, 2], sum: 4 } }],
  },
  { name: 'took_seconds', help: 'S.', type: 'summary', points: [{ value: { count: 2, sum: 1, quantiles: [{ quantile: 0.5, value: 1 }, { quantile: 1, value: Number.NaN }] } }] }, // biome-ignore format: one line
  {
    name: 'moved',
    help: 'S.',
    type: 'summary',
    points: [{ value: { count: 2, sum: 1, quantiles: [{ quantile: 0.5, value: -1 }] } }],
  },
  { name: 'build_info', help: 'I.', type: 'info', points: [{ labels: { version: '1' }, value: 1 }] },
  { name: 'about', help: 'An info without suffix.', type: 'info', points: [{ labels: { version: '1' }, value: 1 }] },
  { name: 'state', help: 'S.', type: 'stateset', points: [{ labels: { a: 'b' }, value: { states: ['on', 'off'], enabled: [true, false] } }] }, // biome-ignore format: one line
  { name: 'unknown', help: 'U.', type: 'unknown', points: [{ value: 1 }] },
  { name: 'empty', help: 'No series.', type: 'gauge', points: [] },
];

const DOTTED: MetricFamily = {
  name: 'dotted.name',
  help: 'D.',
  type: 'gauge',
  points: [{ labels: { 'dotted.label': '1' }, value: 1 }],
};

function documentsOf(families: readonly MetricFamily[]): [name: string, document: Buffer][] {
  return formats.map((format: Format, index) => {
    const escaping = format.contentType.includes('0.0.4') ? 'underscores' : 'allow-utf-8';
    return [`${index}`, encodeGathering(gatheringOf(families), format, { escaping })];
  });
}

async function withSnapshot(t: Parameters<typeof folderOf>[0], families: readonly MetricFamily[]) {
  const documents = documentsOf(families);
  const path = folderOf(t, Object.fromEntries(documents));
  return { path, names: documents.map(([name]) => name) };
}

test('any two formats of the same registry do not differ', async (t) => {
  const { path, names } = await withSnapshot(t, FAMILIES);
  for (const one of names) {
    for (const other of names) {
      const { code, stdout } = await zeroprom(['diff', path(one), path(other)]);
      assert.deepEqual(
        [code, stdout],
        [0, ''],
        `${formats[Number(one)]?.contentType} and ${formats[Number(other)]?.contentType}`,
      );
    }
  }
});

test('data that both formats can represent is compared', async (t) => {
  const changed = FAMILIES.map((family) => {
    return family.name === 'a_total' ? { ...family, points: [{ value: 7 }] } : family;
  }) as MetricFamily[];
  const [before, after] = [await withSnapshot(t, FAMILIES), await withSnapshot(t, changed)];
  for (const one of before.names) {
    for (const other of after.names) {
      const { code, stdout } = await zeroprom(['diff', before.path(one), after.path(other)]);
      assert.deepEqual(
        [code, stdout],
        [1, '~ value a_total: 1e+300 -> 7\n- series a_total{b="c"} 0.1\n1 value, 1 series differ.\n'],
      );
    }
  }
});

test('a name that text 0.0.4 escapes is equal in other formats, but different in text', async (t) => {
  const { path } = await withSnapshot(t, [DOTTED]);
  const codes = await Promise.all(formats.map(async (_, index) => (await zeroprom(['diff', path('0'), path(`${index}`)])).code)); // biome-ignore format: one line
  assert.deepEqual(codes, [0, 1, 0, 0, 0, 0]);
});
